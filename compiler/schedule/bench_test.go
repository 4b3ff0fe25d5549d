package schedule

import (
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

func BenchmarkParseCron(b *testing.B) {
	for b.Loop() {
		if _, err := ParseCron("*/15 8-18 * * mon-fri", 3); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCronNext(b *testing.B) {
	c, err := ParseCron("0 9 l * mon-fri", 3)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := c.Next(fuzzStart, 6, time.UTC, true); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseRRule(b *testing.B) {
	for b.Loop() {
		if _, err := ParseRRule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", 3); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRRuleNextMinutely(b *testing.B) {
	r, err := ParseRRule("FREQ=MINUTELY;INTERVAL=45", 2)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := r.Next(fuzzStart, 6, time.UTC); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRRuleNever is the worst case: a rule that never fires.
func BenchmarkRRuleNever(b *testing.B) {
	r, err := ParseRRule("FREQ=DAILY;BYMONTH=13", 3)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if dates, err := r.Next(fuzzStart, 6, time.UTC); len(dates) > 0 {
			b.Fatal(dates, err)
		}
	}
}

func BenchmarkZone(b *testing.B) {
	for b.Loop() {
		if _, err := Zone("America/New_York"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNormalize(b *testing.B) {
	item := value.NewMap("cron", "0 9 * * 1-5", "timezone", "Europe/Paris")
	for b.Loop() {
		if _, err := Normalize(item, 3, fuzzStart); err != nil {
			b.Fatal(err)
		}
	}
}
