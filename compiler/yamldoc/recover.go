package yamldoc

import (
	"bytes"
	"sort"

	"github.com/prefectc/prefectc/compiler/source"
)

// Bounds of recovery. Beyond them the rest of the file is given up.
const (
	maxRepairs = 100     // syntax errors reported in one file
	maxTries   = 14      // regions tried for one error
	maxPatches = 10_000  // unquoted words
	maxReparse = 4 << 20 // bytes parsed again, beside four times the file
)

// recovery mends a text until it parses.
type recovery struct {
	doc     *Document
	t       *parseText
	outline []OutlineKey
	words   []wordLine // lines that hold no key
	budget  int        // bytes that may still be parsed
	repairs int
	mended  bool // something was changed
}

// parse reads the text into the document, mending it first where it does not parse.
func (d *Document) parse(t *parseText) {
	r := &recovery{doc: d, t: t}
	before := len(d.Problems)
	err := r.parse()
	if err == nil && !d.torn() {
		return
	}
	if err == nil {
		d.Problems = d.Problems[:before]
	} else if err.kind == deepNesting || err.kind == manyNodes {
		d.tooLarge(err)
		return
	}
	t.bytes = bytes.Clone(t.bytes)
	r.budget = 4*len(t.bytes) + min(8*len(t.bytes), maxReparse) + 1<<20
	if err != nil {
		defer r.ensureFatal(*err)
	}
	r.mistakes()
	if err = r.parse(); err == nil {
		return
	}
	for _, s := range r.scopes() {
		if r.repairs >= maxRepairs {
			break
		}
		r.mend(s)
	}
	if err = r.parse(); err == nil {
		return
	}
	r.mend(source.Span{Start: 0, End: len(t.bytes)})
	if err = r.parse(); err == nil {
		return
	}
	d.Partial = true
	r.report(*err, source.Span{})
}

// mistakes mends what is recognised line by line, without parsing.
func (r *recovery) mistakes() {
	r.conflicts()
	r.docstring()
	r.markers()
	r.noBreakSpaces()
	r.look()
	r.tabs()
	r.dashes()
	r.look()
	r.colons()
	r.look()
	r.openings()
	r.unquoted()
}

// look takes the outline of the text as it is now.
func (r *recovery) look() { r.outline, r.words = outline(r.t) }

// tooLarge gives up a file beyond the bounds.
func (d *Document) tooLarge(e *syntaxError) {
	at := source.Span{Start: e.at, End: max(e.at, d.File.LineSpan(d.File.LineOf(e.at)).End)}
	d.Partial = true
	if e.kind == deepNesting {
		d.fatal(TooLarge, at, "data nests deeper than %d levels", MaxDepth)
		return
	}
	d.fatal(TooLarge, at, "the file has more than %d values: split it into several", MaxNodes)
}

// ensureFatal reports the first error when nothing else did: text that was mended does not load as it is.
func (r *recovery) ensureFatal(first syntaxError) {
	if !r.mended && len(r.t.patches) == 0 {
		return
	}
	r.t.fallback = func() { r.report(first, source.Span{}) }
}

// parse reads the whole text; only what parses becomes the document's.
func (r *recovery) parse() *syntaxError {
	r.budget -= len(r.t.bytes)
	read := Document{File: r.doc.File}
	p := newParser(&read, r.t)
	if err := p.read(); err != nil {
		return err
	}
	d := r.doc
	if r.outline == nil && len(d.Problems) == 0 && !read.Partial {
		d.as = &reading{anchors: p.anchors, extents: p.extents, size: p.size, lists: p.lists}
	}
	d.Root, d.Anchors, d.Comments, d.Partial = read.Root, read.Anchors, read.Comments, d.Partial || read.Partial
	d.Problems = append(d.Problems, read.Problems...)
	return nil
}

// scopes are the parts that parse on their own: the top-level entries, and the items of a top-level list.
func (r *recovery) scopes() []source.Span {
	var starts []int
	for _, k := range r.outline {
		if k.Parent < 0 || k.Item && r.outline[k.Parent].Parent < 0 && !r.outline[k.Parent].Item {
			at := r.lineStart(k.Span.Start)
			if len(starts) == 0 || starts[len(starts)-1] != at {
				starts = append(starts, at)
			}
		}
	}
	var out []source.Span
	for i, s := range starts {
		end := len(r.t.bytes)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		out = append(out, source.Span{Start: s, End: end})
	}
	return out
}

func (r *recovery) lineStart(p int) int {
	return r.doc.File.LineStart(r.doc.File.LineOf(p))
}

// failure parses a scope by itself and returns its first error, with offsets in the file.
func (r *recovery) failure(scope source.Span) (syntaxError, bool) {
	text := r.t.bytes[scope.Start:scope.End]
	part := parseText{bytes: text, base: text}
	part.inserts, part.removes = within(r.t.inserts, scope), within(r.t.removes, scope)
	r.budget -= scope.Len()
	err := newParser(&Document{File: r.doc.File}, &part).read()
	if err == nil {
		return syntaxError{}, false
	}
	e := *err
	e.at = min(e.at+scope.Start, scope.End)
	if e.context >= 0 {
		e.context += scope.Start
	}
	return e, true
}

// within are the offsets in a scope, from its start.
func within(offsets []int, scope source.Span) []int {
	var out []int
	for _, at := range offsets[sort.SearchInts(offsets, scope.Start):sort.SearchInts(offsets, scope.End)] {
		out = append(out, at-scope.Start)
	}
	return out
}

// mend repairs a scope error by error.
func (r *recovery) mend(scope source.Span) {
	for r.budget > 0 && r.repairs < maxRepairs {
		e, bad := r.failure(scope)
		if !bad {
			return
		}
		r.repairs++
		r.mended = true
		if r.token(e, scope) || r.shift(e, scope) {
			continue
		}
		region := r.choose(e, scope)
		r.doc.Partial = true
		r.report(e, region)
		if region.Len() == 0 {
			return
		}
		fill(r.t.bytes, region, ' ')
		r.t.dropped = append(r.t.dropped, region)
	}
	if r.budget <= 0 || r.repairs >= maxRepairs {
		if e, bad := r.failure(scope); bad {
			r.doc.Partial = true
			r.report(e, scope)
			fill(r.t.bytes, scope, ' ')
		}
	}
}
