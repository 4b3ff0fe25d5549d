// Package schedule says what Prefect makes of a schedule: which cron expressions, intervals, recurrence rules (RRULE), anchor
// dates and time zones it accepts, when they fire, and the body item that reaches the API.
//
// Everything takes the generation of Prefect, 2 or 3, and follows Prefect 2.20.26 (croniter 6.2.4, pendulum 2.1.2, pydantic 1)
// and Prefect 3.8.8 (its vendored croniter, pendulum 3, pydantic 2) on Python up to 3.12, bugs included; testdata/record.py
// records what the real schedule objects answer. Two things are theirs alone: the random forms "R(0-5)" and "R/15" of a cron field
// have no foreseeable dates, and Prefect 2 reads the zone rules of 2020, which we replace by current ones.
//
// Words: a wall time is a date and clock without a zone, kept in a time.Time whose location is UTC; an instant is a
// point in time. Cron and RRULE count in wall time and become instants last, where clocks change as the generation does it.
//
// Bad input is an error that says which part of the text is wrong: [CronError], [RRuleError], [ItemError].
package schedule
