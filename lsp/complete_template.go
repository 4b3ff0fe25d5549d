package lsp

import (
	"regexp"
	"slices"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
)

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
	for _, name := range c.serverNames() {
		give(name, "on the server", protocol.CompletionItemKindReference, false)
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
