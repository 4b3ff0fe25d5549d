package compiler

import (
	"context"
	"slices"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// Applied is a fix that was made.
type Applied struct {
	Rule  string
	Title string
	Line  int // from 1, in the text before the round of fixes it belongs to
}

// maxRounds bounds how often a file is fixed and checked again; each round mends what the one before uncovered.
const maxRounds = 10

// Fix applies the safe fixes of a file's findings, on request the unsafe ones too, and returns the new file. Fixes that
// overlap wait for the next round. A fix after which the file has more errors than before is taken back.
func (c *Compiler) Fix(ctx context.Context, in Input, unsafe bool) (*source.File, []Applied, error) {
	var made []Applied
	refused := map[string]bool{} // rule and title of fixes that made things worse
	for range maxRounds {
		r, err := c.Check(ctx, in)
		if err != nil {
			return nil, nil, err
		}
		text, applied := applyFixes(r, unsafe, refused)
		if len(applied) == 0 {
			return in.File, made, nil
		}
		next := in
		next.File = source.New(in.File.Path, text)
		again, err := c.Check(ctx, next)
		if err != nil {
			return nil, nil, err
		}
		if errorsIn(again) > errorsIn(r) {
			for _, a := range applied {
				refused[a.Rule+"\x00"+a.Title] = true
			}
			continue
		}
		made = append(made, applied...)
		in = next
	}
	return in.File, made, nil
}

func errorsIn(r *Result) int {
	n := 0
	for i := range r.Diagnostics {
		if r.Diagnostics[i].Severity == diag.Error {
			n++
		}
	}
	return n
}

// applyFixes makes one round: of each finding its first fix that may be applied, as long as fixes do not touch each other.
func applyFixes(r *Result, unsafe bool, refused map[string]bool) ([]byte, []Applied) {
	var edits []diag.Edit
	var applied []Applied
	file := r.Doc.File
	for _, d := range r.Diagnostics {
		if d.File != file {
			continue
		}
		for _, f := range d.Fixes {
			if !f.Safe && !unsafe || refused[d.Rule+"\x00"+f.Title] || len(f.Edits) == 0 {
				continue
			}
			if !overlaps(edits, f.Edits) {
				edits = append(edits, f.Edits...)
				applied = append(applied, Applied{d.Rule, f.Title, file.Position(d.Span.Start).Line})
			}
			break
		}
	}
	return Edited(file.Text, edits), applied
}

func overlaps(have, more []diag.Edit) bool {
	for _, a := range have {
		for _, b := range more {
			if a.Span.Start <= b.Span.End && b.Span.Start <= a.Span.End {
				return true
			}
		}
	}
	return false
}

// Edited is text with edits made, which must not overlap.
func Edited(text []byte, edits []diag.Edit) []byte {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b diag.Edit) int { return a.Span.Start - b.Span.Start })
	var out []byte
	at := 0
	for _, e := range sorted {
		out = append(out, text[at:e.Span.Start]...)
		out = append(out, e.Text...)
		at = e.Span.End
	}
	return append(out, text[at:]...)
}
