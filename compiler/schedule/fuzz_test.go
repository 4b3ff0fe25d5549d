package schedule

import (
	"encoding/json"
	"errors"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/prefectc/prefectc/compiler/value"
)

// seed adds the recorded inputs of one kind.
func seed(f *testing.F, kind string) {
	for _, r := range loadRecorded(f, 3) {
		if r.Kind == kind {
			var s string
			if json.Unmarshal(r.Input, &s) == nil {
				f.Add(s, r.Input[0] == '"')
			}
		}
	}
	f.Add("\x00\xff", true)
	f.Add("İ * * * *", true)
}

var fuzzStart = time.Date(2025, 10, 26, 0, 20, 0, 0, time.UTC)

func FuzzParseCron(f *testing.F) {
	seed(f, "cron")
	loc, err := Zone("Europe/Paris")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, expr string, dayOr bool) {
		for _, gen := range []int{2, 3} {
			c, err := ParseCron(expr, gen)
			if err != nil {
				var wrong *CronError
				if !errors.As(err, &wrong) || wrong.Start < 0 || wrong.End > len(expr) || wrong.Start > wrong.End {
					t.Fatalf("error without a place: %#v", err)
				}
				_ = err.Error()
				continue
			}
			if c.Words() == "" {
				t.Fatal("no words")
			}
			dates, err := c.Next(fuzzStart, 3, loc, dayOr)
			if err != nil && !errors.Is(err, ErrNoDates) && !errors.Is(err, ErrRandom) {
				t.Fatal(err)
			}
			for i := 1; i < len(dates); i++ {
				if !dates[i].After(dates[i-1]) {
					t.Fatalf("dates are not in order: %v", dates)
				}
			}
		}
	})
}

func FuzzParseRRule(f *testing.F) {
	seed(f, "rrule")
	loc, err := Zone("America/New_York")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, late bool) {
		from := fuzzStart
		if late {
			from = from.AddDate(3, 0, 0)
		}
		for _, gen := range []int{2, 3} {
			r, err := ParseRRule(text, gen)
			if err != nil {
				var wrong *RRuleError
				if errors.As(err, &wrong) && (wrong.Start < 0 || wrong.End > len(wrong.Text) || wrong.Start > wrong.End) {
					t.Fatalf("error without a place: %#v", err)
				}
				_ = err.Error()
				continue
			}
			_ = r.Problem()
			sent, err := r.Normalize(from, loc)
			if err == nil && utf8.RuneCountInString(sent) < MaxRRuleLength {
				if _, err := ParseRRule(sent, gen); err != nil {
					t.Fatalf("%q is sent as %q, which is refused: %v", text, sent, err)
				}
			}
			dates, _ := r.Next(from, 3, loc)
			for i, d := range dates {
				if d.Before(from) || i > 0 && wallIn(d, loc).Before(wallIn(dates[i-1], loc)) {
					t.Fatalf("dates are not in order: %v", dates)
				}
			}
		}
	})
}

func FuzzParseInterval(f *testing.F) {
	seed(f, "duration")
	seed(f, "anchor")
	f.Fuzz(func(t *testing.T, text string, _ bool) {
		if _, err := ParseInterval(text, 2); err == nil {
			t.Fatal("Prefect 2 takes no text")
		}
		if s, err := ParseInterval(text, 3); err == nil && (s <= 0 || s > maxIntervalSeconds+86400) {
			t.Fatalf("%q is %v seconds", text, s)
		}
		for _, gen := range []int{2, 3} {
			anchor, err := ParseAnchor(text, gen, fuzzStart)
			if err != nil {
				continue
			}
			again, err := ParseAnchor(FormatAnchor(anchor, gen), gen, fuzzStart)
			if err != nil || !again.Equal(anchor) {
				t.Fatalf("%q is sent as %s, which reads %v %v", text, FormatAnchor(anchor, gen), again, err)
			}
			if _, err := (Interval{Seconds: 5400, Anchor: anchor, Location: time.UTC, Gen: gen}).Next(fuzzStart, 3); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{`{"cron": "0 0 * * *", "day_or": "no"}`, `{"interval": 60, "timezone": 5}`, `{"rrule": "FREQ=DAILY", "slug": [1]}`,
		`{"rrule": "{\"rrule\": \"FREQ=DAILY\", \"timezone\": \"Asia/Tokyo\"}", "active": "maybe"}`, `{}`, `{"interval": 1e300}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := value.FromJSON(text)
		item, ok := v.(*value.Map)
		if err != nil || !ok {
			return
		}
		for _, gen := range []int{2, 3} {
			got, err := Normalize(item, gen, fuzzStart)
			if err != nil {
				var wrong *ItemError
				if !errors.As(err, &wrong) {
					t.Fatalf("not an ItemError: %v", err)
				}
				continue
			}
			if _, err := value.JSON(got.Create); err != nil {
				t.Fatal(err)
			}
			_, _ = got.Next(fuzzStart, 2)
		}
	})
}
