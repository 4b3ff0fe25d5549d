package schedule

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

// recorded is one answer of the real Prefect, see testdata/record.py.
type recorded struct {
	Kind       string
	Input      json.RawMessage
	Zone       *string
	Start      string
	Anchor     string
	DayOr      *bool `json:"day_or"`
	For        string
	Error      string
	Fails      string
	Dates      []string
	Seconds    float64
	Sent       string
	Normalized *string
}

func (r recorded) text() string {
	var s string
	_ = json.Unmarshal(r.Input, &s) // "" for a number
	return s
}

func (r recorded) String() string {
	zone := "none"
	if r.Zone != nil {
		zone = *r.Zone
	}
	return fmt.Sprintf("%s %.80s in %s from %s", r.Kind, r.Input, zone, r.Start)
}

func loadRecorded(tb testing.TB, gen int) []recorded {
	tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("testdata/recorded-%d.json", gen))
	if err != nil {
		tb.Fatal(err)
	}
	var all []recorded
	if err := json.Unmarshal(text, &all); err != nil {
		tb.Fatal(err)
	}
	return all
}

// TestRecordedAnswers compares validity, sent text and the next six dates with what the real Prefect answered.
func TestRecordedAnswers(t *testing.T) {
	for _, gen := range []int{2, 3} {
		t.Run(fmt.Sprintf("Prefect %d", gen), func(t *testing.T) {
			all := loadRecorded(t, gen)
			if len(all) < 1000 {
				t.Fatalf("only %d cases", len(all))
			}
			for _, r := range all {
				if problem := compareRecorded(t, r, gen); problem != "" {
					t.Errorf("%v: %s", r, problem)
				}
			}
		})
	}
}

func compareRecorded(t *testing.T, r recorded, gen int) string {
	t.Helper()
	loc := time.UTC
	if r.Zone != nil {
		var err error
		if loc, err = Zone(*r.Zone); err != nil {
			t.Fatal(err)
		}
	}
	var from time.Time
	if r.Start != "" {
		var err error
		if from, err = time.Parse(time.RFC3339, r.Start); err != nil {
			t.Fatal(err)
		}
	}
	switch r.Kind {
	case "cron":
		c, err := ParseCron(r.text(), gen)
		if err != nil || r.Error != "" {
			return sameVerdict(err, r.Error)
		}
		if c.Random() {
			return ""
		}
		dates, err := c.Next(from, 6, loc, *r.DayOr)
		return sameDates(r, dates, err)
	case "interval":
		var seconds float64
		if err := json.Unmarshal(r.Input, &seconds); err != nil {
			t.Fatal(err)
		}
		anchor, err := ParseAnchor(r.Anchor, gen, from)
		if err != nil {
			return err.Error()
		}
		dates, err := Interval{Seconds: seconds, Anchor: anchor, Location: loc, Gen: gen}.Next(from, 6)
		return sameDates(r, dates, err)
	case "rrule":
		rule, err := ParseRRule(r.text(), gen)
		if err != nil || r.Error != "" {
			return sameVerdict(err, r.Error)
		}
		if r.Start == "" {
			return ""
		}
		if r.Normalized != nil {
			got, err := rule.Normalize(from, loc)
			if err != nil || got != *r.Normalized {
				return fmt.Sprintf("sent as %q %v, want %q", got, err, *r.Normalized)
			}
		}
		dates, err := rule.Next(from, 6, loc)
		return sameDates(r, dates, err)
	case "duration":
		v, err := value.FromJSON(r.Input)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseInterval(v, gen)
		if err != nil || r.Error != "" {
			return sameVerdict(err, r.Error)
		}
		if got != r.Seconds {
			return fmt.Sprintf("is %v seconds, want %v", got, r.Seconds)
		}
	case "anchor":
		got, err := ParseAnchor(r.text(), gen, time.Now())
		if err != nil || r.Error != "" {
			return sameVerdict(err, r.Error)
		}
		if sent := FormatAnchor(got, gen); sent != r.Sent {
			return fmt.Sprintf("is sent as %s, want %s", sent, r.Sent)
		}
	case "zone":
		if r.text() == "localtime" {
			return "" // a file of the host, not a zone
		}
		_, err := ZoneFor(r.text(), r.For, gen)
		return sameVerdict(err, r.Error)
	default:
		t.Fatalf("unknown kind %q", r.Kind)
	}
	return ""
}

func sameVerdict(err error, want string) string {
	switch {
	case err != nil && want == "":
		return fmt.Sprintf("Prefect accepts it, we say: %v", err)
	case err == nil && want != "":
		return "Prefect refuses it with " + want
	}
	return ""
}

func sameDates(r recorded, dates []time.Time, err error) string {
	if r.Fails == "Timeout" {
		return "" // dateutil counts every date since 2020 before it answers; we skip ahead
	}
	if r.Fails != "" {
		if err == nil {
			return fmt.Sprintf("Prefect fails with %s, we give %v", r.Fails, dates)
		}
		return ""
	}
	if err != nil && !errors.Is(err, ErrTooFar) {
		return fmt.Sprintf("Prefect gives %v, we say: %v", r.Dates, err)
	}
	var got []string
	for _, d := range dates {
		s := d.UTC().Format("2006-01-02T15:04:05")
		if us := d.Nanosecond() / 1000; us != 0 {
			s += fmt.Sprintf(".%06d", us)
		}
		got = append(got, s+"Z")
	}
	if !slices.Equal(got, r.Dates) {
		return fmt.Sprintf("dates\n got %s\nwant %s", strings.Join(got, " "), strings.Join(r.Dates, " "))
	}
	return ""
}
