package yamldoc

import (
	"bytes"
	"slices"
	"sort"
	"strings"

	yaml "gopkg.in/yaml.v3"

	"github.com/prefectc/prefectc/compiler/source"
)

// parseText is the text handed to yaml.v3: as long as the file, with what breaks it blanked or patched in place.
type parseText struct {
	bytes   []byte
	inserts []int         // offsets before which the parser sees one blank more
	edits   []source.Span // characters replaced inside scalars, which are read again from the file
	patches []patch
	dropped []source.Span // blanked, in no order

	fallback func() // reports the first error; for when no problem found in the tree is fatal
}

// patch is a stretch of the file that stands in the parsed text as one plain word of the same length. Its problem is
// reported when the word turns out to be a scalar; one that must is reported in any case.
type patch struct {
	span    source.Span
	problem Problem
	must    bool
	hit     bool
}

// forParser is the text with the inserts.
func (t *parseText) forParser() []byte {
	if len(t.inserts) == 0 {
		return t.bytes
	}
	out := make([]byte, 0, len(t.bytes)+len(t.inserts))
	from := 0
	for _, at := range t.inserts {
		out = append(append(out, t.bytes[from:at]...), ' ')
		from = at
	}
	return append(out, t.bytes[from:]...)
}

// fill overwrites a span, keeping line breaks.
func fill(text []byte, span source.Span, c byte) {
	for i := span.Start; i < span.End; {
		if n := breakLen(text, i); n > 0 {
			i += n
			continue
		}
		text[i] = c
		i++
	}
}

func (t *parseText) patch(span source.Span, kind ProblemKind, must bool, message string) {
	i := t.patchAfter(span.Start)
	if i > 0 && t.patches[i-1].span.End > span.Start || i < len(t.patches) && t.patches[i].span.Start < span.End || len(t.patches) >= maxPatches {
		return
	}
	fill(t.bytes, span, 'x')
	t.patches = slices.Insert(t.patches, i, patch{span: span, must: must,
		problem: Problem{Kind: kind, Fatal: true, Span: span, Message: message}})
}

// patchAfter is the index of the first patch at or behind off.
func (t *parseText) patchAfter(off int) int {
	return sort.Search(len(t.patches), func(i int) bool { return t.patches[i].span.Start >= off })
}

// patched makes n the text it is written as when it stands for a patch or holds edits.
func (w *walker) patched(n *Node) bool {
	ps := w.src.patches
	if i := w.src.patchAfter(n.Span.Start); i < len(ps) && ps[i].span == n.Span {
		w.textNode(n)
		if !ps[i].hit {
			ps[i].hit = true
			w.doc.Problems = append(w.doc.Problems, ps[i].problem)
		}
		return true
	}
	return false
}

// reread takes a scalar's text from the file where the parsed text was edited inside it.
func (w *walker) reread(n *Node) {
	es, ps := w.src.edits, w.src.patches
	i := sort.Search(len(es), func(i int) bool { return es[i].Start >= n.Span.Start })
	j := w.src.patchAfter(n.Span.Start)
	if (i >= len(es) || es[i].Start >= n.Span.End) && (j >= len(ps) || ps[j].span.Start >= n.Span.End) {
		return
	}
	s := w.doc.File.Slice(n.Span)
	switch n.Style {
	case Plain:
		if !w.isPatch(n.Span) {
			n.Text = readPlain(s)
		}
	case SingleQuoted:
		n.Text = readSingle(s)
	case DoubleQuoted:
		n.Text = readDouble(s)
	case Literal, Folded:
		n.Text = readBlock(w.doc.File.Text[w.header.content:nextLine(w.text, n.Span.End)], w.header.indent, n.Style == Folded, w.header.chomp)
	}
}

// droppedAt holds when what stood at off was blanked: an empty value there is not known to be null.
func (w *walker) droppedAt(off int) bool {
	for _, s := range w.src.dropped {
		if off <= s.End && (s.Start <= off || len(bytes.TrimSpace(w.doc.File.Text[off:s.Start])) == 0) {
			return true
		}
	}
	return false
}

func (w *walker) isPatch(span source.Span) bool {
	i := w.src.patchAfter(span.Start)
	return i < len(w.src.patches) && w.src.patches[i].span == span
}

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

// choose finds the smallest region whose blanking moves the first error behind it.
func (r *recovery) choose(e syntaxError, scope source.Span, mask bool) source.Span {
	tried := 0
	for _, c := range r.candidates(e, scope) {
		if tried++; tried > maxTries || r.budget <= 0 {
			break
		}
		kept := bytes.Clone(r.t.bytes[c.Start:c.End])
		fill(r.t.bytes, c, ' ')
		next, bad := r.failure(scope, mask)
		copy(r.t.bytes[c.Start:c.End], kept)
		if !bad || next.at >= c.End && next.at > e.at && !r.continues(e, next, c) {
			return c
		}
	}
	return scope
}

// continues holds when next is still the error e after c was blanked: the same key or quote fails, or what was
// below c lost its parent.
func (r *recovery) continues(e, next syntaxError, c source.Span) bool {
	if e.context >= 0 && e.context == next.context && e.message == next.message && !strings.Contains(e.while, "block") {
		return true
	}
	f := r.doc.File
	line := f.LineOf(next.at)
	for below := f.LineOf(c.End); below < line; below++ {
		if below > f.LineOf(c.Start) && len(bytes.TrimSpace(r.t.bytes[f.LineStart(below):f.LineSpan(below).End])) > 0 {
			return false // text between them was read
		}
	}
	return line > f.LineOf(c.Start) && r.indent(line) > r.indent(f.LineOf(c.Start))
}

