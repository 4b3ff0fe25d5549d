package schedule

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// frequency is FREQ, from the longest period to the shortest.
type frequency int

const (
	yearly frequency = iota
	monthly
	weekly
	daily
	hourly
	minutely
	secondly
)

var (
	frequencyNames = []string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"}
	ruleWeekdays   = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}
)

// RRuleParts lists the parts a rule may have, for completion.
func RRuleParts() []string {
	return []string{"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYSETPOS", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYEASTER",
		"BYWEEKNO", "BYWEEKDAY", "BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND"}
}

// ruleDay is one of BYDAY: weekday 0 is Monday; n is 0, or the n-th such day of the period, from its end if negative.
type ruleDay struct{ weekday, n int }

// recurrence is one RRULE or EXRULE as written. A nil list is a part that is absent.
type recurrence struct {
	freq     frequency
	interval int64
	count    *int64
	until    *stamp
	wkst     int
	lists    map[string][]int // BYMONTH and the like
	days     []ruleDay        // nil: absent
}

func (r *RRule) fail(at word, problem string, args ...any) *RRuleError {
	return &RRuleError{r.text, at.start, at.end, fmt.Sprintf(problem, args...)}
}

// parse follows rrulestr: white space separates lines, everything is read in capitals.
func (r *RRule) parse() *RRuleError {
	lines := splitWords(r.text)
	for i := range lines {
		lines[i].text = strings.ToUpper(r.text[lines[i].start:lines[i].end])
	}
	if len(lines) == 0 {
		return &RRuleError{r.text, 0, len(r.text), "empty"}
	}
	upper := strings.ToUpper(r.text)
	if len(lines) == 1 && (!strings.Contains(upper, ":") || strings.HasPrefix(upper, "RRULE:")) {
		line := lines[0]
		if strings.HasPrefix(line.text, "RRULE:") {
			line = line.tail(len("RRULE:"))
		}
		part, err := r.recurrence(line)
		if err != nil {
			return err
		}
		r.rules = []*recurrence{part}
		return r.check()
	}
	for _, line := range lines {
		if err := r.property(line); err != nil {
			return err
		}
	}
	r.set = len(r.rules) > 1 || len(r.rdates)+len(r.exrules)+len(r.exdates) > 0
	if !r.set && len(r.rules) == 0 {
		return r.fail(lines[0], "there is no RRULE")
	}
	return r.check()
}

// tail is the word without its first n bytes; the place is right as long as capitals have the same length.
func (w word) tail(n int) word {
	return word{w.text[n:], min(w.start+n, w.end), w.end}
}

// parts splits a word and keeps the places.
func (w word) parts(sep string) []word {
	var out []word
	at := w.start
	for piece := range strings.SplitSeq(w.text, sep) {
		out = append(out, word{piece, min(at, w.end), min(at+len(piece), w.end)})
		at += len(piece) + len(sep)
	}
	return out
}

// property reads one line with a name, or a bare rule.
func (r *RRule) property(line word) *RRuleError {
	name, _, named := strings.Cut(line.text, ":")
	val := line
	if named {
		val = line.tail(len(name) + 1)
	} else {
		name = "RRULE"
	}
	params := strings.Split(name, ";")
	name, params = params[0], params[1:]
	switch name {
	case "RRULE", "EXRULE":
		if len(params) > 0 {
			return r.fail(line, "%s takes no parameter %q", name, params[0])
		}
		if strings.HasPrefix(val.text, "RRULE:") {
			val = val.tail(len("RRULE:"))
		}
		part, err := r.recurrence(val)
		if err != nil {
			return err
		}
		if name == "RRULE" {
			r.rules = append(r.rules, part)
		} else {
			r.exrules = append(r.exrules, part)
		}
	case "RDATE":
		for _, p := range params {
			if p != "VALUE=DATE-TIME" {
				return r.fail(line, "RDATE takes no parameter %q", p)
			}
		}
		return r.dates(val, false, &r.rdates)
	case "EXDATE", "DTSTART":
		zoned, err := r.dateParams(line, params)
		if err != nil {
			return err
		}
		var list []stamp
		if err := r.dates(val, zoned, &list); err != nil {
			return err
		}
		if name == "EXDATE" {
			r.exdates = append(r.exdates, list...)
			return nil
		}
		if len(list) != 1 {
			return r.fail(val, "DTSTART takes one date")
		}
		r.start = &list[0]
	default:
		return r.fail(line, "unknown property %q, expected RRULE, EXRULE, RDATE, EXDATE or DTSTART", name)
	}
	return nil
}

// dateParams reads VALUE and TZID; it says whether a known zone was named.
func (r *RRule) dateParams(line word, params []string) (zoned bool, err *RRuleError) {
	valued := false
	for _, p := range params {
		if name, ok := strings.CutPrefix(p, "TZID="); ok {
			i := strings.Index(r.text, "TZID=") // only this spelling counts, and the zone keeps its case
			if i < 0 {
				continue
			}
			written := r.text[i+len("TZID="):]
			written, _, _ = strings.Cut(written, ":")
			if !strings.EqualFold(written, name) {
				written = name
			}
			if _, bad := Zone(written); bad == nil && written != "" {
				zoned = true
			}
			continue
		}
		if p != "VALUE=DATE-TIME" && p != "VALUE=DATE" {
			return false, r.fail(line, "unknown parameter %q, expected VALUE=DATE-TIME, VALUE=DATE or TZID", p)
		}
		if valued {
			return false, r.fail(line, "VALUE is given twice")
		}
		valued = true
	}
	return zoned, nil
}

