package render

import (
	"slices"
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/model"
)

// Measures of the drawing, in pixels. A column of text is that of the 12 px monospace font.
const (
	letterWidth = 7.3
	rowHeight   = 20
	headHeight  = 26
	padding     = 10
	boxGap      = 18
	columnGap   = 130
	margin      = 24
	titleHeight = 44
	legendSpace = 44
	loopSpace   = 14 // for each nested line from a step to a later one
	maxLoops    = 8
	maxColumns  = 46 // text longer than this is cut, in columns
)

// box is a rectangle with a head and rows.
type box struct {
	class      string // build, push, pull, deployments or pool
	head, tip  string
	rows       []row
	x, y, w, h int
}

// row is a line of text in a box.
type row struct{ text, note, tip string }

func (r row) columns() int {
	n := columns(r.text)
	if r.note != "" {
		n += 2 + columns(r.note)
	}
	return n
}

// middle is the height of a row's middle; row -1 is the head.
func (b *box) middle(row int) int {
	if row < 0 {
		return b.y + headHeight/2
	}
	return b.y + headHeight + row*rowHeight + rowHeight/2
}

// line joins two boxes.
type line struct {
	from, to       *box
	fromRow, toRow int
	class          string
	runs, loop     bool // dashed; on the left, between two steps
	tip            string
	toY            int
}

// layout is the graph with places.
type layout struct {
	width, height         int
	actions, groups, pool []*box
	lines                 []*line
	missing               []string // references that nothing gives
}

// group is the deployments that run the same, use the same and run in the same place.
type group struct {
	pool    string
	actions []string
	uses    []model.GraphUse
	members []model.GraphDeployment
}

func (g Graph) layout() *layout {
	l := &layout{}
	steps := l.addActions(g)
	groups := g.groups()
	pools := map[string]*box{}
	counts := map[string]int{}
	for _, d := range g.Deployments {
		counts[d.Pool]++
	}
	for _, p := range g.Pools {
		b := &box{class: "pool", head: poolTitle(p), tip: poolTitle(p), rows: []row{{text: plural(counts[p.ID], "deployment")}}}
		pools[p.ID] = b
		l.pool = append(l.pool, b)
	}
	for _, gr := range groups {
		b := gr.box()
		l.groups = append(l.groups, b)
		l.join(gr, b, steps)
		l.lines = append(l.lines, &line{from: b, to: pools[gr.pool], fromRow: -1, toRow: -1, class: "pool"})
	}
	l.addMissing(g)
	l.place()
	return l
}

// stepPlace is where a step is drawn.
type stepPlace struct {
	box *box
	row int
}

func (l *layout) addActions(g Graph) map[string]stepPlace {
	used := map[string][]string{} // outputs used, by step
	for _, u := range g.Uses {
		if label := outputLabel(u); u.From != "" && !strings.Contains("\n"+strings.Join(used[u.From], "\n")+"\n", "\n"+label+"\n") {
			used[u.From] = append(used[u.From], label)
		}
	}
	places := map[string]stepPlace{}
	for _, a := range g.Actions {
		b := &box{class: string(a.Section), head: cutText(actionTitle(a)), tip: actionTitle(a)}
		for i, s := range a.Steps {
			text := stepTitle(s)
			if detail := stepDetail(s); detail != "" {
				text += " = " + detail
			}
			r := row{text: cutText(text), tip: stepTip(s)}
			if names := used[s.ID]; len(names) > 0 {
				r.note = cutText(strings.Join(names, ", ")) + " →"
			}
			b.rows = append(b.rows, r)
			places[s.ID] = stepPlace{b, i}
		}
		places[a.ID] = stepPlace{b, -1}
		l.actions = append(l.actions, b)
	}
	for _, u := range g.Uses {
		from, isStep := places[u.From]
		to, has := places[u.To]
		if isStep && has {
			l.addLoop(&line{from: from.box, fromRow: from.row, to: to.box, toRow: to.row, class: from.box.class, loop: true,
				tip: u.Name})
		}
	}
	return places
}

func (l *layout) addLoop(n *line) {
	for _, other := range l.lines {
		if other.from == n.from && other.fromRow == n.fromRow && other.to == n.to && other.toRow == n.toRow {
			return
		}
	}
	l.lines = append(l.lines, n)
}

// stepTip is the step with its outputs, as far as their values are known.
func stepTip(s model.GraphStep) string {
	lines := []string{s.Function}
	for _, o := range s.Outputs {
		if o.Known {
			lines = append(lines, o.Name+" = "+cutText(flat(o.Value)))
		} else {
			lines = append(lines, o.Name)
		}
	}
	return strings.Join(lines, "\n")
}

// join draws what a group gets from each action it runs.
func (l *layout) join(gr *group, to *box, steps map[string]stepPlace) {
	feeds := map[*box]bool{}
	done := map[stepPlace]bool{}
	for _, u := range gr.uses {
		from, ok := steps[u.From]
		if !ok || done[from] {
			continue
		}
		done[from], feeds[from.box] = true, true
		l.lines = append(l.lines, &line{from: from.box, fromRow: from.row, to: to, toRow: -1, class: from.box.class, tip: u.Name})
	}
	for _, id := range gr.actions {
		if from := steps[id]; !feeds[from.box] {
			l.lines = append(l.lines, &line{from: from.box, fromRow: -1, to: to, toRow: -1, class: from.box.class, runs: true, tip: "runs " + from.box.head})
		}
	}
}

