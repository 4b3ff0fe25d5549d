package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/schema"
)

// misfits visits what misses the schema in the given ways.
func misfits(p *Pass, visit func(*model.Misfit), kinds ...schema.ViolationKind) {
	shape := p.Shape()
	for i := range shape {
		if belowBrokenStep(shape, &shape[i]) {
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

// subject names what a misfit is about: the key, or "item 3 of tags".
func subject(m *model.Misfit) string {
	if k := keyName(m); k != "" {
		return `"` + k + `"`
	}
	return m.Place
}

// belowBrokenStep holds for a misfit of a key in a step that is reported as a whole, since it has several keys.
func belowBrokenStep(shape []model.Misfit, m *model.Misfit) bool {
	if m.Parent == nil || m.Kind == schema.NotOneKey {
		return false
	}
	for i := range shape {
		if shape[i].Kind == schema.NotOneKey && shape[i].Value == m.Parent {
			return true
		}
	}
	return false
}
