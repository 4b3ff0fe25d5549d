package yamldoc

import (
	"bytes"
	"sort"
	"strings"

	yaml "gopkg.in/yaml.v3"

	"github.com/prefectc/prefectc/compiler/source"
)

// Bounds of recovery. Beyond them the rest of the file is given up.
const (
	maxRepairs = 100     // syntax errors reported in one file
	maxTries   = 14      // regions tried for one error
	maxInserts = 16      // blanks put behind a colon at a try of the whole text
	maxPatches = 10_000  // unquoted words
	maxReparse = 4 << 20 // bytes parsed again, beside four times the file
)

// recovery mends a text until it parses.
type recovery struct {
	doc     *Document
	t       *parseText
	outline []OutlineKey
	budget  int // bytes that may still be parsed
	repairs int
	mended  bool // more than spellings that PyYAML accepts was changed
}

// parse returns yaml.v3's nodes of the text, mending it first where it does not parse.
func (d *Document) parse(t *parseText) (*yaml.Node, bool) {
	root, err := parseNodes(t.bytes)
	if err == nil {
		return root, true
	}
	if strings.Contains(err.Error(), "exceeded max depth") {
		d.Partial = true
		d.fatal(TooLarge, source.Span{Start: 0, End: d.File.LineSpan(0).End}, "data nests deeper than %d levels", MaxDepth)
		return nil, false
	}
	if len(t.bytes) > 0 && len(d.File.Text) > 0 && &t.bytes[0] == &d.File.Text[0] {
		t.bytes = bytes.Clone(t.bytes)
	}
	r := &recovery{doc: d, t: t, outline: Outline(d.File), budget: 4*len(t.bytes) + min(8*len(t.bytes), maxReparse) + 1<<16}
	r.accept()
	if root, err = r.parse(); err == nil {
		return root, true
	}
	for n := 0; n < maxInserts && r.budget > 3*len(t.bytes) && r.insert(locate(t.forParser(), err)); n++ {
		if root, err = r.parse(); err == nil {
			return root, true
		}
	}
	defer r.ensureFatal(locate(t.forParser(), err))
	r.conflicts()
	r.docstring()
	r.tabs()
	r.words()
	if root, err = r.parse(); err == nil {
		return root, true
	}
	for _, s := range r.scopes() {
		if r.repairs >= maxRepairs {
			break
		}
		r.mend(s, true)
	}
	if root, err = r.parse(); err == nil {
		return root, true
	}
	r.unknownAliases()
	r.mend(source.Span{Start: 0, End: len(t.bytes)}, false)
	if root, err = r.parse(); err == nil {
		return root, true
	}
	d.Partial = true
	r.report(locate(t.forParser(), err), source.Span{})
	return nil, false
}

// ensureFatal reports the first error when nothing else did: text that was mended does not load as it is.
func (r *recovery) ensureFatal(first syntaxError) {
	if !r.mended && len(r.t.patches) == 0 {
		return
	}
	r.t.fallback = func() { r.report(first, source.Span{}) }
}

func (r *recovery) parse() (*yaml.Node, error) {
	text := r.t.forParser()
	r.budget -= len(text)
	root, err := parseNodes(text)
	sort.Slice(r.t.edits, func(i, j int) bool { return r.t.edits[i].Start < r.t.edits[j].Start })
	return root, err
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

// failure parses a scope by itself and returns its first error, with offsets in the file. Aliases are made words,
// because their anchors may stand in another scope.
func (r *recovery) failure(scope source.Span, mask bool) (syntaxError, bool) {
	part := parseText{bytes: r.t.bytes[scope.Start:scope.End]}
	for _, at := range r.t.inserts {
		if scope.Start <= at && at < scope.End {
			part.inserts = append(part.inserts, at-scope.Start)
		}
	}
	text := part.forParser()
	if mask {
		text = maskAliases(bytes.Clone(text))
	}
	r.budget -= len(text)
	_, err := parseNodes(text)
	if err == nil {
		return syntaxError{}, false
	}
	r.budget -= len(text)
	e := locate(text, err)
	back := func(at int) int {
		if at < 0 {
			return at
		}
		for _, in := range part.inserts {
			if in < at {
				at--
			}
		}
		return min(at+scope.Start, scope.End)
	}
	e.at, e.context = back(e.at), back(e.context)
	if e.at < 0 {
		e.at = scope.Start
	}
	return e, true
}

// maskAliases turns "*name" into a word where an alias could stand.
func maskAliases(text []byte) []byte {
	for i, c := range text {
		if c == '*' && i+1 < len(text) && isName(text[i+1]) && (i == 0 || text[i-1] == ' ' || text[i-1] == '\n' || flowIndicator(text[i-1])) {
			text[i] = 'x'
		}
	}
	return text
}

func isName(c byte) bool {
	return digit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '-'
}

// mend repairs a scope error by error.
func (r *recovery) mend(scope source.Span, mask bool) {
	for r.budget > 0 && r.repairs < maxRepairs {
		e, bad := r.failure(scope, mask)
		if !bad {
			return
		}
		r.repairs++
		if r.insert(e) {
			continue
		}
		r.mended = true
		if r.token(e, scope) || r.shift(e, scope, mask) {
			continue
		}
		region := r.choose(e, scope, mask)
		r.doc.Partial = true
		r.report(e, region)
		if region.Len() == 0 {
			return
		}
		fill(r.t.bytes, region, ' ')
		r.t.dropped = append(r.t.dropped, region)
	}
	if r.budget <= 0 || r.repairs >= maxRepairs {
		if e, bad := r.failure(scope, mask); bad {
			r.doc.Partial = true
			r.report(e, scope)
			fill(r.t.bytes, scope, ' ')
		}
	}
}

// insert mends "{a:[1]}", which PyYAML reads as {a: [1]}.
func (r *recovery) insert(e syntaxError) bool {
	b := r.t.bytes
	if e.at <= 0 || e.at >= len(b) || b[e.at-1] != ':' || b[e.at] != '[' && b[e.at] != '{' || !strings.Contains(e.while, "flow") {
		return false
	}
	for _, at := range r.t.inserts {
		if at == e.at {
			return false
		}
	}
	r.t.inserts = append(r.t.inserts, e.at)
	sort.Ints(r.t.inserts)
	return true
}
