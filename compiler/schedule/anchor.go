package schedule

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

// ParseAnchor reads an anchor_date: ISO 8601 text as pendulum parses it, in Prefect 3 also a YAML date or timestamp. Text without a zone is
// UTC, whatever the schedule's own zone. Text with a clock only ("05:06") is that time today, so now is needed; "now" is now.
func ParseAnchor(v value.Value, gen int, now time.Time) (time.Time, error) {
	switch v := v.(type) {
	case string:
		t, err := parsePendulum(v, now.UTC())
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
	clockPattern = `([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?)?`
	zonePattern  = `(Z|[-+][0-9]{2}:?(?:[0-9]{2})?)?`
)

var (
	extendedDate = regexp.MustCompile(`^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?|-([0-9]{3})|-W([0-9]{2})(?:-([0-9]))?)?(?:[T ]` + clockPattern + zonePattern + `)?$`)
	basicDate    = regexp.MustCompile(`^([0-9]{4})(?:([0-9]{2})([0-9]{2})|([0-9]{3})|W([0-9]{2})([0-9])?)(?:[T ]([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:[.,]([0-9]{1,9}))?)?)?` + zonePattern + `)?$`)
	commonDate   = regexp.MustCompile(`^([0-9]{4})(?:[/:]?([0-9]{2})[/:]?([0-9]{2}))(?: ?([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2}))?(?:[.,|]([0-9]{1,9}))?)?$`)
	clockOnly    = regexp.MustCompile(`^T?` + clockPattern + `$`)
)

// parsePendulum is pendulum.parse in its strict form for everything that gives a point in time.
func parsePendulum(text string, now time.Time) (time.Time, error) {
	if text == "now" {
		return now.Truncate(time.Microsecond), nil
	}
	if m := extendedDate.FindStringSubmatch(text); m != nil {
		return fromMatch(m[1], m[2], m[3], m[4], m[5], m[6], m[7:11], m[11])
	}
	if m := basicDate.FindStringSubmatch(text); m != nil {
		return fromMatch(m[1], m[2], m[3], m[4], m[5], m[6], m[7:11], m[11])
	}
	if m := commonDate.FindStringSubmatch(text); m != nil {
		return fromMatch(m[1], m[2], m[3], "", "", "", m[4:8], "")
	}
	if m := clockOnly.FindStringSubmatch(text); m != nil && strings.Contains(text, ":") {
		return fromMatch(now.Format("2006"), now.Format("01"), now.Format("02"), "", "", "", m[1:5], "")
	}
	if strings.HasPrefix(text, "P") {
		return time.Time{}, fmt.Errorf("a duration is not a date")
	}
	return time.Time{}, fmt.Errorf("not a date")
}

// fromMatch builds a time from the texts of its parts, empty ones being absent.
func fromMatch(year, month, day, ordinal, week, weekday string, clock []string, zone string) (time.Time, error) {
	y := atoi(year)
	if y < 1 {
		return time.Time{}, fmt.Errorf("year %s is out of range", year)
	}
	var date time.Time
	switch {
	case ordinal != "":
		date = time.Date(y, 1, atoi(ordinal), 0, 0, 0, 0, time.UTC)
		if date.Year() != y {
			return date, fmt.Errorf("day %s of the year is out of range", ordinal)
		}
	case week != "":
		var err error
		if date, err = isoWeek(y, atoi(week), weekday); err != nil {
			return date, err
		}
	default:
		m, d := 1, 1
		if month != "" {
			m = atoi(month)
		}
		if day != "" {
			d = atoi(day)
		}
		date = time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
		if m < 1 || m > 12 || d < 1 || date.Day() != d {
			return date, fmt.Errorf("there is no such day")
		}
	}
	h, m, s := atoi(zeroIfEmpty(clock[0])), atoi(zeroIfEmpty(clock[1])), atoi(zeroIfEmpty(clock[2]))
	if h > 23 || m > 59 || s > 59 {
		return date, fmt.Errorf("there is no such time of day")
	}
	nanos, _ := strconv.Atoi((clock[3] + "000000")[:6])
	loc, err := parseOffset(zone)
	if err != nil {
		return date, err
	}
	return time.Date(date.Year(), date.Month(), date.Day(), h, m, s, nanos*1000, loc), nil
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
