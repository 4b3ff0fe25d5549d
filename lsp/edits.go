package lsp

import (
	"bytes"
	"slices"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// caution is what the user is asked to confirm before an edit is made, if the editor can ask.
type caution struct{ label, why string }

// workspaceEdit writes edits of one document for the editor, bound to the document's version where the editor can say so.
func (snap *snapshot) workspaceEdit(d *document, edits []diag.Edit, c *caution) *protocol.WorkspaceEdit {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b diag.Edit) int { return a.Span.Start - b.Span.Start })
	if !snap.client.documentChanges {
		list := make([]protocol.TextEdit, 0, len(edits))
		for _, e := range edits {
			list = append(list, protocol.TextEdit{Range: d.rangeOf(e.Span), NewText: e.Text})
		}
		return &protocol.WorkspaceEdit{Changes: map[string][]protocol.TextEdit{d.uri: list}}
	}
	one := protocol.TextDocumentEdit{Edits: make([]any, 0, len(edits))}
	one.TextDocument.URI = d.uri
	if snap.docs[d.uri] != nil {
		version := d.version
		one.TextDocument.Version = &version
	}
	out := &protocol.WorkspaceEdit{}
	const id = "prefectc"
	if c != nil && snap.client.annotations {
		yes := true
		out.ChangeAnnotations = map[string]protocol.ChangeAnnotation{id: {Label: c.label, Description: &c.why, NeedsConfirmation: &yes}}
	}
	for _, e := range edits {
		edit := protocol.TextEdit{Range: d.rangeOf(e.Span), NewText: e.Text}
		if out.ChangeAnnotations != nil {
			one.Edits = append(one.Edits, protocol.AnnotatedTextEdit{TextEdit: edit, AnnotationID: id})
		} else {
			one.Edits = append(one.Edits, edit)
		}
	}
	out.DocumentChanges = []any{one}
	return out
}

// edit is the tree after edits.
func (a *analysis) edit(edits []diag.Edit) *yamldoc.Document {
	return yamldoc.Read(source.New(a.doc.path, compiler.Edited(a.doc.file.Text, edits)))
}

// fatals counts what keeps PyYAML from reading a file.
func fatals(doc *yamldoc.Document) int {
	n := 0
	for i := range doc.Problems {
		if doc.Problems[i].Fatal {
			n++
		}
	}
	return n
}

// readable reports whether edits leave the file at least as readable as it is.
func (a *analysis) readable(edits []diag.Edit) bool {
	return len(edits) > 0 && fatals(a.edit(edits)) <= fatals(a.tree)
}

// sameMeaning reports whether a file can be read and still says the same after edits, "definitions" apart, which Prefect ignores.
func (a *analysis) sameMeaning(edits []diag.Edit) bool {
	if len(edits) == 0 || fatals(a.tree) > 0 {
		return false
	}
	next := a.edit(edits)
	if fatals(next) > 0 {
		return false
	}
	was, err := meaning(a.tree)
	if err != nil {
		return false
	}
	is, err := meaning(next)
	return err == nil && value.Equal(was, is)
}

func meaning(doc *yamldoc.Document) (value.Value, error) {
	v, err := doc.Root.Python()
	if m, ok := v.(*value.Map); ok && err == nil {
		m.Delete("definitions")
	}
	return v, err
}

// maxAhead bounds, in lines, how far lineEdits looks for the next lines that two texts share.
const maxAhead = 200

// lineEdits are edits that turn one text into another, whole lines at a time. They are small, not the smallest.
func lineEdits(from *source.File, to []byte) []diag.Edit {
	a, b := lines(from.Text), lines(to)
	var out []diag.Edit
	at := 0
	for i, j := 0, 0; i < len(a) || j < len(b); {
		if i < len(a) && j < len(b) && bytes.Equal(a[i], b[j]) {
			at += len(a[i])
			i, j = i+1, j+1
			continue
		}
		di, dj := nextCommon(a[i:], b[j:])
		e := diag.Edit{Span: source.At(at)}
		for range di {
			e.Span.End += len(a[i])
			i++
		}
		for range dj {
			e.Text += string(b[j])
			j++
		}
		at = e.Span.End
		out = append(out, e)
	}
	return out
}

// nextCommon is how many lines to leave out of each text to come to lines that both share.
func nextCommon(a, b [][]byte) (int, int) {
	for sum := 1; sum <= maxAhead; sum++ {
		for i := max(0, sum-len(b)+1); i <= sum && i < len(a); i++ {
			if bytes.Equal(a[i], b[sum-i]) {
				return i, sum - i
			}
		}
	}
	return len(a), len(b)
}

func lines(text []byte) [][]byte { return bytes.SplitAfter(text, []byte("\n")) }
