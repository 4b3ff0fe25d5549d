package schedule

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestRRuleErrorPointsAtThePart(t *testing.T) {
	for _, c := range []struct{ text, part string }{
		{"FREQ=SOMETIMES", "FREQ=SOMETIMES"},
		{"FREQ=DAILY;INTERVAL=x", "INTERVAL=x"},
		{"RRULE:FREQ=DAILY;FOO=1;COUNT=2", "FOO=1"},
		{"RRULE:FREQ=DAILY\nEXDATE:20250101,never", "never"},
		{"rrule:freq=weekly;byday=mo,xx", "byday=mo,xx"},
		{"INTERVAL=2", "INTERVAL=2"},
		{"DTSTART:20250101T000000\nFOO:BAR", "FOO:BAR"},
		{"FREQ=DAILY;UNTIL=20261301", "UNTIL=20261301"},
	} {
		_, err := ParseRRule(c.text, 3)
		var wrong *RRuleError
		if !errors.As(err, &wrong) {
			t.Errorf("%q: got %v, want an RRuleError", c.text, err)
			continue
		}
		if got := c.text[wrong.Start:wrong.End]; got != c.part {
			t.Errorf("%q: error at %q, want %q", c.text, got, c.part)
		}
	}
}

// TestRRuleProblem: rules that the deploy accepts and the server's scheduler then fails on, for ever.
func TestRRuleProblem(t *testing.T) {
	for text, want := range map[string]string{
		"FREQ=DAILY":                        "",
		"FREQ=DAILY;UNTIL=20300101T000000Z": "UNTIL is in UTC",
		"DTSTART:20250101T000000Z\nRRULE:FREQ=DAILY;UNTIL=20300101T000000Z": "",
		"FREQ=HOURLY;INTERVAL=2;BYHOUR=3":                                   "no BYHOUR in the list is reached",
		"FREQ=DAILY;INTERVAL=0":                                             "never moves on",
	} {
		r, err := ParseRRule(text, 3)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		problem := r.Problem()
		if (problem == nil) != (want == "") || problem != nil && !strings.Contains(problem.Error(), want) {
			t.Errorf("%q has the problem %v, want %q", text, problem, want)
		}
	}
}

func TestRRuleFinite(t *testing.T) {
	for text, want := range map[string]bool{
		"FREQ=DAILY": false, "FREQ=DAILY;COUNT=3": true, "FREQ=DAILY;UNTIL=20300101": true, "RDATE:20300101T000000": true,
		"RRULE:FREQ=DAILY;COUNT=3\nRRULE:FREQ=MONTHLY": false,
	} {
		r, err := ParseRRule(text, 3)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if r.Finite() != want {
			t.Errorf("%q is finite: %v", text, r.Finite())
		}
	}
}

func TestRRuleLength(t *testing.T) {
	rule := "RDATE:" + strings.Repeat("20300101T000000,", 405)
	if _, err := ParseRRule(rule+"20300101T000000", 3); err == nil || !strings.Contains(err.Error(), "at most 6500") {
		t.Errorf("a rule of 6501 characters: %v", err)
	}
}

// TestRRuleAfter2037: dateutil does not know summer time after 2037; the dates are those that Prefect 3.8.8 gave.
func TestRRuleAfter2037(t *testing.T) {
	loc, err := Zone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	r, err := ParseRRule("DTSTART:20250513T003000\nRRULE:FREQ=YEARLY;INTERVAL=6;WKST=SU", 3)
	if err != nil {
		t.Fatal(err)
	}
	dates, err := r.Next(time.Date(2025, 12, 31, 23, 59, 0, 0, time.UTC), 3, loc)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"2031-05-13T04:30:00Z", "2037-05-13T04:30:00Z", "2043-05-13T05:30:00Z"} {
		if got := dates[i].UTC().Format(time.RFC3339); got != want {
			t.Errorf("date %d is %s, want %s", i+1, got, want)
		}
	}
}
