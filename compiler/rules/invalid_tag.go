package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var invalidTag = &Rule{
	Name:     "invalid-tag",
	Severity: diag.Warning,
	Fixes:    SafeFix | UnsafeFix,
	Summary:  "a tag that is no text, or another text than it looks like",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			f := d.Field("tags")
			if !f.Set() || f.Node().Kind != yamldoc.Sequence {
				continue
			}
			for _, item := range f.Node().Items {
				if n := item.Deref(); n != nil {
					if n != item && n.Kind == yamldoc.Sequence {
						p.Report(item.Span, "%s stands for a list, not for its items: prefect makes one tag of the whole list's text; write the tags one by one", p.Model.Source.Slice(item.Span)).
							At(f.Path).In(d).Also(n.Span, "this list")
						continue
					}
					if found := checkTag(p, n); found != nil {
						found.At(f.Path).In(d)
					}
				}
			}
		}
	},
}

func checkTag(p *Pass, n *yamldoc.Node) *Finding {
	two := p.Generation() == schema.Prefect2
	switch n.Kind {
	case yamldoc.String, yamldoc.Invalid:
		return nil
	case yamldoc.Null:
		if two {
			return refusedTag(p.Report(n.Span, "a tag is empty (null), which prefect 2 refuses after the steps ran"))
		}
		return p.Report(n.Span, `a tag is empty (null): prefect 3 makes the tag "None" of it`)
	case yamldoc.Sequence:
		return p.Report(n.Span, "a tag is a list: prefect makes one tag of the whole list's text")
	case yamldoc.Mapping:
		return p.Report(n.Span, "a tag is a mapping: prefect makes one tag of its text")
	case yamldoc.Date, yamldoc.DateTime:
		if !two {
			return nil
		}
		f := refusedTag(p.Report(n.Span, "the tag %s is a date for YAML, which prefect 2 refuses: put it in quotes", n.Text))
		quotePlain(f, n)
		return f
	}
	if text := value.Str(n.Scalar); text != n.Text {
		f := p.Report(n.Span, "YAML does not read %s as text, so that the tag becomes %q: put it in quotes", n.Text, text)
		if n.Style == yamldoc.Plain {
			f.UnsafeFix("put it in quotes", Replace(n.Span, Quoted(n.Text)))
		}
		return f
	}
	return nil
}

// refusedTag makes a finding one that stops a deploy.
func refusedTag(f *Finding) *Finding {
	f.Severity, f.Blocks = diag.Error, true
	return f
}
