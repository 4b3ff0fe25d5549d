package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
)

// maxLines is how many further lines of a repeated note are named.
const maxLines = 8

// brief writes findings with short notes: what is wrong in a file first, each with its lines, then the notes about the file, one
// line for each rule.
func (t Text) brief(b *strings.Builder, ds []diag.Diagnostic) {
	for len(ds) > 0 {
		n := 1
		for n < len(ds) && ds[n].File == ds[0].File {
			n++
		}
		t.ofFile(b, ds[:n])
		ds = ds[n:]
	}
}

func (t Text) ofFile(b *strings.Builder, ds []diag.Diagnostic) {
	var rules []string
	notes := map[string][]*diag.Diagnostic{}
	for i := range ds {
		d := &ds[i]
		if d.Severity != diag.Info {
			t.one(b, d)
			continue
		}
		if notes[d.Rule] == nil {
			rules = append(rules, d.Rule)
		}
		notes[d.Rule] = append(notes[d.Rule], d)
	}
	for _, rule := range rules {
		t.note(b, notes[rule])
	}
	if len(rules) > 0 {
		b.WriteByte('\n')
	}
}

// note writes the notes of one rule about one file: the first in full, of the others the lines.
func (t Text) note(b *strings.Builder, same []*diag.Diagnostic) {
	p := palette(t.Color)
	d := same[0]
	pos := d.File.Position(d.Span.Start)
	message := printable(d.Message)
	if n := len(same) - 1; n > 0 {
		message += fmt.Sprintf("; and %d more%s", n, alsoOn(pos.Line, same[1:]))
	}
	plain := Text{Shown: t.Shown}
	head := columns(fmt.Sprintf("%s:%d:%d: %s[%s]: ", plain.file(d.File.Path), pos.Line, pos.Column, d.Severity, d.Rule))
	fmt.Fprintf(b, "%s:%d:%d: %s%s[%s]%s: %s\n", t.file(d.File.Path), pos.Line, pos.Column, p.severity(d.Severity), d.Severity, t.rule(d), p.reset,
		t.fold(message, head, messageIndent))
}

// alsoOn names the lines of further notes.
func alsoOn(first int, rest []*diag.Diagnostic) string {
	var lines []string
	for _, d := range rest {
		line := d.File.LineOf(d.Span.Start) + 1
		if s := strconv.Itoa(line); line != first && !slices.Contains(lines, s) {
			lines = append(lines, s)
		}
		if len(lines) > maxLines {
			lines[maxLines] = "…"
			break
		}
	}
	switch len(lines) {
	case 0:
		return " on this line"
	case 1:
		return ": line " + lines[0]
	}
	return ": lines " + strings.Join(lines, ", ")
}
