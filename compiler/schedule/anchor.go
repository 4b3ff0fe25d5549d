package schedule

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/value"
)

// ParseAnchor reads an anchor_date: ISO 8601 text as pendulum parses it, in Prefect 3 also a YAML date or timestamp. Text without a zone is
// UTC, whatever the schedule's own zone. Text with a clock only ("05:06") is that time today, so now is needed; "now" is now.
func ParseAnchor(v value.Value, gen int, now time.Time) (time.Time, error) {
	switch v := v.(type) {
	case string:
		t, err := parsePendulum(v, gen, now.UTC())
		if err != nil {
			return t, fmt.Errorf("invalid anchor date %q: %w, expected ISO 8601 such as \"2024-01-01T00:00:00+00:00\"", v, err)
		}
		return t, nil
	case value.Date:
		if gen == 2 {
			return time.Time{}, fmt.Errorf("anchor date %s is a YAML date, which Prefect 2 does not take, expected quoted text", value.Str(v))
		}
		return time.Date(v.Year, time.Month(v.Month), v.Day, 0, 0, 0, 0, time.UTC), nil
	case value.DateTime:
		if gen == 2 {
			return time.Time{}, fmt.Errorf("anchor date %s is a YAML timestamp, which Prefect 2 does not take, expected quoted text", value.Str(v))
		}
		if v.Naive {
			return time.Date(v.Time.Year(), v.Time.Month(), v.Time.Day(), v.Time.Hour(), v.Time.Minute(), v.Time.Second(), v.Time.Nanosecond(), time.UTC), nil
		}
		return v.Time, nil
	case int64: // a Unix time, as pydantic reads it; Prefect 3 gets there only if the item holds nothing but interval, anchor_date and timezone
		const milliseconds = 20_000_000_000
		if gen == 3 && v > -milliseconds && v < milliseconds {
			return time.Unix(v, 0).UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("anchor date is a %s, expected ISO 8601 text such as \"2024-01-01T00:00:00+00:00\"", value.TypeName(v))
}

// FormatAnchor writes an anchor date as the generation sends it: Prefect 3 shortens the UTC offset to Z.
func FormatAnchor(t time.Time, gen int) string {
	s := t.Format("2006-01-02T15:04:05")
	if us := t.Nanosecond() / 1000; us != 0 {
		s += fmt.Sprintf(".%06d", us)
	}
	zone := t.Format("-07:00")
	if gen == 3 && zone == "+00:00" {
		zone = "Z"
	}
	return s + zone
}

const (
	isoDay   = `(?P<year>[0-9]{4})`
	isoZone  = `(?P<zone>Z|[-+][0-9]{2}:?(?:[0-9]{2})?)?`
	fraction = `(?:[.,](?P<fraction>[0-9]+))?`
	longDay  = isoDay + `(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?|-(?P<ordinal>[0-9]{3})|-W(?P<week>[0-9]{2})(?:-(?P<weekday>[0-9]))?)`
	shortDay = isoDay + `(?:(?P<month>[0-9]{2})(?P<day>[0-9]{2})|(?P<ordinal>[0-9]{3})|W(?P<week>[0-9]{2})(?P<weekday>[0-9])?)`
	anyDay   = isoDay + `(?:-?(?P<month>[0-9]{2})-?(?P<day>[0-9]{2})|-(?P<onlymonth>[0-9]{2})|-?(?P<ordinal>[0-9]{3})|-?W(?P<week>[0-9]{2})(?:-?(?P<weekday>[0-9]))?)?`
	longTime = `(?P<hour>[0-9]{2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})` + fraction + `)?)?`
	basic    = `(?P<hour>[0-9]{2})(?:(?P<minute>[0-9]{2})(?:(?P<second>[0-9]{2})` + fraction + `)?)?`
	loose    = `(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{1,2})(?::(?P<second>[0-9]{1,2}))?(?:[.,|](?P<fraction>[0-9]{1,9}))?`
)

// The forms of text that pendulum takes, by generation: it lost some of the mixed ones in version 3.
var anchorForms = map[int][]pattern.Pattern{
	2: compileAll(
		anyDay+`(?:[T ](?P<hour>[0-9]{2})(?:(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?|:(?P<minute2>[0-9]{2})(?::(?P<second2>[0-9]{2}))?)?(?:[.,](?P<fraction>[0-9]*))?(?P<zone>Z|[-+][0-9]{2}(?::?[0-9]{2})?)?)?`,
		isoDay+`(?:(?P<month>[0-9]{2})(?P<day>[0-9]{2})|[/:](?P<month2>[0-9]{2})[/:](?P<day2>[0-9]{2}))?(?: ?`+loose+`)?`,
		loose, `(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})`,
	),
	3: compileAll(
		longDay+`(?:[T ]`+longTime+isoZone+`)?`,
		shortDay+`(?:[T ]`+basic+isoZone+`)?`,
		shortDay+`T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})`,
		isoDay+`(?:[/:]?(?P<month>[0-9]{2})[/:]?(?P<day>[0-9]{2}))?(?: ?`+loose+`)?`,
		loose, `T?`+longTime+isoZone, `T`+basic+isoZone,
	),
}

func compileAll(patterns ...string) []pattern.Pattern {
	var out []pattern.Pattern
	for _, p := range patterns {
		out = append(out, pattern.New(`^`+p+`$`))
	}
	return out
}

// parsePendulum is pendulum.parse in its strict form for everything that gives a point in time.
func parsePendulum(text string, gen int, now time.Time) (time.Time, error) {
	if text == "now" {
		return now.Truncate(time.Microsecond), nil
	}
	if len(text) > 100 {
		return time.Time{}, fmt.Errorf("not a date")
	}
	problem := fmt.Errorf("not a date")
	for _, form := range anchorForms[gen] {
		m := form.FindStringSubmatch(text)
		if m == nil || !strings.ContainsAny(text, ":TW/-") && len(text) != 4 && len(text) < 6 {
			continue
		}
		parts := map[string]string{}
		for i, name := range form.Regexp().SubexpNames() {
			if m[i] != "" {
				parts[strings.TrimSuffix(strings.TrimPrefix(name, "only"), "2")] = m[i]
			}
		}
		t, err := fromParts(parts, now)
		if err == nil {
			return t, nil
		}
		problem = err
	}
	if strings.HasPrefix(text, "P") {
		problem = fmt.Errorf("a duration is not a date")
	}
	return time.Time{}, problem
}

// fromParts builds a time from the texts of its parts; without a year it is a time of today.
func fromParts(p map[string]string, now time.Time) (time.Time, error) {
	date := midnight(now.Year(), now.Month(), now.Day())
	if year, ok := p["year"]; ok {
		var err error
		if date, err = dateFromParts(atoi(year), p); err != nil {
			return date, err
		}
	}
	h, m, s := atoi(zeroIfEmpty(p["hour"])), atoi(zeroIfEmpty(p["minute"])), atoi(zeroIfEmpty(p["second"]))
	if h > 23 || m > 59 || s > 59 {
		return date, fmt.Errorf("there is no such time of day")
	}
	micros, _ := strconv.Atoi((p["fraction"] + "000000")[:6])
	loc, err := parseOffset(p["zone"])
	if err != nil {
		return date, err
	}
	if p["year"] == "" {
		loc = time.UTC // the zone of a lone clock is lost
	}
	return time.Date(date.Year(), date.Month(), date.Day(), h, m, s, micros*1000, loc), nil
}

func dateFromParts(year int, p map[string]string) (time.Time, error) {
	if year < 1 {
		return time.Time{}, fmt.Errorf("year 0 is out of range")
	}
	if n, ok := p["ordinal"]; ok {
		date := midnight(year, 1, atoi(n))
		if date.Year() != year {
			return date, fmt.Errorf("day %s of the year is out of range", n)
		}
		return date, nil
	}
	if n, ok := p["week"]; ok {
		return isoWeek(year, atoi(n), p["weekday"])
	}
	month, day := 1, 1
	if n, ok := p["month"]; ok {
		month = atoi(n)
	}
	if n, ok := p["day"]; ok {
		day = atoi(n)
	}
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, time.Month(month)) {
		return time.Time{}, fmt.Errorf("there is no such day")
	}
	return midnight(year, time.Month(month), day), nil
}

func zeroIfEmpty(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// isoWeek is the date of a week and weekday; pendulum takes weekday 0 for the Sunday before.
func isoWeek(year, week int, weekday string) (time.Time, error) {
	day := 1
	if weekday != "" {
		day = atoi(weekday)
	}
	_, last := time.Date(year, 12, 28, 0, 0, 0, 0, time.UTC).ISOWeek()
	if week > last || day > 7 {
		return time.Time{}, fmt.Errorf("there is no such week")
	}
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
	return monday.AddDate(0, 0, (week-1)*7+day-1), nil
}

func parseOffset(zone string) (*time.Location, error) {
	if zone == "" || zone == "Z" {
		return time.UTC, nil
	}
	d := strings.ReplaceAll(zone[1:], ":", "")
	d = (d + "00")[:4]
	seconds := atoi(d[:2])*3600 + atoi(d[2:])*60
	if seconds >= 86400 {
		return nil, fmt.Errorf("offset %s is not less than a day", zone)
	}
	if zone[0] == '-' {
		seconds = -seconds
	}
	if seconds == 0 {
		return time.UTC, nil
	}
	return time.FixedZone(zone, seconds), nil
}
