package lsp

import (
	"slices"
	"strconv"
	"strings"
	"time"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/source"
)

// cronExamples are what people want most often.
var cronExamples = []string{"0 * * * *", "*/15 * * * *", "0 6 * * *", "0 9 * * 1-5", "30 2 * * 0", "0 0 1 * *", "0 0 1 1,4,7,10 *"}

// crons proposes expressions, each with what it means.
func (c *completer) crons() {
	for _, text := range slices.Concat(cronExamples, schedule.CronAliases()) {
		cron, err := schedule.ParseCron(text, int(c.generation()))
		if err != nil {
			continue // not in this generation
		}
		c.value(completionItem{detail: cron.Words(), kind: protocol.CompletionItemKindValue}, text)
	}
}

// intervals proposes numbers of seconds.
func (c *completer) intervals() {
	for _, seconds := range []int{300, 900, 3600, 6 * 3600, 86400, 7 * 86400} {
		c.literal(completionItem{detail: schedule.IntervalWords(float64(seconds)), kind: protocol.CompletionItemKindValue}, strconv.Itoa(seconds))
	}
}

// anchorDates proposes the last midnight and the last Monday's, in UTC.
func (c *completer) anchorDates() {
	today := c.now.UTC().Truncate(24 * time.Hour)
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	for _, day := range slices.Compact([]time.Time{today, monday}) {
		c.value(completionItem{detail: day.Format("Monday") + " at midnight", kind: protocol.CompletionItemKindValue},
			day.Format("2006-01-02T15:04:05+00:00"))
	}
}

// rruleExamples are whole rules, proposed where nothing is written yet.
var rruleExamples = []string{"FREQ=DAILY;BYHOUR=6;BYMINUTE=0;BYSECOND=0", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
	"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=18;BYMINUTE=0;BYSECOND=0"}

// rrules proposes whole rules, the parts of a rule that are not there yet, and the values of the parts that have few.
func (c *completer) rrules() {
	written := c.at.prefix
	at := strings.LastIndexAny(written, ";:\n") + 1
	part := written[at:]
	name, value, hasValue := strings.Cut(part, "=")
	put := func(label, text, detail string, from int) {
		edit := source.Span{Start: c.off - (len(written) - from), End: c.at.word.End}
		c.add(completionItem{label: label, text: text + c.closer, detail: detail, kind: protocol.CompletionItemKindEnumMember, edit: &edit})
	}
	if hasValue {
		from := at + len(name) + 1 + strings.LastIndexByte(value, ',') + 1
		for _, w := range partValues[strings.ToUpper(name)] {
			put(w.text, w.text, w.means, from)
		}
		return
	}
	if written == "" {
		for _, text := range rruleExamples {
			c.value(completionItem{detail: schedule.RRuleWords(text), kind: protocol.CompletionItemKindValue}, text)
		}
	}
	for _, p := range schedule.RRuleParts() {
		if !hasPart(written[:at], p) && p != "BYWEEKDAY" && p != "BYEASTER" { // the first is BYDAY again, the second not in the standard
			put(p, p+"=", partMeans[p], at)
		}
	}
}

func hasPart(rule, name string) bool {
	for p := range strings.FieldsFuncSeq(rule, func(r rune) bool { return r == ';' || r == ':' || r == '\n' }) {
		if key, _, ok := strings.Cut(p, "="); ok && strings.EqualFold(key, name) {
			return true
		}
	}
	return false
}

type word struct{ text, means string }

var weekdayWords = []word{{"MO", "Monday"}, {"TU", "Tuesday"}, {"WE", "Wednesday"}, {"TH", "Thursday"}, {"FR", "Friday"}, {"SA", "Saturday"}, {"SU", "Sunday"}}

// partValues are the values of parts that are words.
var partValues = map[string][]word{
	"FREQ": {{"DAILY", "every day"}, {"WEEKLY", "every week"}, {"MONTHLY", "every month"}, {"YEARLY", "every year"}, {"HOURLY", "every hour"},
		{"MINUTELY", "every minute"}, {"SECONDLY", "every second"}},
	"BYDAY": weekdayWords, "BYWEEKDAY": weekdayWords, "WKST": weekdayWords,
}

// partMeans says what the parts are for.
var partMeans = map[string]string{
	"FREQ": "how often", "INTERVAL": "every so many of them", "COUNT": "how many times in all", "UNTIL": "the last moment, 20251231T235959Z",
	"WKST": "the day a week starts on", "BYSETPOS": "which of the dates of one period: 1, -1, …", "BYMONTH": "months, 1 to 12",
	"BYMONTHDAY": "days of the month, 1 to 31, or -1 for the last", "BYYEARDAY": "days of the year, 1 to 366",
	"BYWEEKNO": "weeks of the year, 1 to 53", "BYDAY": "days of the week", "BYHOUR": "hours, 0 to 23", "BYMINUTE": "minutes, 0 to 59",
	"BYSECOND": "seconds, 0 to 59",
}
