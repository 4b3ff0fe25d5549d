package policy

import (
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"github.com/prefectc/prefectc/compiler/source"
)

// spanOf is where a part of the prefectc.cue is written.
func (r *reader) spanOf(n ast.Node) source.Span {
	if n == nil || !n.Pos().IsValid() {
		return source.At(0)
	}
	start, end := n.Pos().Offset(), n.Pos().Offset()
	if n.End().IsValid() {
		end = n.End().Offset()
	}
	return r.cut(source.Span{Start: start, End: end})
}

// cut keeps a span within the file and to its first line, if it has several.
func (r *reader) cut(s source.Span) source.Span {
	s.Start = min(max(s.Start, 0), len(r.file.Text))
	s.End = min(max(s.End, s.Start), len(r.file.Text))
	if line := r.file.LineSpan(r.file.LineOf(s.Start)); s.End > line.End {
		s.End = max(line.End, s.Start)
	}
	return s
}

// labelOf is the label of a field, and all of anything else.
func (r *reader) labelOf(n ast.Node) source.Span {
	if f, ok := n.(*ast.Field); ok {
		return r.spanOf(f.Label)
	}
	return r.spanOf(n)
}

// spanAt is the word or sign at a position that CUE gives.
func (r *reader) spanAt(pos token.Pos) source.Span {
	if !pos.IsValid() {
		return source.At(0)
	}
	start := min(max(pos.Offset(), 0), len(r.file.Text))
	line := r.file.LineSpan(r.file.LineOf(start))
	rest := r.file.Slice(source.Span{Start: start, End: line.End})
	n := len(rest) - len(strings.TrimLeft(rest, wordSigns))
	if n == 0 && rest != "" {
		n = len(string([]rune(rest)[:1]))
	}
	return r.cut(source.Span{Start: start, End: start + n})
}

const wordSigns = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_#$.\""

// ours reports whether a position lies in the prefectc.cue, and not in the definition of what it may say.
func (r *reader) ours(pos token.Pos) bool {
	return pos.IsValid() && pos.Filename() == r.file.Path
}

// written is the field a path of labels leads to, as far as it is written out.
type written struct {
	field *ast.Field
	depth int // how many labels of the path lead to it
}

// find follows a path of labels through the structs of the file.
func (r *reader) find(path []string) written {
	return find(r.tree.Decls, path)
}

func find(decls []ast.Decl, path []string) written {
	var best written
	if len(path) == 0 {
		return best
	}
	for _, d := range decls {
		f, ok := d.(*ast.Field)
		if !ok {
			continue
		}
		name, _, err := ast.LabelName(f.Label)
		if err != nil || name != path[0] {
			continue
		}
		here := written{field: f, depth: 1}
		if s, ok := f.Value.(*ast.StructLit); ok {
			if inner := find(s.Elts, path[1:]); inner.field != nil {
				here = written{field: inner.field, depth: inner.depth + 1}
			}
		}
		if here.depth > best.depth {
			best = here
		}
	}
	return best
}

// fields are the fields of a struct, or of the file, that are written out.
func fields(x ast.Expr) []*ast.Field {
	s, ok := x.(*ast.StructLit)
	if !ok {
		return nil
	}
	var out []*ast.Field
	for _, d := range s.Elts {
		if f, ok := d.(*ast.Field); ok {
			out = append(out, f)
		}
	}
	return out
}

// label is the plain text of an element of a CUE path.
func label(s string) string {
	if u, err := literal.Unquote(s); err == nil {
		return u
	}
	return s
}

func orList(words []string) string {
	switch len(words) {
	case 0:
		return "nothing"
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

func quoted(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = `"` + w + `"`
	}
	return out
}
