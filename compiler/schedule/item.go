package schedule

import (
	"fmt"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

// The kinds of schedule, named by the key that makes them.
const (
	KindCron     = "cron"
	KindInterval = "interval"
	KindRRule    = "rrule"
)

// ItemError says which field of a schedule item Prefect refuses.
type ItemError struct {
	Field string // the key, or "" when the item as a whole is wrong
	Err   error  // often a *CronError, *RRuleError or *ZoneError
}

func (e *ItemError) Error() string { return e.Err.Error() }

// Unwrap gives the reason.
func (e *ItemError) Unwrap() error { return e.Err }

// Item is one entry of `schedules` as it reaches the API.
type Item struct {
	Kind   string
	Create *value.Map // what POST sends: every key
	Update *value.Map // what PATCH sends in Prefect 3: only the keys that were set. In Prefect 2 the same as Create

	AnchorIsNow bool // no anchor_date: Create holds the time of the deploy, Update leaves it to the server

	Cron     *Cron
	Interval *Interval
	RRule    *RRule
	Location *time.Location
	DayOr    bool
}

// Next lists the first n dates at or after from.
func (it *Item) Next(from time.Time, n int) ([]time.Time, error) {
	switch it.Kind {
	case KindCron:
		return it.Cron.Next(from, n, it.Location, it.DayOr)
	case KindInterval:
		return it.Interval.Next(from, n)
	}
	return it.RRule.Next(from, n, it.Location)
}

// normalizer collects the parts of one item.
type normalizer struct {
	item     *value.Map
	gen      int
	now      time.Time
	out      *Item
	schedule *value.Map // every key
	set      *value.Map // the keys that were set
}

// Normalize makes the body item that Prefect's deploy sends for a schedule item whose templates are resolved; now is the time of the deploy. It
// follows Prefect 2, where cron wins over interval over rrule, and Prefect 3, which the load check has left with one of them. Keys that
// the generation ignores are ignored; the load check of Prefect 3 against unknown keys is not repeated. The error is an *ItemError.
func Normalize(item *value.Map, gen int, now time.Time) (*Item, error) {
	n := &normalizer{item: item, gen: gen, now: now.UTC().Truncate(time.Microsecond), schedule: &value.Map{}, set: &value.Map{},
		out: &Item{DayOr: true, Location: time.UTC}}
	var err error
	switch {
	case value.Truthy(n.get(KindCron)):
		err = n.cron()
	case value.Truthy(n.get(KindInterval)):
		err = n.interval()
	case value.Truthy(n.get(KindRRule)):
		err = n.rrule()
	default:
		return nil, n.unknown()
	}
	if err != nil {
		return nil, err
	}
	if err := n.envelope(); err != nil {
		return nil, err
	}
	return n.out, nil
}

// unknown is the error for an item without a schedule; an interval of 0 is the only one that can be meant as one.
func (n *normalizer) unknown() error {
	if v, ok := n.item.Get(KindInterval); ok && v != nil && v != "" {
		_, err := ParseInterval(v, n.gen)
		if err == nil {
			err = fmt.Errorf("interval %s is not a number of seconds", value.Repr(v))
		}
		return &ItemError{KindInterval, err}
	}
	for _, key := range []string{KindCron, KindRRule} {
		if v, ok := n.item.Get(key); ok && v != nil {
			return &ItemError{key, fmt.Errorf("%s is empty", key)}
		}
	}
	return &ItemError{"", fmt.Errorf("unknown kind of schedule, expected one of cron, interval or rrule")}
}

func (n *normalizer) get(key string) value.Value {
	v, _ := n.item.Get(key)
	return v
}

// put sets a key of the schedule that the file names.
func (n *normalizer) put(key string, v value.Value) {
	n.schedule.Set(key, v)
	n.set.Set(key, v)
}

// text reads a string; Prefect 2's pydantic also takes numbers for it.
func (n *normalizer) text(field string, v value.Value) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int64, float64, bool:
		if n.gen == 2 {
			return value.Str(v), nil
		}
	}
	return "", &ItemError{field, fmt.Errorf("%s is a %s, expected text", field, value.TypeName(v))}
}

// timezone reads the zone; absent is "".
func (n *normalizer) timezone() (name string, present bool, err error) {
	v := n.get("timezone")
	if v == nil {
		return "", false, nil
	}
	if name, err = n.text("timezone", v); err != nil {
		return "", false, err
	}
	if n.out.Location, err = ZoneFor(name, n.out.Kind, n.gen); err != nil {
		return "", false, &ItemError{"timezone", err}
	}
	return name, true, nil
}

func (n *normalizer) cron() error {
	n.out.Kind = KindCron
	expr, err := n.text(KindCron, n.get(KindCron))
	if err != nil {
		return err
	}
	if n.out.Cron, err = ParseCron(expr, n.gen); err != nil {
		return &ItemError{KindCron, err}
	}
	n.put("cron", expr)
	zone, present, err := n.timezone()
	if err != nil {
		return err
	}
	if present {
		n.put("timezone", zone)
	} else {
		n.schedule.Set("timezone", nil)
	}
	n.schedule.Set("day_or", true)
	if v := n.get("day_or"); v != nil && n.gen == 3 {
		if n.out.DayOr, err = parseBool("day_or", v); err != nil {
			return err
		}
		n.put("day_or", n.out.DayOr)
	}
	return nil
}

