package lsp

import (
	"fmt"
	"slices"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// keys proposes keys of the mapping at the cursor.
func (c *completer) keys() {
	if c.at.item && !c.at.colon {
		c.values() // an item may be a plain value
	}
	if c.freeKeys() {
		return
	}
	at, ok := locatePath(c.lang, c.generation(), elems(c.at.path))
	if !ok {
		return
	}
	if at.function != "" {
		c.arguments(at)
		return
	}
	objects := at.objects()
	if len(c.at.path) == 0 {
		objects = []*schema.Object{c.lang.Object("File")}
	}
	if isStep(objects) && (at.item || len(c.at.path) > 0 && !c.at.empty) {
		c.steps("", c.at.indent)
		return
	}
	if c.at.empty {
		c.items(at, c.at.indent)
	}
	c.fields(objects, true)
	c.merges(objects)
}

// newItem proposes another item of a list.
func (c *completer) newItem() {
	if at, ok := locatePath(c.lang, c.generation(), elems(c.at.path)); ok {
		c.items(at, c.at.indent)
	}
}

// items proposes items of the list at a place, with their dash.
func (c *completer) items(at place, indent int) {
	items := itemType(at.values)
	objects := objectsOf(items)
	if items == nil || c.at.colon {
		return
	}
	if isStep(objects) {
		c.steps("- ", indent+2)
		return
	}
	for _, o := range objects {
		for _, f := range firstFields(o, c.generation()) {
			c.add(completionItem{label: "- " + f.Name, text: "- " + f.Name + ": ", detail: "new item: " + o.Title,
				kind: protocol.CompletionItemKindStruct, doc: explainField(o, f, c.generation())})
		}
	}
}

// firstFields are the fields with which people start an item.
func firstFields(o *schema.Object, g schema.Generation) []*schema.Field {
	var out []*schema.Field
	for _, name := range o.ExactlyOne {
		if f := o.Field(name); f != nil && f.In(g) {
			out = append(out, f)
		}
	}
	for _, f := range o.Fields {
		if len(out) > 0 {
			break
		}
		if f.In(g) && f.Ignored == "" {
			out = append(out, f)
		}
	}
	return out
}

// fields proposes the keys of mappings, without those that are there and those that they exclude.
func (c *completer) fields(objects []*schema.Object, exclude bool) {
	g := c.generation()
	seen := map[string]bool{}
	for _, o := range objects {
		taken := exclude && slices.ContainsFunc(o.ExactlyOne, func(k string) bool { return slices.Contains(c.at.siblings, k) })
		for _, f := range o.Fields {
			if seen[f.Name] || !f.In(g) || f.Ignored != "" || slices.Contains(c.at.siblings, f.Name) ||
				taken && slices.Contains(o.ExactlyOne, f.Name) {
				continue
			}
			seen[f.Name] = true
			c.field(o, f)
		}
	}
}

func (c *completer) field(o *schema.Object, f *schema.Field) {
	g := c.generation()
	i := completionItem{label: f.Name, text: f.Name + ": ", detail: f.Text(g), kind: protocol.CompletionItemKindProperty,
		doc: explainField(o, f, g), deprecated: f.Deprecated != "", late: f.Deprecated != ""}
	kinds := f.Kinds(g)
	list, mapping := slices.Contains(kinds, schema.KindList), slices.Contains(kinds, schema.KindMap)
	switch {
	case c.at.colon:
		i.text = f.Name
	case (list || mapping) && !c.at.flow:
		i.text = f.Name + ":"
		if c.multiline() {
			inner := "\n" + strings.Repeat(" ", c.at.indent+2)
			if list {
				inner += "- "
			}
			i.text, i.snippet, i.lines = i.text+inner+"$0", true, true
		}
	}
	c.add(i)
}

// multiline reports whether text over several lines will be inserted with the indentation we give it.
func (c *completer) multiline() bool {
	return c.snap.client.snippets && c.snap.client.asIs && !c.at.flow
}

// merges proposes "<<: *anchor" for anchors that hold mappings.
func (c *completer) merges(objects []*schema.Object) {
	if c.at.colon || len(c.at.path) == 0 || len(objects) == 0 || slices.Contains(c.at.siblings, "<<") {
		return
	}
	for _, a := range c.made.Doc.Anchors {
		if a.Span.End < c.off && a.Node != nil && a.Node.Kind == yamldoc.Mapping {
			c.add(completionItem{label: "<<: *" + a.Name, text: "<<: *" + a.Name, detail: "merge what the anchor holds",
				kind: protocol.CompletionItemKindReference, late: true})
		}
	}
}

// steps proposes steps with the arguments they need. indent is the column of the step's key.
func (c *completer) steps(dash string, indent int) {
	for _, info := range c.lang.Steps(c.generation()).Steps {
		var doc prose
		describeStep(&doc, info)
		i := completionItem{label: dash + info.Path, detail: oneLine(info.Package), kind: protocol.CompletionItemKindFunction,
			doc: doc, deprecated: info.Deprecated, late: info.Deprecated}
		switch {
		case c.at.colon:
			i.text = info.Path
		case c.multiline():
			i.text, i.snippet, i.lines = dash+info.Path+":"+argumentLines(info, indent+2), true, true
		case c.snap.client.snippets:
			i.text, i.snippet = dash+info.Path+": "+argumentFlow(info), true
		default:
			i.text = dash + info.Path + ":"
		}
		c.add(i)
	}
}

func requiredParams(info *schema.StepInfo) []string {
	var out []string
	for _, p := range info.Params {
		if p.Required {
			out = append(out, p.Name)
		}
	}
	return out
}

func argumentLines(info *schema.StepInfo, indent int) string {
	inner := "\n" + strings.Repeat(" ", indent)
	names := requiredParams(info)
	if len(names) == 0 {
		return inner + "$0"
	}
	var b strings.Builder
	for i, name := range names {
		fmt.Fprintf(&b, "%s%s: $%d", inner, name, i+1)
	}
	return b.String()
}

// argumentFlow writes the arguments on one line, for editors that may change the indentation of further lines.
func argumentFlow(info *schema.StepInfo) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, name := range requiredParams(info) {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s: $%d", name, i+1)
	}
	if b.Len() == 1 {
		b.WriteString("$1")
	}
	b.WriteByte('}')
	return b.String()
}

