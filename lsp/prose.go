package lsp

import (
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"
)

// prose is text for people, written once and given to the editor as Markdown or as plain text, whichever it shows.
type prose struct {
	parts []part
}

type part struct {
	text string
	kind partKind
}

type partKind uint8

const (
	paragraph partKind = iota
	heading            // bold in Markdown
	bullet
	listing // a block of YAML
	python  // a block of Python
)

func (p *prose) add(kind partKind, text string) {
	if text = strings.Trim(text, "\n"); text != "" {
		p.parts = append(p.parts, part{text, kind})
	}
}

func (p *prose) empty() bool { return len(p.parts) == 0 }

func (p *prose) markup(markdown bool) protocol.MarkupContent {
	if markdown {
		return protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: p.markdown()}
	}
	return protocol.MarkupContent{Kind: protocol.MarkupKindPlainText, Value: p.plain()}
}

func (p *prose) markdown() string {
	var b strings.Builder
	for i, x := range p.parts {
		if i > 0 {
			b.WriteString(between(p.parts[i-1].kind, x.kind))
		}
		switch x.kind {
		case heading:
			b.WriteString("**" + x.text + "**")
		case bullet:
			b.WriteString("- " + x.text)
		case listing:
			b.WriteString(fenced("yaml", x.text))
		case python:
			b.WriteString(fenced("python", x.text))
		default:
			b.WriteString(x.text)
		}
	}
	return b.String()
}

func (p *prose) plain() string {
	var b strings.Builder
	for i, x := range p.parts {
		if i > 0 {
			b.WriteString(between(p.parts[i-1].kind, x.kind))
		}
		switch x.kind {
		case bullet:
			b.WriteString("- " + strings.ReplaceAll(x.text, "`", ""))
		case listing, python:
			b.WriteString(x.text)
		default:
			b.WriteString(strings.ReplaceAll(x.text, "`", ""))
		}
	}
	return b.String()
}

func fenced(language, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + text + "\n" + fence
}

func between(a, b partKind) string {
	if a == bullet && b == bullet {
		return "\n"
	}
	return "\n\n"
}