func (r *RRule) dates(val word, zoned bool, out *[]stamp) *RRuleError {
	for _, item := range val.parts(",") {
		s, err := parseStamp(item.text)
		if err != nil {
			return r.fail(item, "%v", err)
		}
		if zoned {
			if s.aware {
				return r.fail(item, "the date has a zone beside TZID")
			}
			s.aware = true
		}
		*out = append(*out, s)
	}
	return nil
}

// recurrence reads "FREQ=…;…".
func (r *RRule) recurrence(line word) (*recurrence, *RRuleError) {
	if strings.Contains(line.text, ":") {
		return nil, r.fail(line, "unexpected %q", ":")
	}
	part := &recurrence{freq: -1, interval: 1, lists: map[string][]int{}}
	for _, pair := range line.parts(";") {
		name, text, ok := strings.Cut(pair.text, "=")
		if !ok || strings.Contains(text, "=") {
			return nil, r.fail(pair, "not a NAME=VALUE part")
		}
		if problem := part.set(name, text); problem != "" {
			return nil, r.fail(pair, "%s", problem)
		}
	}
	if part.freq < 0 {
		return nil, r.fail(line, "FREQ is missing, expected one of %s", strings.Join(frequencyNames, ", "))
	}
	return part, nil
}

// set takes in one part and says what is wrong with it.
func (p *recurrence) set(name, text string) string {
	switch name {
	case "FREQ":
		p.freq = frequency(slices.Index(frequencyNames, text))
		if p.freq < 0 {
			return "unknown FREQ, expected one of " + strings.Join(frequencyNames, ", ")
		}
	case "INTERVAL", "COUNT":
		n, ok := pyInt(text)
		if !ok {
			return name + " is not a whole number"
		}
		if name == "COUNT" {
			p.count = &n
		} else {
			p.interval = n
		}
	case "UNTIL":
		s, err := parseStamp(text)
		if err != nil {
			return err.Error()
		}
		p.until = &s
	case "WKST":
		p.wkst = slices.Index(ruleWeekdays, text)
		if p.wkst < 0 {
			return "unknown weekday, expected one of " + strings.Join(ruleWeekdays, ", ")
		}
	case "BYDAY", "BYWEEKDAY":
		return p.setDays(text)
	case "BYSETPOS", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYEASTER", "BYWEEKNO", "BYHOUR", "BYMINUTE", "BYSECOND":
		list := []int{}
		for item := range strings.SplitSeq(text, ",") {
			n, ok := pyInt(item)
			if !ok {
				return fmt.Sprintf("%q is not a whole number", item)
			}
			list = append(list, int(n))
		}
		p.lists[name] = list
	default:
		return fmt.Sprintf("unknown part %q, expected one of %s", name, strings.Join(RRuleParts(), ", "))
	}
	return ""
}

// setDays reads MO, +2MO and MO(+2).
func (p *recurrence) setDays(text string) string {
	p.days = []ruleDay{}
	for item := range strings.SplitSeq(text, ",") {
		name, number := item, ""
		if before, after, ok := strings.Cut(item, "("); ok {
			after, _, _ = strings.Cut(after, "(")
			name, number = before, dropLast(after)
			if number == "" {
				return fmt.Sprintf("%q has no number in its brackets", item)
			}
		} else if i := strings.IndexFunc(item, func(c rune) bool { return !strings.ContainsRune("+-0123456789", c) }); i > 0 {
			number, name = item[:i], item[i:]
		}
		day := ruleDay{weekday: slices.Index(ruleWeekdays, name)}
		if day.weekday < 0 {
			return fmt.Sprintf("unknown weekday %q, expected one of %s, with a number in front or none", item, strings.Join(ruleWeekdays, ", "))
		}
		if number != "" {
			n, ok := pyInt(number)
			if !ok || n == 0 {
				return fmt.Sprintf("%q is not a place in the month or year", number)
			}
			day.n = int(n)
		}
		p.days = append(p.days, day)
	}
	return ""
}

func dropLast(s string) string {
	r := []rune(s)
	return string(r[:max(0, len(r)-1)])
}

// check is what dateutil finds when the rule is made. Without DTSTART a rule starts at the moment of validation, so only what fails at any
// moment is refused.
func (r *RRule) check() *RRuleError {
	all := word{r.text, 0, len(r.text)}
	for _, part := range append(append([]*recurrence(nil), r.rules...), r.exrules...) {
		if r.start != nil {
			if _, err := part.compile(*r.start); err != nil {
				return r.fail(all, "%v", err)
			}
			continue
		}
		aware := part.until != nil && part.until.aware
		var first error
		passes := false
		for minute := 0; minute < 24*60 && !passes; minute += 61 { // every hour, minute and parity once
			start := stamp{wall: defaultStart.wall.Add(time.Duration(minute)*time.Minute + time.Duration(minute%60)*time.Second), aware: aware, known: true}
			_, err := part.compile(start)
			passes = err == nil
			if first == nil {
				first = err
			}
		}
		if !passes && first != nil {
			return r.fail(all, "%v", first)
		}
	}
	return nil
}