// arguments proposes the arguments of a step, or the keys that one of its arguments knows.
func (c *completer) arguments(at place) {
	info, _ := c.lang.Steps(c.generation()).Lookup(at.function)
	if at.argument != "" {
		if info == nil || at.depth > 0 {
			return
		}
		if q := findParam(info, at.argument); q != nil {
			c.params(q.Keys)
		}
		return
	}
	c.fields([]*schema.Object{at.object}, false)
	if info == nil {
		return
	}
	c.params(info.Params)
	if b := info.Backend(""); b != nil {
		from := len(c.out)
		c.params(b.Keywords)
		for i := from; i < len(c.out); i++ {
			c.out[i].late = true
		}
	}
}

func (c *completer) params(list []schema.Param) {
	for i := range list {
		q := &list[i]
		if slices.Contains(c.at.siblings, q.Name) {
			continue
		}
		detail := strings.Join(q.Types, " or ")
		if q.Required {
			detail += ", required"
		}
		text := q.Name + ": "
		if c.at.colon {
			text = q.Name
		}
		c.add(completionItem{label: q.Name, text: text, detail: detail, kind: protocol.CompletionItemKindField, doc: describeParam(q)})
	}
}

// anchors proposes the anchors that are defined before the cursor.
func (c *completer) anchors() {
	merge := len(c.at.path) > 0 && c.at.path[len(c.at.path)-1].key == "<<"
	for _, a := range c.made.Doc.Anchors {
		if a.Span.End > c.off || a.Node == nil || merge && a.Node.Kind != yamldoc.Mapping {
			continue
		}
		var doc prose
		doc.add(listing, dedent(c.made.Doc.File, a.Node.Span))
		c.add(completionItem{label: "*" + a.Name, text: "*" + a.Name, kind: protocol.CompletionItemKindReference, doc: doc})
	}
}

// rest is what stands on the line from an offset on, without a comment.
func (c *completer) rest(from int) source.Span {
	line := c.doc.file.LineSpan(c.doc.file.LineOf(c.off))
	text := c.doc.file.Slice(source.Span{Start: from, End: line.End})
	if at := strings.Index(text, " #"); at >= 0 {
		text = text[:at]
	}
	return source.Span{Start: from, End: from + len(strings.TrimRight(text, " \t"))}
}
