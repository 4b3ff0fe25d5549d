package typing

import (
	"math/rand"
	"strings"
	"unicode/utf8"
)

// Typist edits a text at random, some edits in a row, which are then taken back one by one unless Keep likes what they led to: so the
// text is broken for a while, but not for good. The same seed makes the same edits.
type Typist struct {
	Text string
	Keep func(text string) bool

	r      *rand.Rand
	cursor int
	queue  []rune // still to be typed at the cursor
	left   int    // edits until the row ends
	undo   []Edit
}

// Edit replaces Text[Start:End] by New.
type Edit struct {
	Start, End int
	New        string
}

// New is a typist for a text.
func New(text string, seed int64, keep func(text string) bool) *Typist {
	return &Typist{Text: text, Keep: keep, r: rand.New(rand.NewSource(seed))}
}

// pieces are what is pasted, or typed letter by letter.
var pieces = []string{
	"x", " ", "\n", "\r\n", "\t", "- ", "-", ":", ": ", "#", "# note\n", "'", "\"", "{", "}", "[", "]", ",", "|", ">", "&a", "*a", "&a ", "<<: *a", "é", "日本", "🚀",
	"{{ x }}", "{{ $HOME }}", "{{ prefect.variables.x }}", "\"{{ build-image.image }}\"", "---\n", "...\n", "\ufeff", "\u2028", "\u0085", "!tag ", "!!str ", "? ", "%", "~", "null", "[nope]",
	"  - name: typed\n    entrypoint: flows/typed.py:main\n", "- name: other\n  entrypoint: a.py:b\n", "    paused: [nope]\n", "    tags: [a, &t b, *t]\n", "  work_pool: {name: p}\n",
	"    schedules:\n      - cron: \"0 0 * * *\"\n        timezone: UTC\n", "    description: |\n      text\n\n      more\n", "    nmae: x\n", "name: top\n", "\n\n", "    ", "  ",
	"    pull:\n      - prefect.deployments.steps.git_clone:\n          id: c\n          repository: https://x\n", "    parameters:\n      a: 1\n      a: 2\n", "build: null\n", "deployments:\n",
}

// Next makes one edit and returns it. Text is what it leads to.
func (t *Typist) Next() Edit {
	e, undone := t.choose()
	if !undone {
		t.undo = append(t.undo, Edit{e.Start, e.Start + len(e.New), t.Text[e.Start:e.End]})
	}
	t.Text = t.Text[:e.Start] + e.New + t.Text[e.End:]
	t.cursor = e.Start + len(e.New)
	return e
}

// choose picks the next edit; undone holds when it takes the last one back.
func (t *Typist) choose() (e Edit, undone bool) {
	switch {
	case len(t.queue) > 0 && t.r.Intn(20) > 0:
		return t.key(), false
	case t.left == 0 && t.r.Intn(2) == 0 && t.Keep(t.Text):
		t.undo = nil
	}
	if n := len(t.undo); t.left == 0 && n > 0 {
		e, t.undo = t.undo[n-1], t.undo[:n-1]
		t.queue = nil
		return e, true
	}
	if t.left--; t.left < 0 {
		t.left = t.r.Intn(3)
	}
	switch n := t.r.Intn(11); {
	case n < 3: // typed letter by letter
		t.cursor, t.queue = t.place(), []rune(t.piece())
		return t.key(), false
	case n < 6:
		at := t.place()
		return Edit{at, at, t.piece()}, false
	case n < 8: // a few characters are deleted
		from := t.place()
		return Edit{from, t.boundary(min(len(t.Text), from+t.r.Intn(12))), ""}, false
	case n < 9: // whole lines are
		from := t.line()
		to := from
		for range 1 + t.r.Intn(4) {
			if next := strings.IndexByte(t.Text[to:], '\n'); next >= 0 {
				to += next + 1
			}
		}
		return Edit{from, to, ""}, false
	case n < 10: // or pasted elsewhere
		from := t.line()
		to := t.boundary(min(len(t.Text), from+t.r.Intn(200)))
		at := t.line()
		return Edit{at, at, t.Text[from:to]}, false
	}
	from := t.place()
	return Edit{from, t.boundary(min(len(t.Text), from+t.r.Intn(20))), t.piece()}, false
}

// key types the next letter.
func (t *Typist) key() Edit {
	c := t.queue[0]
	t.queue = t.queue[1:]
	return Edit{t.cursor, t.cursor, string(c)}
}

func (t *Typist) piece() string { return pieces[t.r.Intn(len(pieces))] }

// place is where an edit starts: anywhere, or at the end of a line, or close to the last.
func (t *Typist) place() int {
	switch t.r.Intn(4) {
	case 0:
		return t.boundary(t.r.Intn(len(t.Text) + 1))
	case 1:
		return t.boundary(max(0, min(len(t.Text), t.cursor+t.r.Intn(41)-20)))
	}
	at := t.line()
	if n := strings.IndexAny(t.Text[at:], "\r\n"); n >= 0 {
		return at + n
	}
	return len(t.Text)
}

// line is the start of some line.
func (t *Typist) line() int {
	at := t.r.Intn(len(t.Text) + 1)
	return strings.LastIndexByte(t.Text[:at], '\n') + 1
}

// boundary is the start of the character that off is in.
func (t *Typist) boundary(off int) int {
	for off > 0 && off < len(t.Text) && !utf8.RuneStart(t.Text[off]) {
		off--
	}
	return off
}
