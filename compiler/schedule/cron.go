package schedule

import (
	"fmt"
	"strings"
	"unicode"
)

// Field is a part of a cron expression, in the order in which Prefect reads them: seconds come sixth.
type Field int

// The fields of a cron expression.
const (
	Minute Field = iota
	Hour
	Day
	Month
	Weekday
	Second
	Year
	NoField Field = -1 // the expression as a whole
)

// fieldSpec is what one field may hold.
type fieldSpec struct {
	name     string
	min, max int
	all      int // this many distinct values mean "*"
	allowed  string
}

var fieldSpecs = [...]fieldSpec{
	Minute:  {"minute", 0, 59, 60, "0-59, *, lists, ranges and steps"},
	Hour:    {"hour", 0, 23, 24, "0-23, *, lists, ranges and steps"},
	Day:     {"day of the month", 1, 31, 31, "1-31, L for the last day, *, ?, lists, ranges and steps"},
	Month:   {"month", 1, 12, 12, "1-12, jan-dec, *, lists, ranges and steps"},
	Weekday: {"day of the week", 0, 6, 7, "0-6 or sun-sat (7 is Sunday too), mon#2, L5, *, ?, lists, ranges and steps"},
	Second:  {"second", 0, 59, 60, "0-59, *, lists, ranges and steps"},
	Year:    {"year", 1970, 2099, 130, "1970-2099, *, lists, ranges and steps"},
}

// String names the field for people.
func (f Field) String() string {
	if f < 0 || int(f) >= len(fieldSpecs) {
		return "expression"
	}
	return fieldSpecs[f].name
}

// Allowed says what may stand in the field.
func (f Field) Allowed() string {
	if f < 0 || int(f) >= len(fieldSpecs) {
		return "5 fields: minute hour day month weekday (then second and year), or @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually"
	}
	return fieldSpecs[f].allowed
}

var (
	monthNames   = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
	weekdayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	cronAliases  = map[string]string{
		"@midnight": "0 0 * * *", "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0",
		"@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
	}
)

// CronAliases lists the @names Prefect accepts, sorted by how often they fire.
func CronAliases() []string {
	return []string{"@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"}
}

// CronError says which part of a cron expression is wrong.
type CronError struct {
	Expr       string
	Field      Field // NoField when the expression as a whole is wrong
	Start, End int   // bytes of Expr that are wrong
	Problem    string
}

func (e *CronError) Error() string {
	if e.Field == NoField {
		return fmt.Sprintf("invalid cron expression %q: %s, expected %s", e.Expr, e.Problem, e.Field.Allowed())
	}
	return fmt.Sprintf("invalid %s %q in cron expression %q: %s, expected %s",
		e.Field, e.Expr[e.Start:e.End], e.Expr, e.Problem, e.Field.Allowed())
}

// lastDay is the value of "L" among the days of the month; it sorts behind all others.
const lastDay = 99

// cronField is one field, expanded: the sorted values it allows. A field with a star among its items allows everything.
type cronField struct {
	text   string // as written, lower case
	star   bool
	values []int
}

// nth is "mon#2" or, with n lastNth, "L1": the n-th such weekday of a month.
type nth struct{ weekday, n int }

const lastNth = -1

// Cron is a valid cron expression.
type Cron struct {
	expr    string
	gen     int
	fields  []cronField
	nths    []nth
	nearest int // of "15W", or 0
	random  bool
}

// String is the expression as written.
func (c *Cron) String() string { return c.expr }

// Random says that the expression holds "R(0-5)" or "R/15": Prefect draws a number each time it looks at the schedule.
func (c *Cron) Random() bool { return c.random }

// HasSeconds says that the expression has a sixth field.
func (c *Cron) HasSeconds() bool { return len(c.fields) > int(Second) }

// word is a piece of the expression with its place.
type word struct {
	text       string // lower case
	start, end int    // bytes of the expression
}

// isPySpace is Python's str.isspace for one rune, which also splits.
func isPySpace(r rune) bool {
	return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f
}

func splitWords(expr string) []word {
	var words []word
	start := -1
	for i, r := range expr {
		if isPySpace(r) {
			if start >= 0 {
				words = append(words, word{strings.ToLower(expr[start:i]), start, i})
			}
			start = -1
		} else if start < 0 {
			start = i
		}
	}
	if start >= 0 {
		words = append(words, word{strings.ToLower(expr[start:]), start, len(expr)})
	}
	return words
}

// ParseCron reads a cron expression as the generation of Prefect validates it. The error is a *CronError.
func ParseCron(expr string, gen int) (*Cron, error) {
	c := &Cron{expr: expr, gen: gen}
	words := splitWords(expr)
	if alias, ok := cronAliases[strings.ToLower(expr)]; ok {
		words = splitWords(alias)
		for i := range words {
			words[i].start, words[i].end = 0, len(expr)
		}
	} else if len(words) > 0 && strings.HasPrefix(words[0].text, "@") && len(words) == 1 {
		return nil, &CronError{expr, NoField, words[0].start, words[0].end, aliasProblem(words[0].text, expr)}
	}
	if n := len(words); n < 5 || n > 7 {
		start, end := 0, len(expr)
		if n > 0 {
			start, end = words[0].start, words[n-1].end
		}
		return nil, &CronError{expr, NoField, start, end, fmt.Sprintf("%d fields", n)}
	}
	p := cronParser{cron: c, words: words}
	for i := range words {
		if err := p.field(Field(i)); err != nil {
			return nil, err
		}
	}
	for i := range words { // Prefect looks for the bare letters after croniter has spoken
		if words[i].text == "r" || words[i].text == "h" {
			return nil, p.fail(Field(i), words[i], "random and hashed values are not supported")
		}
	}
	if err := p.checkNths(); err != nil {
		return nil, err
	}
	return c, nil
}

func aliasProblem(alias, expr string) string {
	if _, ok := cronAliases[alias]; ok && alias != strings.ToLower(expr) {
		return fmt.Sprintf("space around %q", alias)
	}
	return fmt.Sprintf("unknown alias %q", alias)
}
