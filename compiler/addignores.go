package compiler

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// AddIgnores writes comments that keep the findings of a file silent, above the line of each where YAML allows it, and returns
// the new file and how many findings that are. The data stays as it is.
func (c *Compiler) AddIgnores(ctx context.Context, in Input) (*source.File, int, error) {
	in.All = true
	r, err := c.Check(ctx, in)
	if err != nil {
		return nil, 0, err
	}
	if slices.ContainsFunc(r.Doc.Problems, func(p yamldoc.Problem) bool { return p.Fatal }) {
		return nil, 0, fmt.Errorf("%s cannot be read as a whole: mend it before its findings are ignored", in.File.Path)
	}
	names := map[place][]string{}
	added := 0
	texts := longScalars(r.Doc)
	for _, d := range r.Diagnostics {
		if d.Rule == rules.UnusedIgnore.Name {
			continue
		}
		at := commentPlace(r.Doc, texts, d)
		if !slices.Contains(names[at], d.Rule) {
			names[at] = append(names[at], d.Rule)
		}
		added++
	}
	if added == 0 {
		return in.File, 0, nil
	}
	edits := make([]diag.Edit, 0, len(names))
	for at, list := range names {
		edits = append(edits, at.comment(in.File, list))
	}
	after := source.New(in.File.Path, Edited(in.File.Text, edits))
	if err := sameData(r.Doc, yamldoc.Read(after)); err != nil {
		return nil, 0, fmt.Errorf("writing comments into %s: %w", in.File.Path, err)
	}
	return after, added, nil
}

func sameData(before, after *yamldoc.Document) error {
	a, errA := before.Root.Python()
	b, errB := after.Root.Python()
	if (errA == nil) != (errB == nil) || errA == nil && !reflect.DeepEqual(a, b) {
		return fmt.Errorf("they would change the data: nothing is written")
	}
	return nil
}

// place is where a comment goes.
type place struct {
	line int // from 0
	how  position
}

type position uint8

const (
	above  position = iota // on a line of its own above the line
	behind                 // at the end of the line
	joined                 // into the comment on the line above
	top                    // above everything, for the whole file
)

// commentPlace finds where a comment can stand that keeps a finding silent: the first of its lines that has room.
func commentPlace(doc *yamldoc.Document, texts []source.Span, d diag.Diagnostic) place {
	if d.File != doc.File {
		return place{how: top}
	}
	for line := doc.File.LineOf(d.Span.Start); line <= doc.File.LineOf(d.Span.End); line++ {
		switch {
		case inText(texts, doc.File.LineStart(line)):
		case !opensFile(doc, line) && ignoresAbove(doc, line):
			return place{line, joined}
		case !opensFile(doc, line):
			return place{line, above}
		case !hasComment(doc, line) && !inText(texts, doc.File.LineSpan(line).End):
			return place{line, behind}
		}
	}
	return place{how: top}
}

// opensFile holds when nothing but comments stands above a line: a comment there is one for the whole file.
func opensFile(doc *yamldoc.Document, line int) bool {
	for i := range line {
		text := bytes.TrimSpace(doc.File.Text[doc.File.LineStart(i):doc.File.LineSpan(i).End])
		if !bytes.HasPrefix(bytes.TrimPrefix(text, []byte("\uFEFF")), []byte("#")) {
			return false
		}
	}
	return true
}

func hasComment(doc *yamldoc.Document, line int) bool {
	return slices.ContainsFunc(doc.Comments, func(c source.Span) bool { return doc.File.LineOf(c.Start) == line })
}

// ignoresAbove holds when the line above is a comment that ignores: another between would take its effect.
func ignoresAbove(doc *yamldoc.Document, line int) bool {
	return slices.ContainsFunc(readSuppressions(doc).all, func(s *suppression) bool {
		return s.line == line && doc.File.LineOf(s.comment.Start) == line-1
	})
}

// longScalars are the texts of several lines, in which no comment can stand.
func longScalars(doc *yamldoc.Document) (out []source.Span) {
	var walk func(n *yamldoc.Node)
	walk = func(n *yamldoc.Node) {
		if n == nil || n.Kind == yamldoc.Alias {
			return
		}
		for _, item := range n.Items {
			walk(item)
		}
		for _, p := range n.Pairs {
			walk(p.Key)
			walk(p.Value)
		}
		if len(n.Items)+len(n.Pairs) == 0 && doc.File.LineOf(n.Span.Start) != doc.File.LineOf(n.Span.End) {
			out = append(out, n.Span)
		}
	}
	walk(doc.Root)
	return out
}

func inText(texts []source.Span, off int) bool {
	return slices.ContainsFunc(texts, func(s source.Span) bool { return s.Start < off && off <= s.End })
}

func (at place) comment(f *source.File, names []string) diag.Edit {
	slices.Sort(names)
	list := strings.Join(names, ", ")
	comment := "# prefectc: ignore[" + list + "]"
	span := f.LineSpan(at.line)
	end := "\n"
	if bytes.Contains(f.Text, []byte("\r\n")) {
		end = "\r\n"
	}
	switch at.how {
	case behind:
		return rules.Insert(span.Start+len(strings.TrimRight(f.Slice(span), " \r\n")), "  "+comment)
	case joined:
		before := f.LineSpan(at.line - 1)
		return rules.Insert(before.Start+strings.Index(f.Slice(before), "]"), ", "+list)
	case top:
		if bytes.HasPrefix(f.Text, []byte("\uFEFF")) {
			return rules.Insert(len("\uFEFF"), comment+end)
		}
		return rules.Insert(0, comment+end)
	}
	text := f.Slice(span)
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	return rules.Insert(span.Start, indent+comment+end)
}
