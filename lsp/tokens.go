package lsp

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// tokenTypes are the colours used, by the protocol's names; their order is that of the constants.
var tokenTypes = []string{"namespace", "variable", "property", "function", "operator", "type"}

const (
	tokenNamespace = iota // a file, a module, prefect.blocks
	tokenVariable         // a step's id, an environment variable, the name of a block or a variable
	tokenProperty         // an output, a field of a block
	tokenFunction         // a flow
	tokenOperator         // the braces
	tokenType             // a type of block
)

type token struct {
	span source.Span
	kind int
}

func (s *Server) semanticTokensFull(ctx context.Context, snap *snapshot, d *document, _ *protocol.SemanticTokensParams) (any, error) {
	return semanticTokens(ctx, snap, d, source.Span{End: len(d.file.Text)})
}

func (s *Server) semanticTokensRange(ctx context.Context, snap *snapshot, d *document, p *protocol.SemanticTokensRangeParams) (any, error) {
	return semanticTokens(ctx, snap, d, source.Span{Start: d.offset(p.Range.Start), End: d.offset(p.Range.End)})
}

// semanticTokens colours what YAML takes for plain text: placeholders and entrypoints.
func semanticTokens(ctx context.Context, snap *snapshot, d *document, within source.Span) (any, error) {
	out := protocol.SemanticTokens{Data: []protocol.UInteger{}}
	if !d.isPrefect(snap.settings) {
		return out, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	out.Data = encodeTokens(d, tokensIn(a, within))
	return out, nil
}

func tokensIn(a *analysis, within source.Span) []token {
	var out []token
	add := func(start, end, kind int) {
		if span := (source.Span{Start: start, End: end}); start < end && touches(within, span) {
			out = append(out, token{span, kind})
		}
	}
	for _, r := range a.model.References {
		text := a.doc.file.Slice(r.Span)
		if !touches(within, r.Span) || !strings.HasPrefix(text, "{{") || !strings.HasSuffix(text, "}}") || a.doc.file.Slice(r.NameSpan) != r.Name {
			continue // written with escapes or folded
		}
		add(r.Span.Start, r.Span.Start+2, tokenOperator)
		nameTokens(r.Kind, r.Name, r.NameSpan.Start, add)
		add(r.Span.End-2, r.Span.End, tokenOperator)
	}
	for _, d := range a.model.Deployments {
		f := d.Field("entrypoint")
		text, ok := f.Text()
		if !ok || template.Has(text) || !touches(within, f.Span()) {
			continue
		}
		start := f.Span().Start
		if f.Node().Style == yamldoc.SingleQuoted || f.Node().Style == yamldoc.DoubleQuoted {
			start++
		}
		if a.doc.file.Slice(source.Span{Start: start, End: start + len(text)}) != text {
			continue
		}
		cut := strings.LastIndexByte(text, ':')
		if cut < 0 {
			cut = strings.LastIndexByte(text, '.')
		}
		if cut >= 0 {
			add(start, start+cut, tokenNamespace)
			add(start+cut+1, start+len(text), tokenFunction)
		}
	}
	slices.SortStableFunc(out, func(x, y token) int { return x.span.Start - y.span.Start })
	kept := out[:0] // parts shared through aliases appear once per use
	for _, t := range out {
		if len(kept) == 0 || t.span.Start >= kept[len(kept)-1].span.End {
			kept = append(kept, t)
		}
	}
	return kept
}

// nameTokens takes the name of a placeholder apart.
func nameTokens(kind template.Kind, name string, at int, add func(start, end, kind int)) {
	prefix, kinds := 0, []int{tokenVariable, tokenProperty}
	switch kind {
	case template.Block:
		prefix, kinds = len(template.BlockPrefix), []int{tokenType, tokenVariable, tokenProperty}
	case template.Variable:
		prefix = len(template.VariablePrefix)
	case template.Env:
		kinds = []int{tokenVariable}
	}
	if prefix > 0 {
		add(at, at+prefix-1, tokenNamespace)
	}
	rest, at := name[prefix:], at+prefix
	for i, k := range kinds {
		part := rest
		if i+1 < len(kinds) {
			part, _, _ = strings.Cut(rest, ".")
		}
		add(at, at+len(part), k)
		at += len(part) + 1
		rest = strings.TrimPrefix(rest[len(part):], ".")
	}
}

// encodeTokens writes tokens as differences, lengths in the editor's units. A token never goes over a line's end.
func encodeTokens(d *document, list []token) []protocol.UInteger {
	data := make([]protocol.UInteger, 0, 5*len(list))
	line, char := protocol.UInteger(0), protocol.UInteger(0)
	for _, t := range list {
		if text := d.file.Slice(t.span); strings.ContainsAny(text, "\r\n") || !utf8.ValidString(text) {
			continue
		}
		at, end := d.position(t.span.Start), d.position(t.span.End)
		if at.Line != line {
			char = 0
		}
		data = append(data, at.Line-line, at.Character-char, end.Character-at.Character, protocol.UInteger(t.kind), 0)
		line, char = at.Line, at.Character
	}
	return data
}
