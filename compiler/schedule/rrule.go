package schedule

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/prefectc/prefectc/compiler/value"
)

// MaxRRuleLength is the longest rule Prefect takes, in characters.
const MaxRRuleLength = 6500

// RRuleError says which part of a recurrence rule is wrong.
type RRuleError struct {
	Text       string
	Start, End int // bytes of Text that are wrong
	Problem    string
}

func (e *RRuleError) Error() string {
	part := e.Text[e.Start:e.End]
	if part == "" || part == e.Text {
		part = shorten(e.Text)
	}
	return fmt.Sprintf("invalid rrule %q: %s", shorten(part), e.Problem)
}

func shorten(s string) string {
	const limit = 80
	if len(s) <= limit {
		return s
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// RRule is a recurrence rule, or a set of rules and dates, that dateutil accepts.
type RRule struct {
	text    string // the rule itself, out of its JSON object if it came in one
	gen     int
	set     bool // several parts: dateutil makes a set of them, not one rule
	rules   []*recurrence
	exrules []*recurrence
	rdates  []stamp
	exdates []stamp
	start   *stamp // of a DTSTART line

	json    bool
	zone    string
	hasZone bool
}

// Text is the rule itself, without the JSON object it may have come in.
func (r *RRule) Text() string { return r.text }

// FromJSON says that the rule came as {"rrule": …, "timezone": …}; zone is its time zone, present if it names one.
func (r *RRule) FromJSON() (zone string, present, fromJSON bool) { return r.zone, r.hasZone, r.json }

// ParseRRule reads a rule as the generation of Prefect validates it: what dateutil's rrulestr takes, or a JSON object {"rrule": …,
// "timezone": …}. Rules that pass may still never run, see [RRule.Problem]. The error is a *RRuleError, or a *ZoneError for the zone of the object.
func ParseRRule(text string, gen int) (*RRule, error) {
	rule, err := parseJSONRule(text, gen)
	if rule == nil && err == nil {
		rule = &RRule{text: text, gen: gen}
	}
	if err != nil {
		return nil, err
	}
	if err := rule.parse(); err != nil {
		if rule.json { // the offsets are those of the inner text
			err.Start, err.End = 0, len(err.Text)
		}
		return nil, err
	}
	if n := utf8.RuneCountInString(rule.text); n > MaxRRuleLength {
		return nil, &RRuleError{rule.text, 0, len(rule.text), fmt.Sprintf("%d characters, at most %d are allowed", n, MaxRRuleLength)}
	}
	return rule, nil
}

// parseJSONRule answers nil if the text is no JSON.
func parseJSONRule(text string, gen int) (*RRule, error) {
	v, err := value.FromJSON([]byte(text))
	if err != nil {
		return nil, nil //nolint:nilerr // not JSON: an ordinary rule
	}
	wrong := func(problem string) error { return &RRuleError{text, 0, len(text), problem} }
	object, ok := v.(*value.Map)
	if !ok {
		return nil, wrong("a JSON " + value.TypeName(v) + " instead of a rule such as \"FREQ=DAILY\"")
	}
	rule := &RRule{gen: gen, json: true}
	for _, p := range object.Pairs {
		switch p.Key {
		case "rrule":
			if rule.text, ok = p.Value.(string); !ok {
				return nil, wrong("\"rrule\" must be text")
			}
		case "timezone":
			if p.Value == nil {
				continue
			}
			if rule.zone, rule.hasZone = p.Value.(string); !rule.hasZone {
				return nil, wrong("\"timezone\" must be text")
			}
			if _, err := ZoneFor(rule.zone, "rrule", gen); err != nil {
				return nil, err
			}
		default:
			return nil, wrong(fmt.Sprintf("unknown key %q, expected \"rrule\" and \"timezone\"", value.KeyText(p.Key)))
		}
	}
	if _, ok := object.Get("rrule"); !ok {
		return nil, wrong("the key \"rrule\" is missing")
	}
	return rule, nil
}

// defaultStart is where Prefect starts a rule without DTSTART.
var defaultStart = stamp{wall: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), known: true}

// startStamp is the DTSTART, or Prefect's default.
func (r *RRule) startStamp() stamp {
	if r.start != nil {
		return *r.start
	}
	return defaultStart
}

// Problem says why Prefect's scheduler fails on a rule that the deploy accepted, or nil: an UNTIL in UTC without a DTSTART in UTC, parts that
// no date fulfils, an interval of 0.
func (r *RRule) Problem() error {
	for _, part := range append(append([]*recurrence(nil), r.rules...), r.exrules...) {
		if part.interval == 0 {
			return fmt.Errorf("INTERVAL=0 never moves on")
		}
		if _, err := part.compile(r.startStamp()); err != nil {
			return err
		}
	}
	return nil
}

// Finite says that the rule ends: every part has COUNT or UNTIL.
func (r *RRule) Finite() bool {
	for _, part := range r.rules {
		if part.count == nil && part.until == nil {
			return false
		}
	}
	return true
}

// Normalize is the text that is sent. Prefect 3 puts a DTSTART in front of a rule that has none: 2020-01-01, or for rules by the minute or
// second without COUNT the last multiple of the period before now in the schedule's zone, so that the server need not count from 2020.
func (r *RRule) Normalize(now time.Time, loc *time.Location) (string, error) {
	if r.gen == 2 || strings.Contains(strings.ToUpper(r.text), "DTSTART") {
		return r.text, nil
	}
	for _, part := range append(append([]*recurrence(nil), r.rules...), r.exrules...) {
		if _, err := part.compile(defaultStart); err != nil {
			return r.text, nil //nolint:nilerr // Prefect leaves alone what it cannot read again
		}
	}
	start := defaultStart.wall
	if !r.set && r.rules[0].count == nil && r.rules[0].freq >= minutely {
		period := r.rules[0].interval
		if r.rules[0].freq == minutely {
			period *= 60
		}
		if period == 0 {
			return "", &RRuleError{r.text, 0, len(r.text), "INTERVAL=0 never moves on, Prefect 3 divides by it"}
		}
		if loc == nil {
			loc = time.UTC
		}
		if apart := wallIn(now, loc).Unix() - start.Unix(); apart > 0 {
			steps := apart / period
			if apart%period != 0 && period < 0 {
				steps--
			}
			start = time.Unix(start.Unix()+steps*period, 0).UTC()
		}
	}
	return "DTSTART:" + start.Format("20060102T150405") + "\n" + r.text, nil
}
