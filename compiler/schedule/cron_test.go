package schedule

import (
	"errors"
	"testing"
	"time"
)

func TestCronWords(t *testing.T) {
	for expr, want := range map[string]string{
		"*/10 * * * *":        "every 10 minutes",
		"* * * * *":           "every minute",
		"0 2 * * mon-fri":     "at 02:00 on Monday through Friday",
		"@daily":              "at 00:00 every day",
		"@hourly":             "every hour",
		"0 */6 * * *":         "every 6 hours",
		"5 4 1 jan *":         "at 04:05 on day 1 of the month in January",
		"0 0 l * *":           "at 00:00 on the last day of the month",
		"0 9 * * mon#2":       "at 09:00 on the 2nd Monday of the month",
		"0 9 * * l5":          "at 09:00 on the last Friday of the month",
		"0 0 1-7 * 5":         "at 00:00 on days 1 through 7 of the month or on Friday",
		"0 9,17 * * sat,sun":  "at 09:00 and 17:00 on Saturday and Sunday",
		"*/15 9-17 * * *":     "every 15 minutes from 09:00 to 17:59",
		"30 * * * *":          "every hour at minute 30",
		"0 0 * * * */5":       "every 5 seconds of minute 0 during 00:00-00:59",
		"0 0 1 1 * 0 2027":    "at 00:00 on day 1 of the month in January in 2027",
		"1,7 3 * * fri-mon/1": "at 03:01 and 03:07 on Monday and Friday through Sunday",
	} {
		c, err := ParseCron(expr, 3)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if got := c.Words(); got != want {
			t.Errorf("%s reads %q, want %q", expr, got, want)
		}
	}
}

func TestCronErrorPointsAtTheItem(t *testing.T) {
	for _, c := range []struct {
		expr  string
		field Field
		wrong string
	}{
		{"60 * * * *", Minute, "60"},
		{"0  24 * * *", Hour, "24"},
		{"0 1,2,25 * * *", Hour, "25"},
		{"0 0 * * 8", Weekday, "8"},
		{"0 0 * * mon,foo", Weekday, "foo"},
		{"*/0 * * * *", Minute, "*/0"},
		{" 0 0 * 13 * ", Month, "13"},
		{"0 0 * *", NoField, "0 0 * *"},
		{" @reboot ", NoField, "@reboot"},
		{"H 0 * * *", Minute, "H"},
		{"R R * * *", Minute, "R"},
		{"0 0 ?-2 * *", Day, "?-2"},
		{"0 0 * * mon#6", Weekday, "mon#6"},
	} {
		_, err := ParseCron(c.expr, 3)
		var wrong *CronError
		if !errors.As(err, &wrong) {
			t.Errorf("%q: got %v, want a CronError", c.expr, err)
			continue
		}
		if got := c.expr[wrong.Start:wrong.End]; wrong.Field != c.field || got != c.wrong {
			t.Errorf("%q: error at %v %q, want %v %q", c.expr, wrong.Field, got, c.field, c.wrong)
		}
	}
}

func TestNearestWeekdayIsPrefect2Only(t *testing.T) {
	c, err := ParseCron("0 9 15W * *", 2)
	if err != nil {
		t.Fatal(err)
	}
	dates, err := c.Next(time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC), 1, time.UTC, true)
	if err != nil || dates[0].Day() != 16 {
		t.Errorf("15 June 2025 is a Sunday, want Monday the 16th, got %v %v", dates, err)
	}
	if _, err := ParseCron("0 9 15W * *", 3); err == nil {
		t.Error("Prefect 3 refuses 15W")
	}
}
