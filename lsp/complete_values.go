package lsp

import (
	"cmp"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/model/policy"
	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/schema"
)

// Bounds of the search for flows to propose.
const (
	maxFlowEntries = 4000
	maxFlowFiles   = 300
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

// entrypoints proposes the flows in the files around the document.
func (c *completer) entrypoints() {
	if !c.doc.onDisk {
		return
	}
	dir := filepath.Dir(c.doc.path)
	for _, name := range pythonFiles(dir) {
		text, err := c.snap.readFile(name)
		if err != nil {
			continue
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			continue
		}
		m := pyflow.Scan(source.New(name, text))
		for _, f := range m.Functions {
			if fl, status := m.Lookup(f.Qualname); status == pyflow.IsFlow && fl != nil {
				at := filepath.ToSlash(rel) + ":" + f.Qualname
				c.value(completionItem{kind: protocol.CompletionItemKindFunction, detail: clip(oneLine(fl.Description.Text))}, at)
			}
		}
	}
}

func pythonFiles(dir string) []string {
	var out []string
	seen := 0
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil // unreadable: nothing to propose from it
		}
		if seen++; seen > maxFlowEntries || len(out) >= maxFlowFiles {
			return fs.SkipAll
		}
		if e.IsDir() {
			if name != dir && (strings.HasPrefix(e.Name(), ".") || slices.Contains(skipped, e.Name())) {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(e.Name(), ".py") {
			out = append(out, name)
		}
		return nil
	})
	if err != nil {
		return nil
	}
	return out
}

// placeholders proposes what may stand between "{{" and "}}".
func (c *completer) placeholders() {
	seen := map[string]bool{}
	give := func(name, detail string, kind protocol.CompletionItemKind, late bool) {
		if !seen[name] {
			seen[name] = true
			c.placeholder(name, "", detail, kind, late)
		}
	}
	links := c.made.Facts.Links()
	for _, s := range c.stepsBefore() {
		names, _ := links.Outputs(s)
		for _, out := range names {
			if s.ID != "" {
				out = s.ID + "." + out
			}
			give(out, "output of "+s.Function(), protocol.CompletionItemKindVariable, false)
		}
		if s.ID != "" && len(names) == 0 {
			give(s.ID, "outputs of "+s.Function(), protocol.CompletionItemKindVariable, false)
		}
	}
	for _, r := range c.model().References {
		if r.Kind != template.Standard && r.Name != template.BlockPrefix && r.Name != template.VariablePrefix {
			give(r.Name, "used elsewhere in this file", protocol.CompletionItemKindReference, false)
		}
	}
	for _, name := range c.environment() {
		give(template.EnvPrefix+name, "an environment variable", protocol.CompletionItemKindConstant, true)
	}
	c.placeholder(template.VariablePrefix, "NAME", "a variable on the server", protocol.CompletionItemKindModule, true)
	c.placeholder(template.EnvPrefix, "NAME", "an environment variable", protocol.CompletionItemKindModule, true)
	blocks, err := c.lang.Blocks(c.generation())
	if err != nil {
		return
	}
	for _, b := range blocks {
		c.placeholder(template.BlockPrefix+b.Slug+".", "NAME", "a block on the server", protocol.CompletionItemKindModule, true)
	}
}

// environment lists the names of the environment variables that a placeholder can name.
func (c *completer) environment() []string {
	var out []string
	for _, pair := range c.environ {
		if name, _, ok := strings.Cut(pair, "="); ok && envName.MatchString(name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// placeholder proposes one name. Behind a "{{" that starts a plain value, quotes are put around the value: YAML would
// read a mapping.
func (c *completer) placeholder(name, hole, detail string, kind protocol.CompletionItemKind, late bool) {
	i := completionItem{label: name + hole, filter: name + hole, detail: detail, kind: kind, late: late}
	text := name + hole
	if hole != "" && c.snap.client.snippets {
		text, i.snippet = snippetText(name)+"${1:"+hole+"}", true
	}
	after := c.doc.file.Slice(c.rest(c.at.word.End))
	bare := strings.TrimLeft(after, " ")
	closed := strings.HasPrefix(bare, "}}")
	if !closed {
		text += " }}"
	}
	if c.at.flow && c.at.quote == 0 {
		return // between brackets, braces without quotes are brackets too
	}
	if c.at.quote != 0 || c.at.kind == nowhere || c.at.braces != c.at.from {
		if c.at.wordFrom == c.at.braces+2 {
			text = " " + text
		}
		i.text = text + c.closing(after)
		c.add(i)
		return
	}
	edit := source.Span{Start: c.at.braces, End: c.at.word.End}
	tail := ""
	if closed {
		tail = after
		edit.End = c.rest(c.at.word.End).End
	} else if bare != "" && bare != "}" {
		return // the rest of the line cannot be taken into the quotes
	} else {
		edit.End = c.rest(c.at.word.End).End
	}
	if strings.ContainsAny(tail, `"\`) {
		return
	}
	if i.snippet {
		tail = snippetText(tail)
	}
	i.text, i.edit, i.filter = `"{{ `+text+tail+`"`, &edit, "{{ "+name+hole
	c.add(i)
}

// closing is the quote to add behind a placeholder, unless other text follows it.
func (c *completer) closing(after string) string {
	if c.closer == "" || strings.TrimSpace(after) != "" {
		return ""
	}
	return c.closer
}

// stepsBefore are the steps whose outputs are known at the cursor.
func (c *completer) stepsBefore() []*model.Step {
	m, path := c.model(), c.at.path
	owner := c.deployment()
	if len(path) > 1 && path[0].key == "deployments" && path[1].isItem() {
		path = path[2:]
	}
	section, until := model.Setting, -1
	if len(path) > 0 {
		if key := model.Section(path[0].key); slices.Contains(model.Actions[:], key) {
			section, until = key, 0
			if len(path) > 1 && path[1].isItem() {
				until = path[1].index
			}
		}
	}
	var out []*model.Step
	for _, s := range model.Actions {
		if s == model.Pull && section != model.Pull {
			break
		}
		act := m.Action(s)
		if owner != nil && s == section {
			act = owner.Own(s)
		} else if owner != nil {
			act = owner.Effective(s)
		}
		if act != nil {
			for _, one := range act.Steps {
				if s == section && one.Index >= until {
					break
				}
				out = append(out, one)
			}
		}
		if s == section {
			break
		}
	}
	return out
}
