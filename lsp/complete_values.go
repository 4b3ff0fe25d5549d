package lsp

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/model/policy"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/schema"
)

// values proposes what the key before the cursor may hold.
func (c *completer) values() {
	c.allowed()
	if c.freeValues() {
		return
	}
	at, ok := locatePath(c.lang, c.generation(), elems(c.at.path))
	if !ok {
		return
	}
	if at.function != "" && at.field == nil {
		c.argumentValues(at)
		return
	}
	if at.field == nil {
		return
	}
	switch at.field.Name {
	case "timezone":
		c.words(schedule.Zones(), protocol.CompletionItemKindEnumMember)
	case "entrypoint":
		c.entrypoints()
	case schedule.KindCron:
		c.crons()
	case schedule.KindInterval:
		c.intervals()
	case schedule.KindRRule:
		c.rrules()
	case "anchor_date":
		c.anchorDates()
	case "name", "work_queue_name":
		c.poolNames(at.field.Name)
	default:
		c.words(at.values.Enum(), protocol.CompletionItemKindEnumMember)
		if c.at.quote == 0 && slices.Contains(at.field.Kinds(c.generation()), schema.KindBool) {
			c.words([]string{"true", "false"}, protocol.CompletionItemKindValue)
		}
	}
	c.aliases(at)
}

// value proposes a text, written so that YAML reads it again, in the quotes the cursor stands in.
func (c *completer) value(i completionItem, text string) {
	switch {
	case strings.ContainsAny(text, "\r\n"):
		return
	case c.at.quote == '"':
		i.text = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\t", `\t`).Replace(text)
	case c.at.quote == '\'':
		i.text = strings.ReplaceAll(text, "'", "''")
	default:
		i.text = scalar(text, "")
	}
	i.label = cmp.Or(i.label, text)
	i.text += c.closer
	c.add(i)
}

// literal proposes data that is no text: inside quotes it would be one.
func (c *completer) literal(i completionItem, text string) {
	if c.at.quote == 0 {
		i.label, i.text = cmp.Or(i.label, text), text
		c.add(i)
	}
}

// allowed proposes what the project's policies leave to the field at the cursor.
func (c *completer) allowed() {
	path := c.at.path
	if c.made.Config == nil || len(path) < 3 || path[0].key != "deployments" || !path[1].isItem() {
		return
	}
	d := c.deployment()
	if d == nil {
		return
	}
	names := make([]string, 0, len(path)-2)
	for _, s := range path[2:] {
		names = append(names, s.key) // "" for an item
	}
	for _, x := range c.made.Config.Choices(c.ctx, policy.Input{Model: c.model(), Flow: c.made.Facts.Flow}, d, names) {
		i := completionItem{detail: "allowed by " + x.Policy, kind: protocol.CompletionItemKindEnumMember}
		if text, ok := x.Value.(string); ok {
			c.value(i, text)
		} else if x.Value != nil {
			c.literal(i, fmt.Sprint(x.Value))
		}
	}
}

// deployment is the one the cursor is in, or nil.
func (c *completer) deployment() *model.Deployment {
	if path := c.at.path; len(path) > 1 && path[0].key == "deployments" && path[1].isItem() {
		for _, d := range c.model().Deployments {
			if d.Index == path[1].index {
				return d
			}
		}
	}
	return nil
}

// words proposes texts that YAML reads as they are.
func (c *completer) words(list []string, kind protocol.CompletionItemKind) {
	for _, w := range list {
		c.add(completionItem{label: w, text: w + c.closer, kind: kind})
	}
}

// texts writes values as YAML has them.
func texts(list []any) []string {
	var out []string
	for _, v := range list {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

func (c *completer) argumentValues(at place) {
	info, _ := c.lang.Steps(c.generation()).Lookup(at.function)
	if info == nil || at.depth > 0 {
		return
	}
	q := findParam(info, at.argument)
	if q == nil {
		return
	}
	c.words(texts(q.Enum), protocol.CompletionItemKindEnumMember)
	c.words(q.SpecialValues, protocol.CompletionItemKindEnumMember)
	if c.at.quote == 0 && slices.Contains(q.Types, "boolean") {
		c.words([]string{"true", "false"}, protocol.CompletionItemKindValue)
	}
	for _, slug := range q.BlockTypes {
		c.liveBlocks(slug)
		c.block(slug)
	}
}

// block proposes a reference to a block as a whole value.
func (c *completer) block(slug string) {
	name := template.BlockPrefix + slug + "."
	i := completionItem{label: "{{ " + name + "NAME }}", detail: "a block on the server", kind: protocol.CompletionItemKindReference,
		text: "{{ " + name + "NAME }}", late: true}
	if c.snap.client.snippets {
		i.text, i.snippet = "{{ "+name+"${1:NAME} }}", true
	}
	if c.at.quote == 0 {
		i.text = `"` + i.text + `"`
		if !c.at.flow {
			edit := c.rest(c.at.from)
			i.edit = &edit
		}
	}
	i.text += c.closer
	c.add(i)
}

// aliases proposes anchors whose data is of a kind that fits.
func (c *completer) aliases(at place) {
	if c.at.prefix != "" || c.at.quote != 0 {
		return
	}
	kinds := at.field.Kinds(c.generation())
	for _, a := range c.made.Doc.Anchors {
		if a.Node == nil || a.Span.End > c.off || !slices.Contains(kinds, model.Data(a.Node).Kind()) {
			continue
		}
		c.add(completionItem{label: "*" + a.Name, text: "*" + a.Name, kind: protocol.CompletionItemKindReference, late: true})
	}
}
