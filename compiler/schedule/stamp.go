package schedule

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/pattern"
)

// stamp is a date inside a rule: Prefect keeps its digits and replaces its zone by the schedule's.
type stamp struct {
	wall  time.Time
	aware bool // it came with a zone, which matters only for what dateutil allows together
	known bool // false: dateutil would read it, we do not know as what
}

const stampZone = `(Z|[A-Z]{3,5}|(?:UTC|GMT)?[-+][0-9]{1,2}(?::?[0-9]{2})?)?`

var (
	compactStamp = pattern.New(`^([0-9]{4})([0-9]{2})([0-9]{2})(?:T?([0-9]{2})(?:([0-9]{2})(?:([0-9]{2}))?)?)?` + stampZone + `$`)
	dashedStamp  = pattern.New(`^([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:T([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?)?` + stampZone + `$`)
	stampWords   = pattern.New(`[A-Z]+`)
	knownWords   = pattern.New(`^(?:T|Z|UTC|GMT|AM|PM|A|P|H|M|S|ST|ND|RD|TH|AT|ON|AND|OF|` +
		`JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?|` +
		`MON(?:DAY)?|TUE(?:SDAY)?|WED(?:NESDAY)?|THU(?:RSDAY)?|FRI(?:DAY)?|SAT(?:URDAY)?|SUN(?:DAY)?)$`)
)

// parseStamp reads a date in capitals. The forms of RFC 5545 and ISO 8601 are read in full; of the many others that dateutil's parser takes we
// only refuse what has no digit or words it does not know.
func parseStamp(text string) (stamp, error) {
	m := compactStamp.FindStringSubmatch(text)
	if m == nil {
		m = dashedStamp.FindStringSubmatch(text)
	}
	if m != nil {
		year, month, day := atoi(m[1]), atoi(m[2]), atoi(m[3])
		h, min, s := atoi(zeroIfEmpty(m[4])), atoi(zeroIfEmpty(m[5])), atoi(zeroIfEmpty(m[6]))
		wall := time.Date(year, time.Month(month), day, h, min, s, 0, time.UTC)
		if year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, time.Month(month)) || h > 23 || min > 59 || s > 59 {
			return stamp{}, fmt.Errorf("%q is not a date, expected one such as 20240131T093000", text)
		}
		zone := m[7]
		aware := zone == "Z" || zone == "UTC" || zone == "GMT" || strings.ContainsAny(zone, "+-")
		return stamp{wall: wall, aware: aware, known: true}, nil
	}
	if !strings.ContainsAny(text, "0123456789") {
		return stamp{}, fmt.Errorf("%q is not a date, expected one such as 20240131T093000", text)
	}
	for _, w := range stampWords.FindAllString(text, -1) {
		if !knownWords.MatchString(w) {
			return stamp{}, fmt.Errorf("%q is not a date, expected one such as 20240131T093000", text)
		}
	}
	return stamp{}, nil
}

var errUnknownStamp = errors.New("a date of the rule is in a form whose meaning depends on the day it is read")
