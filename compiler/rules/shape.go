package rules

import (
	"fmt"
	"strconv"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// misfits visits what misses the schema in the given ways.
func misfits(p *Pass, visit func(*model.Misfit), kinds ...schema.ViolationKind) {
	shape := p.Shape()
	broken := brokenSteps(shape)
	for i := range shape {
		if below := broken[shape[i].Parent] && shape[i].Kind != schema.NotOneKey; below || claimed(&shape[i], p.Generation()) {
			continue
		}
		for _, k := range kinds {
			if shape[i].Kind == k {
				visit(&shape[i])
			}
		}
	}
}

// reportMisfit reports one at its place. What Prefect converts or ignores is a warning, and deployed.
func reportMisfit(p *Pass, m *model.Misfit, format string, args ...any) *Finding {
	f := p.Report(m.Span(), format, args...).At(m.Place).In(m.Deployment)
	if m.Tolerated {
		f.As(diag.Warning)
	}
	return f
}

// consequence says what Prefect does about a misfit, for the end of a message.
func consequence(m *model.Misfit) string {
	switch m.Effect {
	case schema.Discards:
		return "; prefect 3 skips the whole file over it"
	case schema.Ignores:
		return "; prefect ignores it"
	}
	return ""
}

// keyName is the last key of a misfit's path, "" for an index.
func keyName(m *model.Misfit) string {
	if n := len(m.Path); n > 0 && !m.Path[n-1].IsIndex {
		return m.Path[n-1].Key
	}
	return ""
}

// subject names what a misfit is about: the key, or "item 3 of tags". It does not name the deployment, so that a part
// shared through an alias is reported once.
func subject(m *model.Misfit) string {
	n := len(m.Path)
	switch {
	case keyName(m) != "":
		return strconv.Quote(keyName(m))
	case n > 1 && !m.Path[n-2].IsIndex:
		return fmt.Sprintf("item %d of %q", m.Path[n-1].Index+1, m.Path[n-2].Key)
	}
	return m.Place
}

// claimed holds for a misfit that a rule of its own reports, or that does no harm.
func claimed(m *model.Misfit, g schema.Generation) bool {
	field, rest := fieldOf(m)
	switch field {
	case "entrypoint":
		return m.Kind == schema.BadFormat || m.Kind == schema.BadValue
	case "tags":
		return true
	case "schedule":
		return rest == 0 && m.Kind == schema.WrongType || keyName(m) == "interval" && m.Kind != schema.Exclusive && m.Value != nil
	case "schedules":
		return keyName(m) == "interval" && m.Kind != schema.Exclusive && m.Value != nil
	case "build", "push", "pull": // Prefect 2 takes an empty mapping for no steps
		return rest == 0 && g == schema.Prefect2 && m.Value != nil && m.Value.Kind == yamldoc.Mapping && len(m.Value.Entries()) == 0
	}
	return false
}

// fieldOf is the deployment's field that a misfit is in, and how deep below it.
func fieldOf(m *model.Misfit) (field string, depth int) {
	if len(m.Path) < 3 || m.Path[0].Key != "deployments" {
		return "", 0
	}
	return m.Path[2].Key, len(m.Path) - 3
}

// brokenSteps are the steps that are reported as a whole, since they have several keys.
func brokenSteps(shape []model.Misfit) map[*yamldoc.Node]bool {
	broken := map[*yamldoc.Node]bool{}
	for i := range shape {
		if shape[i].Kind == schema.NotOneKey && shape[i].Value != nil {
			broken[shape[i].Value] = true
		}
	}
	return broken
}
