package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var tagsNotAList = &Rule{
	Name:     "tags-not-a-list",
	Severity: diag.Error,
	Fixes:    SafeFix | UnsafeFix,
	Summary:  "tags that are no list: of a text Prefect makes a tag of each letter",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			f := d.Field("tags")
			if !f.Set() {
				reportNullTags(p, d, f)
				continue
			}
			n := f.Node()
			if f.Value.Kind == yamldoc.Alias && f.Value.Target == nil || unreadableAt(p, n) {
				continue // unknown-alias speaks
			}
			var found *Finding
			switch n.Kind {
			case yamldoc.Sequence:
				continue
			case yamldoc.String:
				if _, whole := template.Whole(n.Text); whole || n.Text == "" {
					continue // it may give a list
				}
				found = p.Report(n.Span, `"tags" must be a list, of the text %q prefect makes a tag of each letter`, n.Text).Deploys()
				if items := listed(n); items != "" && n == f.Value && n.Anchor == nil {
					found.UnsafeFix("make it a list", Replace(n.Span, "["+items+"]"))
				}
			case yamldoc.Mapping:
				found = p.Report(n.Span, `"tags" must be a list, not a mapping`)
				if p.Generation() == schema.Prefect2 {
					found.Message += ", of which prefect 2 takes the keys"
					found.Deploys()
				} else {
					found.Message += "; prefect 3 skips the whole file over it"
				}
			default:
				found = p.Report(n.Span, `"tags" must be a list, not a %s`, nodeKind(n))
			}
			found.At(f.Path).In(d)
		}
	},
}

// reportNullTags reports "tags:" without a value: 3.8.8 ends with a TypeError, 2.20.26 takes it for no tags.
func reportNullTags(p *Pass, d *model.Deployment, f model.Field) {
	if f.Key == nil || f.Node() == nil || f.Node().Kind != yamldoc.Null || p.Generation() == schema.Prefect2 || unnamed(d) {
		return
	}
	found := p.Report(f.Key.Span, `"tags" is empty (null), over which prefect 3 crashes: write an empty list, or leave the key out`).
		At(f.Path).In(d)
	if f.Value.Span.Len() == 0 {
		found.Fix("make it an empty list", Insert(f.Value.Span.End, " []"))
	}
}

// listed writes the text of a scalar as the items of a list: a text with commas is taken for several tags. It is "" where
// that is not possible.
func listed(n *yamldoc.Node) string {
	var items []string
	for _, item := range strings.Split(n.Text, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		edit, ok := rewritten(n, item)
		if !ok || n.Style == yamldoc.Plain && edit.Text != item && !printable(item) {
			return ""
		}
		items = append(items, edit.Text)
	}
	return strings.Join(items, ", ")
}