func (r *recovery) indent(line int) int {
	s := r.doc.File.LineSpan(line)
	return run(string(r.doc.File.Text[s.Start:s.End]), func(c byte) bool { return c == ' ' })
}

// shift moves an item or the first key of one to where its neighbours stand, when that mends the error e.
func (r *recovery) shift(e syntaxError, scope source.Span, mask bool) bool {
	f := r.doc.File
	line := r.textLine(e.at)
	at, by := r.shiftItem(line)
	if by == 0 {
		at, by = r.shiftKey(e, line)
	}
	if by <= 0 || by > 16 || at < scope.Start {
		return false
	}
	kept := slices.Clone(r.t.inserts)
	for range by {
		r.t.inserts = append(r.t.inserts, at)
	}
	sort.Ints(r.t.inserts)
	if next, bad := r.failure(scope, mask); bad && next.at <= f.LineSpan(line).End {
		r.t.inserts = kept
		return false
	}
	if at == f.LineStart(f.LineOf(at)) {
		span := r.trim(f.LineSpan(f.LineOf(at)))
		r.doc.fatal(Syntax, span, "%q is indented by %d spaces, the items above it by %d: align it with them",
			clip(f.Slice(span)), span.Start-at, span.Start-at+by)
		return true
	}
	r.report(e, source.Span{})
	return true
}

// shiftItem is by how much a dash stands left of the dash of the item above it.
func (r *recovery) shiftItem(line int) (at, by int) {
	start := r.doc.File.LineStart(line)
	i := r.outlineFrom(start)
	if i >= len(r.outline) || !r.outline[i].Item || r.outline[i].Span.Start != start+r.indent(line) {
		return 0, 0
	}
	for k := i - 1; k >= 0; k-- {
		o := &r.outline[k]
		switch {
		case o.Item && o.Indent > r.outline[i].Indent && o.Parent >= 0 && o.Parent == r.outline[i].Parent:
			return start, o.Indent - r.outline[i].Indent
		case k == r.outline[i].Parent:
			return 0, 0
		}
	}
	return 0, 0
}

// shiftKey is by how much the key behind the dash above stands left of the keys below it.
func (r *recovery) shiftKey(e syntaxError, line int) (at, by int) {
	if !strings.Contains(e.message, "mapping values are not allowed") || line == 0 {
		return 0, 0
	}
	above := r.textLine(r.doc.File.LineStart(line) - 1)
	i := r.outlineFrom(r.doc.File.LineStart(above))
	if i+1 >= len(r.outline) || !r.outline[i].Item || r.outline[i+1].Item || r.doc.File.LineOf(r.outline[i+1].Span.Start) != above {
		return 0, 0
	}
	at, by = r.outline[i+1].Span.Start, r.indent(line)-r.outline[i+1].Indent
	if start, item := r.shiftItem(above); item == by {
		at = start // the dash is off too, and moves the key with it
	}
	return at, by
}

// outlineFrom is the index of the first outline entry at or behind off.
func (r *recovery) outlineFrom(off int) int {
	return sort.Search(len(r.outline), func(i int) bool { return r.outline[i].Span.Start >= off })
}

// candidates are the regions that may hold the cause of an error, smallest first.
func (r *recovery) candidates(e syntaxError, scope source.Span) []source.Span {
	var out []source.Span
	add := func(s source.Span) {
		s.Start, s.End = max(s.Start, scope.Start), min(s.End, scope.End)
		if s.Len() > 0 && len(bytes.TrimSpace(r.t.bytes[s.Start:s.End])) > 0 {
			out = append(out, s)
		}
	}
	lines := []int{r.textLine(e.at)}
	if prev := r.textLine(r.doc.File.LineStart(lines[0]) - 1); prev != lines[0] {
		lines = append(lines, prev)
	}
	if e.context >= 0 {
		lines = append(lines, r.doc.File.LineOf(e.context))
	}
	for _, line := range lines {
		span := source.Span{Start: r.doc.File.LineStart(line), End: r.doc.File.LineSpan(line).End}
		add(span)
		first := r.outlineFrom(span.Start)
		last := first
		for last < len(r.outline) && r.outline[last].Span.Start < span.End {
			last++
		}
		if last > first {
			add(source.Span{Start: r.outline[last-1].ValueStart, End: span.End})
		}
		for k := last - 1; k >= 0; k = r.outline[k].Parent {
			add(r.block(k))
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Len() < out[j].Len() })
	uniq := out[:0]
	for i, s := range out {
		if i == 0 || s != uniq[len(uniq)-1] {
			uniq = append(uniq, s)
		}
	}
	return uniq
}

// textLine is the line of off, or the nearest one above it that is not blank.
func (r *recovery) textLine(off int) int {
	line := r.doc.File.LineOf(off)
	for line > 0 {
		s := r.doc.File.LineSpan(line)
		if len(bytes.TrimSpace(r.t.bytes[s.Start:s.End])) > 0 {
			break
		}
		line--
	}
	return line
}

// block is a key or item with everything in it.
func (r *recovery) block(k int) source.Span {
	end := len(r.t.bytes)
	for i := k + 1; i < len(r.outline); i++ {
		if r.outline[i].Parent < k {
			end = r.lineStart(r.outline[i].Span.Start)
			break
		}
	}
	return source.Span{Start: r.outline[k].Span.Start, End: end}
}
