package schedule

import (
	"errors"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

var deployTime = time.Date(2026, 3, 4, 5, 6, 7, 89000, time.UTC)

func TestItemBodies(t *testing.T) {
	for _, c := range []struct{ item, body2, create3, update3 string }{
		{
			`{"cron": "0 0 1 * 5", "day_or": "no", "active": "yes", "slug": "a", "parameters": {"n": 1}}`,
			`{"schedule": {"cron": "0 0 1 * 5", "timezone": null, "day_or": true}, "active": true, "max_active_runs": null, "max_scheduled_runs": null, "catchup": false}`,
			`{"schedule": {"cron": "0 0 1 * 5", "timezone": null, "day_or": false}, "active": true, "max_scheduled_runs": null, "parameters": {"n": 1}, "slug": "a", "replaces": null}`,
			`{"schedule": {"cron": "0 0 1 * 5", "day_or": false}, "active": true, "parameters": {"n": 1}, "slug": "a"}`,
		},
		{
			`{"interval": 600}`,
			`{"schedule": {"interval": 600.0, "anchor_date": "2026-03-04T05:06:07.000089+00:00", "timezone": "UTC"}, "active": true, "max_active_runs": null, "max_scheduled_runs": null, "catchup": false}`,
			`{"schedule": {"interval": 600.0, "anchor_date": "2026-03-04T05:06:07.000089Z", "timezone": "UTC"}, "active": true, "max_scheduled_runs": null, "parameters": {}, "slug": null, "replaces": null}`,
			`{"schedule": {"interval": 600.0, "timezone": "UTC"}}`,
		},
		{
			`{"rrule": "FREQ=MINUTELY;INTERVAL=7", "timezone": "Asia/Tokyo", "active": false}`,
			`{"schedule": {"rrule": "FREQ=MINUTELY;INTERVAL=7", "timezone": "Asia/Tokyo"}, "active": false, "max_active_runs": null, "max_scheduled_runs": null, "catchup": false}`,
			`{"schedule": {"rrule": "DTSTART:20260304T140000\nFREQ=MINUTELY;INTERVAL=7", "timezone": "Asia/Tokyo"}, "active": false, "max_scheduled_runs": null, "parameters": {}, "slug": null, "replaces": null}`,
			`{"schedule": {"rrule": "DTSTART:20260304T140000\nFREQ=MINUTELY;INTERVAL=7", "timezone": "Asia/Tokyo"}, "active": false}`,
		},
		{ // a zone is sent by PATCH only if something set it
			`{"rrule": "{\"rrule\": \"DTSTART:20250101T000000\\nFREQ=DAILY\"}", "slug": ""}`,
			`{"schedule": {"rrule": "DTSTART:20250101T000000\nFREQ=DAILY", "timezone": "UTC"}, "active": true, "max_active_runs": null, "max_scheduled_runs": null, "catchup": false}`,
			`{"schedule": {"rrule": "DTSTART:20250101T000000\nFREQ=DAILY", "timezone": "UTC"}, "active": true, "max_scheduled_runs": null, "parameters": {}, "slug": null, "replaces": null}`,
			`{"schedule": {"rrule": "DTSTART:20250101T000000\nFREQ=DAILY"}}`,
		},
	} {
		for _, want := range []struct {
			gen    int
			update bool
			body   string
		}{{2, false, c.body2}, {3, false, c.create3}, {3, true, c.update3}} {
			got, err := Normalize(object(t, c.item), want.gen, deployTime)
			if err != nil {
				t.Errorf("%s in Prefect %d: %v", c.item, want.gen, err)
				continue
			}
			body := got.Create
			if want.update {
				body = got.Update
			}
			if !value.Equal(body, object(t, want.body)) {
				text, _ := value.JSON(body)
				t.Errorf("%s in Prefect %d, update %v\n got %s\nwant %s", c.item, want.gen, want.update, text, want.body)
			}
		}
	}
}

func object(t *testing.T, text string) *value.Map {
	t.Helper()
	v, err := value.FromJSON([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v.(*value.Map)
}

func TestItemErrorsNameTheField(t *testing.T) {
	for _, c := range []struct {
		item   string
		field2 string // "-": accepted
		field3 string
	}{
		{`{"cron": "99 * * * *"}`, "cron", "cron"},
		{`{"cron": 5}`, "cron", "cron"},
		{`{"cron": "0 0 15W * *"}`, "-", "cron"},
		{`{"cron": "0 0 * * *", "timezone": "Mars/Olympus"}`, "timezone", "timezone"},
		{`{"cron": "0 0 * * *", "timezone": ""}`, "-", "-"},
		{`{"cron": "0 0 * * *", "timezone": "Europe/Kyiv"}`, "timezone", "-"},
		{`{"cron": "0 0 * * *", "day_or": "perhaps"}`, "-", "day_or"},
		{`{"cron": "0 0 * * *", "active": null}`, "active", "-"},
		{`{"cron": "0 0 * * *", "active": "perhaps"}`, "active", "active"},
		{`{"cron": "0 0 * * *", "slug": 5}`, "-", "slug"},
		{`{"cron": "0 0 * * *", "parameters": [1]}`, "-", "parameters"},
		{`{"cron": "0 0 * * *", "interval": "never"}`, "-", "-"},
		{`{"interval": 0}`, "interval", "interval"},
		{`{"interval": -5}`, "interval", "interval"},
		{`{"interval": "600"}`, "interval", "interval"},
		{`{"interval": "PT10M"}`, "interval", "-"},
		{`{"interval": 60, "anchor_date": "someday"}`, "anchor_date", "anchor_date"},
		{`{"interval": 60, "anchor_date": ""}`, "anchor_date", "-"},
		{`{"rrule": "FREQ=SOMETIMES"}`, "rrule", "rrule"},
		{`{"rrule": "FREQ=DAILY", "timezone": ""}`, "-", "timezone"},
		{`{"rrule": "FREQ=MINUTELY;INTERVAL=0"}`, "-", "rrule"},
		{`{"rrule": "{\"rrule\": \"FREQ=DAILY\", \"zone\": 1}"}`, "rrule", "rrule"},
		{`{"rrule": 5}`, "rrule", "rrule"},
		{`{"cron": ""}`, "cron", "cron"},
		{`{"every": 5}`, "", ""},
		{`{}`, "", ""},
	} {
		for gen, want := range map[int]string{2: c.field2, 3: c.field3} {
			_, err := Normalize(object(t, c.item), gen, deployTime)
			var wrong *ItemError
			switch {
			case err == nil && want != "-":
				t.Errorf("%s passes Prefect %d, want an error of %q", c.item, gen, want)
			case err != nil && (!errors.As(err, &wrong) || wrong.Field != want):
				t.Errorf("%s in Prefect %d: error of another field than %q: %v", c.item, gen, want, err)
			}
		}
	}
}

func TestItemNext(t *testing.T) {
	for item, want := range map[string]string{
		`{"cron": "0 9 * * *", "timezone": "Europe/Paris"}`:                    "2026-03-04T09:00:00+01:00",
		`{"interval": 86400, "anchor_date": "2020-01-01T08:00:00Z"}`:           "2026-03-04T08:00:00Z",
		`{"rrule": "FREQ=WEEKLY;BYDAY=FR", "timezone": "America/Los_Angeles"}`: "2026-03-06T00:00:00-08:00",
	} {
		it, err := Normalize(object(t, item), 3, deployTime)
		if err != nil {
			t.Fatal(err)
		}
		dates, err := it.Next(deployTime, 1)
		if err != nil || len(dates) != 1 || dates[0].Format(time.RFC3339) != want {
			t.Errorf("%s fires at %v %v, want %s", item, dates, err, want)
		}
	}
}
