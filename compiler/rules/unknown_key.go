package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var unknownKey = &Rule{
	Name:     "unknown-key",
	Severity: diag.Error,
	Summary:  "a key that Prefect does not know: it is ignored, or in a schedule of Prefect 3 the whole file is",
	Run: func(p *Pass) {
		misfits(p, func(m *model.Misfit) {
			key := keyName(m)
			if d := m.Deployment; d != nil && m.Parent == d.Node && strayStep(d) && key == firstKey(d) {
				return // missing-name speaks
			}
			title := "here"
			if m.Object != nil && m.Object.Title != "" {
				title = "in " + m.Object.Title
			}
			f := p.Report(m.Span(), "unknown key %q %s%s%s", key, title, hint(m), consequence(m)).At(m.Place).In(m.Deployment)
			if m.Effect != schema.Discards && m.Effect != schema.Fails {
				f.Deploys()
			}
			if m.Nearest == "" && m.BelongsIn == "" && m.Tolerated {
				f.As(diag.Warning).Tag(diag.Unnecessary)
			}
			if m.Nearest != "" && !holds(m.Parent, m.Nearest) && m.Key.Style == yamldoc.Plain {
				f.UnsafeFix(fmt.Sprintf("rename to %q", m.Nearest), Replace(m.Key.Span, m.Nearest))
			}
			if home, ok := m.Parent.Get(m.BelongsIn); ok && m.BelongsIn != m.Nearest {
				if edits := moveInto(p.Model.Source, m.Parent, m.Key, home.Value); edits != nil {
					f.UnsafeFix(fmt.Sprintf("move it into %q", m.BelongsIn), edits...)
				}
			}
		}, schema.UnknownField)
	},
}

func hint(m *model.Misfit) string {
	switch {
	case m.BelongsIn != "" && m.BelongsIn == m.Nearest:
		return fmt.Sprintf(", did you mean %q", m.Nearest)
	case m.BelongsIn != "":
		return fmt.Sprintf(", it belongs in %s", m.BelongsIn)
	case strings.HasPrefix(keyName(m), "prefect.") || strings.HasPrefix(keyName(m), "prefect_"):
		return ", a step is an item of build, push or pull"
	case m.Nearest != "":
		return fmt.Sprintf(", did you mean %q", m.Nearest)
	case m.Object != nil:
		return carriedOver[m.Object.Name][keyName(m)]
	}
	return ""
}

// carriedOver says where to write what people expect under a key that never was one, by object.
var carriedOver = map[string]map[string]string{
	"File": {
		"env":         environment,
		"environment": environment,
		"work_queue":  `, a queue is "work_queue_name" of a work_pool`,
	},
	"Deployment": {
		"env":           environment,
		"environment":   environment,
		"flow_location": `, the file and function of the flow are the "entrypoint"`,
		"work_queue":    `, a queue is "work_queue_name" of the work_pool`,
	},
	"WorkPool": {
		"type": ", a pool gets its type when it is created",
	},
}

const environment = `, variables of a run's environment go into "env" of a work_pool's job_variables`

// holds reports whether a mapping already has a key.
func holds(n *yamldoc.Node, key string) bool {
	_, has := n.Get(key)
	return has
}