// groups puts deployments together that would be drawn with the same lines, in the order of their pools.
func (g Graph) groups() []*group {
	uses := map[string][]model.GraphUse{}
	for _, u := range g.Uses {
		uses[u.To] = append(uses[u.To], u)
	}
	byKey := map[string]*group{}
	var out []*group
	for _, d := range g.Deployments {
		key := strconv.Quote(d.Pool)
		for _, a := range d.Actions {
			key += " " + a
		}
		for _, u := range uses[d.ID] {
			key += " " + strconv.Quote(u.From)
		}
		gr := byKey[key]
		if gr == nil {
			gr = &group{pool: d.Pool, actions: d.Actions, uses: uses[d.ID]}
			byKey[key] = gr
			out = append(out, gr)
		}
		gr.members = append(gr.members, d)
	}
	order := map[string]int{}
	for i, p := range g.Pools {
		order[p.ID] = i
	}
	slices.SortStableFunc(out, func(a, b *group) int { return order[a.pool] - order[b.pool] })
	return out
}

func (gr *group) box() *box {
	if len(gr.members) == 1 {
		d := gr.members[0]
		return &box{class: "deployments", head: cutText(d.Name), tip: d.Name, rows: []row{{text: cutText(d.Entrypoint), tip: d.Entrypoint}}}
	}
	b := &box{class: "deployments", head: plural(len(gr.members), "deployment")}
	for _, d := range gr.members {
		b.rows = append(b.rows, row{text: cutText(d.Name), note: cutText(d.Entrypoint), tip: strings.TrimSpace(d.Name + " " + d.Entrypoint)})
	}
	return b
}

func (l *layout) addMissing(g Graph) {
	seen := map[string]bool{}
	for _, u := range g.Uses {
		if u.From == "" && !seen[u.Name] {
			seen[u.Name] = true
			l.missing = append(l.missing, u.Name)
		}
	}
}

// place gives every box its rectangle: three columns, each centred, and every line its end.
func (l *layout) place() {
	loops := 0
	for _, n := range l.lines {
		if n.loop {
			loops++
		}
	}
	x, tallest := margin+min(loops, maxLoops)*loopSpace, 0
	columns := [][]*box{l.actions, l.groups, l.pool}
	heights := make([]int, len(columns))
	for i, boxes := range columns {
		w := 0
		for _, b := range boxes {
			b.h = headHeight + len(b.rows)*rowHeight + padding/2
			w = max(w, b.width())
			heights[i] += b.h + boxGap
		}
		for _, b := range boxes {
			b.x, b.w = x, w
		}
		tallest = max(tallest, heights[i])
		if len(boxes) > 0 {
			x += w + columnGap
		}
	}
	for i, boxes := range columns {
		y := titleHeight + (tallest-heights[i])/2
		for _, b := range boxes {
			b.y = y
			y += b.h + boxGap
		}
	}
	l.levelPools(titleHeight + tallest)
	l.width = max(x-columnGap+margin, 420)
	l.height = titleHeight + tallest + legendSpace + len(l.missing)*rowHeight
	l.spread()
}

// levelPools moves each pool beside the deployments that run in it, as far as there is room.
func (l *layout) levelPools(bottom int) {
	sums, counts := map[*box]int{}, map[*box]int{}
	for _, n := range l.lines {
		if n.class == "pool" {
			sums[n.to] += n.from.y + n.from.h/2
			counts[n.to]++
		}
	}
	y := titleHeight
	for _, b := range l.pool {
		b.y = max(y, sums[b]/max(counts[b], 1)-b.h/2)
		y = b.y + b.h + boxGap
	}
	for i := len(l.pool) - 1; i >= 0; i-- { // what sank below the others comes up again
		b := l.pool[i]
		b.y = min(b.y, bottom-boxGap-b.h)
		bottom = b.y
	}
}

func (b *box) width() int {
	widest := columns(b.head)
	for _, r := range b.rows {
		widest = max(widest, r.columns())
	}
	return int(float64(widest)*letterWidth) + 2*padding
}

// spread lets the lines into a box end one below the other.
func (l *layout) spread() {
	ends := map[*box][]*line{}
	for _, n := range l.lines {
		if n.loop {
			n.toY = n.to.middle(n.toRow)
			continue
		}
		ends[n.to] = append(ends[n.to], n)
	}
	for b, lines := range ends {
		slices.SortStableFunc(lines, func(a, b *line) int { return a.from.middle(a.fromRow) - b.from.middle(b.fromRow) })
		for i, n := range lines {
			n.toY = b.y + b.h*(i+1)/(len(lines)+1)
		}
	}
}

// cutText is the start of a long text.
func cutText(s string) string {
	if columns(s) <= maxColumns {
		return s
	}
	n := 0
	for i, r := range s {
		if n += runeColumns(r); n >= maxColumns {
			return s[:i] + "…"
		}
	}
	return s
}
