package schedule

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/pattern"
)

// cronParser expands the fields of one expression in place, item by item, as croniter does.
type cronParser struct {
	cron  *Cron
	words []word
}

var (
	cronRange   = pattern.New(`^([^-]+)-([^-/]+)(?:/([0-9]+))?$`)
	cronStep    = pattern.New(`^(.+)/(.+)$`)
	cronStar    = pattern.New(`^\*(/.+)$`)
	cronInt     = pattern.New(`^[0-9]+$`)
	cronNearest = pattern.New(`^(?:([0-9]+)w|w([0-9]+))$`)
	cronHash    = pattern.New(`^([hr])(?:\(([0-9]+)-([0-9]+)\))?(?:/([0-9]+))?$`)
	cronNth     = pattern.New(`^(?:((?:sun|mon|tue|wed|thu|fri|sat)(?:-(?:sun|mon|tue|wed|thu|fri|sat))?|[\pL\pN_]+)#|l)([0-9]+)$`)
)

// fail makes the error for a piece of a field.
func (p *cronParser) fail(f Field, at word, format string, args ...any) *CronError {
	return &CronError{p.cron.expr, f, at.start, at.end, fmt.Sprintf(format, args...)}
}

// atoi reads digits; what does not fit is as good as very large.
func atoi(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return math.MaxInt32
	}
	return min(n, math.MaxInt32)
}

// field expands the i-th word.
func (p *cronParser) field(f Field) error {
	w := p.words[f]
	expr := w.text
	if m := cronHash.FindStringSubmatch(expr); m != nil {
		return p.hash(f, w, m)
	}
	if strings.Contains(expr, "?") {
		if expr != "?" {
			return p.fail(f, w, "? cannot be combined")
		}
		if f != Day && f != Weekday {
			return p.fail(f, w, "? stands only for a day")
		}
		expr = "*"
	}
	out := cronField{text: w.text}
	values := map[int]bool{}
	items := p.items(w, expr)
	for i := len(items) - 1; i >= 0; i-- { // croniter reads lists from the end
		if err := p.item(f, items[i], len(items), &out, values); err != nil {
			return err
		}
	}
	p.cron.fields = append(p.cron.fields, p.finish(f, out, values))
	return nil
}

// items splits a field at its commas.
func (p *cronParser) items(w word, expr string) []word {
	var items []word
	at := w.start
	lower := len(expr) == w.end-w.start // else an alias, or letters whose lower case is longer
	for part := range strings.SplitSeq(expr, ",") {
		item := word{part, w.start, w.end}
		if lower {
			item.start, item.end = at, at+len(part)
			if item.start == item.end {
				item.start, item.end = w.start, w.end // an empty item has nothing to point at
			}
		}
		items = append(items, item)
		at += len(part) + 1
	}
	return items
}

// item adds what one list item allows.
func (p *cronParser) item(f Field, item word, listed int, out *cronField, values map[int]bool) error {
	e, number := item.text, 0
	if e == "*" || cronInt.MatchString(e) {
		return p.single(f, item, e, 0, out, values)
	}
	if f == Weekday {
		if m := cronNth.FindStringSubmatch(e); m != nil {
			if m[1] == "" {
				e, number = m[2], lastNth
			} else {
				e, number = m[1], atoi(m[2])
				if number < 1 || number > 5 {
					return p.fail(f, item, "a month has weekdays #1 to #5")
				}
			}
		}
	}
	if f == Day && p.cron.gen == 2 {
		if m := cronNearest.FindStringSubmatch(e); m != nil {
			return p.nearest(f, item, atoi(m[1]+m[2]), listed, values)
		}
	}
	spec := fieldSpecs[f]
	text := e
	if m := cronStar.FindStringSubmatch(e); m != nil {
		text = fmt.Sprintf("%d-%d%s", spec.min, spec.max, m[1])
	}
	m := cronRange.FindStringSubmatch(text)
	if m == nil {
		if s := cronStep.FindStringSubmatch(e); s != nil {
			text = fmt.Sprintf("%s-%d/%s", s[1], spec.max, s[2])
			m = cronRange.FindStringSubmatch(text)
		}
	}
	if m != nil {
		return p.span(f, item, m, number, values)
	}
	return p.single(f, item, text, number, out, values)
}

// span adds a range with an optional step.
func (p *cronParser) span(f Field, item word, m []string, number int, values map[int]bool) error {
	low, high, step := m[1], m[2], 1
	if f == Day && high == "l" {
		high = "31"
	}
	a, err := p.bound(f, item, low)
	if err != nil {
		return err
	}
	b, err := p.bound(f, item, high)
	if err != nil {
		return err
	}
	if m[3] != "" {
		step = atoi(m[3])
	}
	a, b = p.alias(f, a), p.alias(f, b)
	spec := fieldSpecs[f]
	if max(a, b) > spec.max {
		return p.fail(f, item, "%d is too large", max(a, b))
	}
	if step == 0 {
		return p.fail(f, item, "the step is 0")
	}
	for _, v := range cronSequence(a, b, step, spec) {
		if v = p.alias(f, v); v < spec.min {
			return p.fail(f, item, "%d is too small", v)
		}
		values[v] = true
		p.addNth(f, v, number)
	}
	return nil
}