func (n *normalizer) interval() error {
	n.out.Kind = KindInterval
	seconds, err := ParseInterval(n.get(KindInterval), n.gen)
	if err != nil {
		return &ItemError{KindInterval, err}
	}
	n.put("interval", seconds)
	anchor := n.now
	v := n.get("anchor_date")
	if n.out.AnchorIsNow = v == nil || n.gen == 3 && !value.Truthy(v); n.out.AnchorIsNow {
		n.schedule.Set("anchor_date", FormatAnchor(anchor, n.gen))
	} else {
		if anchor, err = ParseAnchor(v, n.gen, n.now); err != nil {
			return &ItemError{"anchor_date", err}
		}
		n.put("anchor_date", FormatAnchor(anchor, n.gen))
	}
	zone, present, err := n.timezone()
	if err != nil {
		return err
	}
	if !present {
		zone = "UTC"
	}
	n.put("timezone", zone)
	n.out.Interval = &Interval{Seconds: seconds, Anchor: anchor, Location: n.out.Location, Gen: n.gen}
	return nil
}

func (n *normalizer) rrule() error {
	n.out.Kind = KindRRule
	text, ok := n.get(KindRRule).(string)
	if !ok {
		return &ItemError{KindRRule, fmt.Errorf("rrule is a %s, expected text", value.TypeName(n.get(KindRRule)))}
	}
	rule, err := ParseRRule(text, n.gen)
	if err != nil {
		return &ItemError{KindRRule, err}
	}
	n.out.RRule = rule
	zone, present, err := n.timezone()
	if err != nil {
		return err
	}
	inner, innerPresent, fromJSON := rule.FromJSON()
	if fromJSON && (!present || zone == "") { // the item's zone wins if it is not empty
		zone, present = inner, innerPresent
	}
	if !present {
		zone = "UTC"
	}
	if n.out.Location, err = Zone(zone); err != nil {
		return &ItemError{"timezone", err}
	}
	sent, err := rule.Normalize(n.now, n.out.Location)
	if err != nil {
		return &ItemError{KindRRule, err}
	}
	n.put("rrule", sent)
	n.schedule.Set("timezone", zone)
	if present || !fromJSON || sent != rule.Text() {
		n.set.Set("timezone", zone)
	}
	return nil
}

// envelope puts what surrounds the schedule around it.
func (n *normalizer) envelope() error {
	if n.gen == 2 {
		active := true
		if v, ok := n.item.Get("active"); ok {
			var err error
			if active, err = parseBool("active", v); err != nil {
				return err
			}
		}
		n.out.Create = value.NewMap("schedule", n.schedule, "active", active, "max_active_runs", nil, "max_scheduled_runs", nil, "catchup", false)
		n.out.Update = n.out.Create
		return nil
	}
	create := value.NewMap("schedule", n.schedule, "active", true, "max_scheduled_runs", nil, "parameters", &value.Map{}, "slug", nil, "replaces", nil)
	update := value.NewMap("schedule", n.set)
	put := func(key string, v value.Value) {
		create.Set(key, v)
		update.Set(key, v)
	}
	if v := n.get("active"); v != nil {
		active, err := parseBool("active", v)
		if err != nil {
			return err
		}
		put("active", active)
	}
	if v := n.get("parameters"); value.Truthy(v) {
		if _, ok := v.(*value.Map); !ok {
			return &ItemError{"parameters", fmt.Errorf("parameters is a %s, expected a mapping", value.TypeName(v))}
		}
		put("parameters", v)
	}
	for _, key := range []string{"slug", "replaces"} {
		if v := n.get(key); value.Truthy(v) {
			text, err := n.text(key, v)
			if err != nil {
				return err
			}
			put(key, text)
		}
	}
	n.out.Create, n.out.Update = create, update
	return nil
}

// Paused is the schedule made inactive.
func (i *Item) Paused() *Item {
	out := *i
	for _, body := range []**value.Map{&out.Create, &out.Update} {
		paused := value.Clone(*body).(*value.Map)
		paused.Set("active", false)
		*body = paused
	}
	return &out
}

// parseBool is pydantic's reading of a truth value.
func parseBool(field string, v value.Value) (bool, error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case int64:
		if v == 0 || v == 1 {
			return v == 1, nil
		}
	case float64:
		if v == 0 || v == 1 {
			return v == 1, nil
		}
	case string:
		switch strings.ToLower(v) {
		case "1", "on", "t", "true", "y", "yes":
			return true, nil
		case "0", "off", "f", "false", "n", "no":
			return false, nil
		}
	}
	return false, &ItemError{field, fmt.Errorf("%s is %s, expected true or false", field, value.Repr(v))}
}
