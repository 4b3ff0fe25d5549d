package lsp

import (
	"context"
	"fmt"
	"strings"
	"time"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/prefect"
	"github.com/prefectc/prefectc/schema"
)

// completer collects what may be written at one place.
type completer struct {
	ctx  context.Context
	now  time.Time
	snap *snapshot
	doc  *document
	off  int
	at   cursor
	lang *schema.Language
	made *compiler.Result

	environ []string       // of the server, names and values; nothing but names is shown
	names   *prefect.Names // of things on the server; nil unless the user wants them
	closer  string         // the quote that the cursor's text lacks at its end, or ""
	out     []completionItem
}

// completionItem is one proposal before it is written for the editor. Text is inserted in place of the cursor's word unless
// edit says otherwise; it is a snippet only if the editor takes snippets.
type completionItem struct {
	label, detail, text string
	filter              string
	kind                protocol.CompletionItemKind
	doc                 prose
	edit                *source.Span
	snippet             bool
	lines               bool // text goes over several lines, with its own indentation
	deprecated          bool
	late                bool // sorted behind the others
}

type completionList struct {
	IsIncomplete bool                      `json:"isIncomplete"`
	Items        []protocol.CompletionItem `json:"items"`
}

// completion proposes keys, steps, arguments, values, anchors and placeholders. Whatever it proposes leaves the YAML
// readable: words that YAML would misread come with quotes.
func (s *Server) completion(ctx context.Context, snap *snapshot, d *document, p *protocol.CompletionParams) (any, error) {
	list := completionList{Items: []protocol.CompletionItem{}}
	if !d.isPrefect(snap.settings) {
		return list, nil
	}
	c := completer{ctx: ctx, now: s.now(), environ: s.opts.Environ, snap: snap, doc: d, off: d.offset(p.Position)}
	c.at = locate(d.file, c.off)
	if c.at.kind == nowhere && c.at.braces < 0 {
		return list, nil
	}
	var err error
	if c.made, err = snap.sketch(ctx, d, c.at, c.off); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.lang = c.made.Facts.Language
	c.names, list.IsIncomplete = s.liveNames(ctx, snap)
	c.closer = c.missingQuote()
	c.collect()
	for i := range c.out {
		list.Items = append(list.Items, c.item(i))
	}
	return list, nil
}

func (c *completer) collect() {
	switch {
	case c.at.braces >= 0:
		c.placeholders()
	case c.at.quote == 0 && !c.at.flow && !c.at.colon && c.rest(c.at.word.End).Len() > 0:
		// Something else stands behind the word: what is put before it could not be read together with it.
	case strings.HasPrefix(c.at.prefix, "*") && c.at.quote == 0:
		if !c.at.flow || c.at.kind == atValue {
			c.anchors()
		}
	case c.at.kind == atKey:
		c.keys()
	case c.at.kind == atNewItem:
		c.newItem()
	case c.at.kind == atValue:
		c.values()
	}
}

func (c *completer) model() *model.File            { return c.made.Model }
func (c *completer) generation() schema.Generation { return c.made.Model.Generation }

func (c *completer) add(i completionItem) { c.out = append(c.out, i) }

// missingQuote is the quote to add behind a proposal when the one before the cursor is closed nowhere: it is not closed on the
// line, and the text cannot be read as it stands.
func (c *completer) missingQuote() string {
	if c.at.quote != '"' && c.at.quote != '\'' {
		return ""
	}
	quote := string(c.at.quote)
	line := c.doc.file.LineSpan(c.doc.file.LineOf(c.off))
	if strings.Contains(c.doc.file.Slice(source.Span{Start: c.off, End: line.End}), quote) {
		return ""
	}
	for _, p := range yamldoc.Read(c.doc.file).Problems {
		if p.Fatal {
			return quote
		}
	}
	return ""
}

// item writes a proposal for the editor.
func (c *completer) item(n int) protocol.CompletionItem {
	i := &c.out[n]
	span := c.at.word
	if i.edit != nil {
		span = *i.edit
	}
	kind, plain := i.kind, protocol.InsertTextFormatPlainText
	order := fmt.Sprintf("%c%04d", "ab"[btoi(i.late)], n)
	out := protocol.CompletionItem{Label: i.label, Kind: &kind, SortText: &order, InsertTextFormat: &plain,
		TextEdit: protocol.TextEdit{Range: c.doc.rangeOf(span), NewText: i.text}}
	if c.at.open != "" { // the brackets that are missing, behind the place to go on writing
		c.closeBrackets(i)
		out.TextEdit = protocol.TextEdit{Range: c.doc.rangeOf(span), NewText: i.text}
	}
	if i.snippet {
		format := protocol.InsertTextFormatSnippet
		out.InsertTextFormat = &format
	}
	if i.lines {
		mode := protocol.InsertTextModeAsIs
		out.InsertTextMode = &mode
	}
	if i.filter != "" {
		out.FilterText = &i.filter
	}
	if i.detail != "" {
		out.Detail = &i.detail
	}
	if i.deprecated && c.snap.client.itemTags {
		out.Tags = []protocol.CompletionItemTag{protocol.CompletionItemTagDeprecated}
	}
	if !i.doc.empty() {
		out.Documentation = i.doc.markup(c.snap.client.markdownItems)
	}
	return out
}

// closeBrackets adds what the line lacks at its end.
func (c *completer) closeBrackets(i *completionItem) {
	switch {
	case i.snippet && strings.Contains(i.text, "$0"):
	case i.snippet:
		i.text += "$0"
	case c.snap.client.snippets:
		i.text, i.snippet = snippetText(i.text)+"$0", true
	}
	i.text += strings.ReplaceAll(c.at.open, "}", `\}`)
	if !i.snippet {
		i.text = strings.ReplaceAll(i.text, `\}`, "}")
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// snippetText protects what has a meaning in snippets.
func snippetText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`, `}`, `\}`).Replace(s)
}