// cronSequence lists a range that may wrap around the end of the field; equal ends mean the whole field.
func cronSequence(a, b, step int, spec fieldSpec) []int {
	count := func(from, to int) (out []int) {
		for v := from; v <= to; v += step {
			out = append(out, v)
		}
		return out
	}
	switch {
	case a < b:
		return count(a, b)
	case a == b:
		return count(spec.min, spec.max)
	}
	out, skip := count(a, spec.max), 0
	if len(out) > 0 {
		last := out[len(out)-1]
		skipped := spec.max - last
		if last-spec.min+step > spec.max-spec.min+1 && skipped < step {
			skip = step - skipped
		}
	}
	return append(out, count(spec.min+skip, b)...)
}

func (p *cronParser) bound(f Field, item word, text string) (int, error) {
	if cronInt.MatchString(text) {
		return atoi(text), nil
	}
	if v, ok := cronName(f, text); ok && v != lastDay {
		return v, nil
	}
	return 0, p.fail(f, item, "%q is not a value", text)
}

// single adds one value.
func (p *cronParser) single(f Field, item word, text string, number int, out *cronField, values map[int]bool) error {
	switch {
	case text == "":
		return p.fail(f, item, "an item of the list is empty")
	case strings.HasPrefix(text, "-"):
		return p.fail(f, item, "negative numbers are not allowed")
	case text == "*":
		out.star = true
		return nil
	}
	v, named := cronName(f, text)
	if !named {
		if !cronInt.MatchString(text) {
			return p.fail(f, item, "not a value")
		}
		v = atoi(text)
	}
	spec := fieldSpecs[f]
	if v = p.alias(f, v); v != lastDay || !named {
		if v < spec.min || v > spec.max {
			return p.fail(f, item, "out of range %d-%d", spec.min, spec.max)
		}
	}
	values[v] = true
	p.addNth(f, v, number)
	return nil
}

func cronName(f Field, text string) (int, bool) {
	switch f {
	case Day:
		return lastDay, text == "l"
	case Month:
		i := slices.Index(monthNames, text)
		return i + 1, i >= 0
	case Weekday:
		i := slices.Index(weekdayNames, text)
		return i, i >= 0
	}
	return 0, false
}

// alias turns 7 into Sunday, and day and month 0 into 1 where croniter still does: it depends on the number of fields.
func (p *cronParser) alias(f Field, v int) int {
	n := len(p.words)
	switch {
	case f == Day && v == 0 && n == 6:
		return 1
	case f == Weekday && v == 7 && n == 5:
		return 0
	}
	return v
}

func (p *cronParser) addNth(f Field, weekday, number int) {
	if f == Weekday && number != 0 && !slices.Contains(p.cron.nths, nth{weekday, number}) {
		p.cron.nths = append(p.cron.nths, nth{weekday, number})
	}
}

// nearest adds "15W", the weekday nearest to a day; only the croniter of Prefect 2 knows it.
func (p *cronParser) nearest(f Field, item word, day, listed int, values map[int]bool) error {
	if day < 1 || day > 31 {
		return p.fail(f, item, "out of range 1-31")
	}
	if listed > 1 {
		return p.fail(f, item, "W cannot be part of a list")
	}
	p.cron.nearest = day
	values[day] = true
	return nil
}

// hash reads H and R fields: H is refused, R is drawn anew each time croniter looks.
func (p *cronParser) hash(f Field, w word, m []string) error {
	if m[1] == "h" {
		return p.fail(f, w, "random and hashed values are not supported")
	}
	if m[2] != "" && atoi(m[2]) >= atoi(m[3]) {
		return p.fail(f, w, "the range is empty")
	}
	if m[4] != "" && atoi(m[4]) == 0 {
		return p.fail(f, w, "the step is 0")
	}
	spec := fieldSpecs[f]
	if m[2] != "" && (atoi(m[2]) > spec.max || m[4] != "" && atoi(m[3]) > spec.max) {
		return p.fail(f, w, "out of range %d-%d", spec.min, spec.max)
	}
	p.cron.random = p.cron.random || w.text != "r" // the bare letter is refused later
	p.cron.fields = append(p.cron.fields, cronField{text: w.text, star: true})
	return nil
}

// finish sorts the values and turns a full field into a star, unless the other day field would then lose its meaning.
func (p *cronParser) finish(f Field, out cronField, values map[int]bool) cronField {
	for v := range values {
		out.values = append(out.values, v)
	}
	slices.Sort(out.values)
	n := len(out.values)
	if out.star {
		n++
	}
	if n == fieldSpecs[f].all {
		day, weekday := p.words[Day].text, p.words[Weekday].text
		keeps := f == Day && !strings.Contains(weekday, "*") || f == Weekday && !strings.Contains(day, "*")
		if !keeps {
			out.star, out.values = true, nil
		}
	}
	return out
}

// checkNths refuses lists that mix "mon#2" with plain weekdays.
func (p *cronParser) checkNths() error {
	if len(p.cron.nths) == 0 {
		return nil
	}
	field := p.cron.fields[Weekday]
	if n := len(field.values); n == fieldSpecs[Weekday].all || n == fieldSpecs[Weekday].all-1 && field.star {
		return nil
	}
	for _, v := range field.values {
		if !slices.ContainsFunc(p.cron.nths, func(n nth) bool { return n.weekday == v }) {
			return p.fail(Weekday, p.words[Weekday], "plain weekdays and # or L cannot be mixed")
		}
	}
	return nil
}
