package schedule

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Durations as pydantic 2 reads them from text (its speedate): an ISO 8601 duration, a clock, or days with an optional clock.

var (
	errShort   = errors.New("too short")
	errDigit   = errors.New("a number is missing")
	errUnit    = errors.New("unknown or missing unit")
	errClock   = errors.New("not a clock time")
	errTooLong = errors.New("more than 999999999 days")
)

// parseDuration gives seconds, negative ones too.
func parseDuration(text string) (float64, error) {
	rest, sign := text, 1.0
	if strings.HasPrefix(rest, "+") {
		rest = rest[1:]
	} else if strings.HasPrefix(rest, "-") {
		rest, sign = rest[1:], -1
	}
	if rest == "" {
		return 0, errShort
	}
	var d span
	var err error
	switch {
	case rest[0] == 'P':
		d, err = isoDuration(rest[1:])
	case isClock(rest):
		d, err = clockDuration(rest)
	default:
		d, err = daysDuration(rest)
	}
	if err != nil {
		return 0, err
	}
	if d.seconds >= maxIntervalSeconds+86400 {
		return 0, errTooLong
	}
	return sign * (d.seconds + d.micros/1e6), nil
}

// span keeps whole seconds and microseconds apart, because a float holds no microseconds of long durations.
type span struct{ seconds, micros float64 }

func (d span) add(e span) span { return span{d.seconds + e.seconds, d.micros + e.micros} }

// digits takes leading digits off a text.
func digits(s string) (number float64, rest string, ok bool) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i == 0 {
		return 0, s, false
	}
	n, err := strconv.ParseFloat(s[:i], 64)
	return n, s[i:], err == nil
}

// isoDuration reads what follows the P; parts may come in any order and have fractions, a year has 365 days and a month 30.
func isoDuration(s string) (span, error) {
	if s == "" {
		return span{}, errShort
	}
	dateUnits := map[byte]float64{'Y': 365 * 86400, 'M': 30 * 86400, 'W': 7 * 86400, 'D': 86400}
	timeUnits := map[byte]float64{'H': 3600, 'M': 60, 'S': 1}
	total, units, parts := span{}, dateUnits, 0
	for s != "" {
		if s[0] == 'T' {
			if units['H'] != 0 {
				return span{}, errUnit
			}
			units, s = timeUnits, s[1:]
			continue
		}
		whole, rest, ok := digits(s)
		if !ok {
			return span{}, errDigit
		}
		fraction := 0.0
		if rest != "" && (rest[0] == '.' || rest[0] == ',') {
			end := 1
			for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
				end++
			}
			fraction, _ = strconv.ParseFloat("0."+rest[1:end]+"0", 64)
			rest = rest[end:]
		}
		if rest == "" || units[rest[0]] == 0 {
			return span{}, errUnit
		}
		unit := units[rest[0]]
		total = total.add(span{whole*unit + math.Floor(fraction*unit+1e-9), math.Floor(math.Mod(fraction*unit+1e-9, 1) * 1e6)})
		s = rest[1:]
		parts++
	}
	if parts == 0 {
		return span{}, errShort
	}
	return total, nil
}

// isClock looks for a colon behind the leading digits.
func isClock(s string) bool {
	_, rest, ok := digits(s)
	return ok && strings.HasPrefix(rest, ":")
}

// clockDuration reads "10:00", "0:10:00" and "0:10:00.5"; the hours may have any number of digits.
func clockDuration(s string) (span, error) {
	hours, rest, ok := digits(s)
	if !ok || len(rest) < 3 || len(s) < 5 {
		return span{}, errClock
	}
	if hours > 999999999 {
		return span{}, errors.New("more than 999999999 hours")
	}
	minutes, rest, err := sixtieth(rest)
	if err != nil {
		return span{}, err
	}
	seconds, fraction := 0.0, 0.0
	if rest != "" {
		if seconds, rest, err = sixtieth(rest); err != nil {
			return span{}, err
		}
	}
	if rest != "" {
		if rest[0] != '.' && rest[0] != ',' || len(rest) < 2 || strings.Trim(rest[1:], "0123456789") != "" {
			return span{}, errClock
		}
		micros := rest[1:min(len(rest), 7)]
		micros += strings.Repeat("0", 6-len(micros))
		fraction, _ = strconv.ParseFloat(micros, 64)
	}
	return span{hours*3600 + minutes*60 + seconds, fraction}, nil
}

// sixtieth reads ":mm".
func sixtieth(s string) (float64, string, error) {
	if len(s) < 3 || s[0] != ':' || s[1] < '0' || s[1] > '9' || s[2] < '0' || s[2] > '9' {
		return 0, s, errClock
	}
	n, _ := strconv.Atoi(s[1:3])
	if n > 59 {
		return 0, s, errors.New("minutes and seconds go up to 59")
	}
	return float64(n), s[3:], nil
}

// daysDuration reads "1 day", "2d, 01:00:00".
func daysDuration(s string) (span, error) {
	days, rest, ok := digits(s)
	if !ok {
		return span{}, errDigit
	}
	if days > 999999999 {
		return span{}, errTooLong
	}
	rest = strings.TrimPrefix(rest, " ")
	if rest == "" || rest[0]|0x20 != 'd' {
		return span{}, errUnit
	}
	if len(rest) >= 3 && strings.EqualFold(rest[:3], "day") {
		rest = rest[3:]
		if rest != "" && rest[0]|0x20 == 's' {
			rest = rest[1:]
		}
	} else {
		rest = rest[1:]
	}
	rest = strings.TrimPrefix(rest, ",")
	rest = strings.TrimPrefix(rest, " ")
	if rest == "" {
		return span{seconds: days * 86400}, nil
	}
	clock, err := clockDuration(rest)
	return span{seconds: days * 86400}.add(clock), err
}
