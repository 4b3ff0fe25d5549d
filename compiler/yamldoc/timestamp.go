package yamldoc

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

// timestamp holds the parts of a YAML 1.1 timestamp as text.
type timestamp struct {
	year, month, day     string
	clock                bool
	hour, minute, second string
	fraction             string
	zone                 string // "", "Z", "+" or "-"
	zoneHour, zoneMinute string
}

// splitTimestamp matches PyYAML's constructor pattern, which also takes a date with one-digit month or day.
func splitTimestamp(s string) (t timestamp, ok bool) {
	take := func(least, most int) string {
		n := run(s[:min(len(s), most)], digit)
		if n < least {
			ok = false
			return ""
		}
		part := s[:n]
		s = s[n:]
		return part
	}
	want := func(c byte) {
		if s == "" || s[0] != c {
			ok = false
			return
		}
		s = s[1:]
	}
	ok = true
	t.year = take(4, 4)
	want('-')
	t.month = take(1, 2)
	want('-')
	t.day = take(1, 2)
	if !ok || s == "" {
		return t, ok
	}
	if s[0] == 'T' || s[0] == 't' {
		s = s[1:]
	} else {
		blanks := len(s) - len(strings.TrimLeft(s, " \t"))
		if blanks == 0 {
			return t, false
		}
		s = s[blanks:]
	}
	t.clock = true
	t.hour = take(1, 2)
	want(':')
	t.minute = take(2, 2)
	want(':')
	t.second = take(2, 2)
	if ok && s != "" && s[0] == '.' {
		n := run(s[1:], digit)
		t.fraction, s = s[1:1+n], s[1+n:]
	}
	if !ok || s == "" {
		return t, ok
	}
	s = strings.TrimLeft(s, " \t")
	switch {
	case s == "Z":
		t.zone = "Z"
		return t, true
	case s == "" || s[0] != '+' && s[0] != '-':
		return t, false
	}
	t.zone, s = s[:1], s[1:]
	t.zoneHour = take(1, 2)
	if ok && s != "" {
		want(':')
		t.zoneMinute = take(2, 2)
	}
	return t, ok && s == ""
}

// value is the date or datetime, or Python's complaint about it.
func (t timestamp) value() (value.Value, error) {
	year, month, day := number(t.year), number(t.month), number(t.day)
	switch {
	case year < 1:
		return nil, fmt.Errorf("year 0 is out of range")
	case month < 1 || month > 12:
		return nil, fmt.Errorf("month must be in 1..12")
	case day < 1 || time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Month() != time.Month(month):
		return nil, fmt.Errorf("day is out of range for month")
	}
	if !t.clock {
		return value.Date{Year: year, Month: month, Day: day}, nil
	}
	hour, minute, second := number(t.hour), number(t.minute), number(t.second)
	switch {
	case hour > 23:
		return nil, fmt.Errorf("hour must be in 0..23")
	case minute > 59:
		return nil, fmt.Errorf("minute must be in 0..59")
	case second > 59:
		return nil, fmt.Errorf("second must be in 0..59")
	}
	micro := number((t.fraction + "000000")[:6])
	loc, naive := time.UTC, t.zone == ""
	if t.zone == "+" || t.zone == "-" {
		offset := number(t.zoneHour)*3600 + number(t.zoneMinute)*60
		if offset >= 24*3600 {
			return nil, fmt.Errorf("time zone offset must be less than 24 hours")
		}
		if t.zone == "-" {
			offset = -offset
		}
		if offset != 0 {
			loc = time.FixedZone("", offset)
		}
	}
	return value.DateTime{
		Time:  time.Date(year, time.Month(month), day, hour, minute, second, micro*1000, loc),
		Naive: naive,
	}, nil
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
