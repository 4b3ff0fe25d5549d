"""Records what the schedule objects of the real Prefect answer, for recorded_test.go.

    PYTHON_OF_PREFECT_2 testdata/record.py testdata/recorded-2.json
    PYTHON_OF_PREFECT_3 testdata/record.py testdata/recorded-3.json

Run with TZ=UTC. One line per case: kind, input, zone, start, day_or, and either `error` (the type raised when the object is made),
`fails` (the type raised by get_dates), or `dates` (the first six, in UTC).
"""

import asyncio
import datetime
import json
import signal
import sys
import warnings

warnings.simplefilter("ignore")

import prefect  # noqa: E402
from prefect.client.schemas import schedules as client  # noqa: E402
from prefect.server.schemas import schedules as server  # noqa: E402

GEN = int(prefect.__version__.split(".")[0])
UTC = datetime.timezone.utc

CRON = """* * * * *|*/5 * * * *|*/7 * * * *|0 * * * *|30 1 * * *|30 2 * * *|15,45 1-3 * * *|0 0 * * *|0 9 * * 1-5|0 9 * * mon-fri
0 9 * * MON|0 0 1 * *|0 0 31 * *|0 0 30 * *|0 0 29 2 *|0 0 30 2 *|0 0 31 4,6 *|0 0 l * *|0 0 L * *|0 0 15,l * *|0 0 29,30,31 2,4 *|0 0 1-7 * 5
0 0 13 * 5|0 0 1,15 * mon|0 0 * * 7|0 0 * * 0|0 0 * * 5-7|0 0 * * 6-1|0 0 * * fri-mon|0 0 * * sun-sun|0 0 * 1-1 *|0 0 * jan-mar *
0 0 * oct-feb *|0 0 * apr-jan/3 *|0 22-2 * * *|0 22-2/2 * * *|50-10/5 * * * *|0 0 * * 2#1|0 0 * * mon#2|0 0 * * fri#5|0 0 * * mon#1,wed#3
0 0 * * mon-wed#2|0 0 * * l5|0 0 * * L0|0 0 * * l7|0 0 * * 2#6|0 0 * * 2#0|0 0 * * mon#1,fri|0 0 * * 1#1,2|0 0 1 * mon#2|0 0 1-7 * mon#1|0 0 ? * *
0 0 ? * ?|0 0 * * ?|? 0 * * *|0 0 ?/2 * *|0 0 * * * 30|0 0 * * * */15|0 0 * * * 0 2026|0 0 1 1 * 0 2030-2040/5|0 0 1 1 * 0 1999|0 0 1 1 * 0 2100
0 0 0 * * *|0 0 1 * 7 0|0 0 0 1 *|0 0 0-5 * *|0 0 0-5 * * 0|0 0 * 0 *|* * * * * *|* * * * * * *|* * * *|* * * * * * * *||   |@daily|@hourly|@weekly|@monthly|@yearly
@annually|@midnight|@reboot|@every 5m|@DAILY| @daily|  5   4 * * *  |60 * * * *|0 24 * * *|0 0 32 * *|0 0 * 13 *|0 0 * * 8|*/0 * * * *
1-5/0 * * * *|5-1/0 * * * *|*/60 * * * *|*/100 * * * *|5/15 * * * *|mon/2 * * * *|0 0 * * mon/2|0 0 5/10 * *|0 0 10-l * *|0 0 l-10 * *|0 0 l/2 * *
0 0 15W * *|0 0 W15 * *|0 0 1W * *|0 0 31w * *|0 0 32w * *|0 0 15w,20 * *|0 0 15W * mon|0 0 LW * *|0 0 L-3 * *|0 0 5L * *|0 0 * * 5L
H * * * *|R * * * *|h/5 * * * *|H(0-5) * * * *|r r * * *|R(5-5) * * * *|R/0 * * * *|-5 * * * *|5- * * * *|1--5 * * * *|1-2-3 * * * *|*-5 * * * *|1,, * * * *|,1 * * * *
1,2,x * * * *|a * * * *|jan * * * *|0 0 * foo *|0 0 * * foo|0 0 * monday *|0 0 * * monday|0 0 * JaN *|0x5 * * * *|1.5 * * * *|+5 * * * *|05 * * * *|005 04 * * *
1/2/3 * * * *|*/5/2 * * * *|*/* * * * *|**/5 * * * *|* * * * *#2|*,5 * * * *|0 0 *,5 * mon|0 0 */2 * mon|0 0 1-31 * mon|0 0 * * 0-6|0 0 5 * 0-6|0 0 1-31 * *|0 0 */2 * */3
0-59 0-23 1-31 1-12 0-6|0-59 * * * *|0 0 31 1-12 *|0 0 31 2-4 *|0 0 28-31 2 1|59 23 31 12 *|0 12 * 2 1|0 0 1 */3 *|0 8-18/3 * * 1-5|*/20 9-17 * * mon,wed,fri|1 2 3 4 5|0 0 29 2 1
99999999999999999999 * * * *|*/99999999999999999999 * * * *|0\t0 * * *|0 0 * * 1,2,3,4,5,6,7|0 0 10 * 1,2,3,4,5,6,7|10-5 3 * * *|0 3-3 * * *|0 0 3-3 * *""".replace("\n", "|").split("|")

STARTS = [
    "2024-02-27T22:15:30+00:00", "2025-03-09T05:59:59+00:00", "2025-11-02T05:10:00.5+00:00", "2025-03-29T23:30:00+00:00",
    "2025-10-26T00:20:00+00:00", "2025-04-05T14:00:00+00:00", "2025-12-31T23:59:00+00:00",
]
ZONES = ["UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata", "Europe/Paris", None]

INTERVALS = [60, 90.5, 1800, 3600, 5400, 86400, 90000, 129600, 604800, 0.25, 1e-6, 7 * 86400 + 3600, 86400 * 400, 3600 * 5, 1200.125]
ANCHORS = ["2024-01-01T00:00:00+00:00", "2025-03-08T02:30:00-05:00", "2025-11-01T01:30:00-04:00", "2030-06-01T12:00:00+02:00", "2025-10-25T02:15:00+02:00"]

RRULES = """FREQ=DAILY|freq=daily|FREQ=DAILY;INTERVAL=3|FREQ=DAILY;COUNT=3|FREQ=DAILY;COUNT=0|FREQ=DAILY;COUNT=-1|FREQ=DAILY;UNTIL=20260101T000000|FREQ=DAILY;UNTIL=20260101|FREQ=DAILY;UNTIL=20260101T000000Z
FREQ=DAILY;UNTIL=2026-01-01|FREQ=DAILY;UNTIL=garbage|FREQ=DAILY;UNTIL=20261301|FREQ=DAILY;BYHOUR=2;BYMINUTE=30|FREQ=DAILY;BYHOUR=1,2;BYMINUTE=0,30|FREQ=DAILY;BYHOUR=25|FREQ=HOURLY;BYHOUR=25|FREQ=HOURLY;BYMINUTE=61
FREQ=HOURLY|FREQ=HOURLY;INTERVAL=5|DTSTART:20250101T000000~FREQ=HOURLY;INTERVAL=2;BYHOUR=3|DTSTART:20250101T010000~FREQ=HOURLY;INTERVAL=2;BYHOUR=3|FREQ=HOURLY;INTERVAL=2;BYHOUR=4,5|FREQ=HOURLY;BYHOUR=9,10|FREQ=HOURLY;BYDAY=MO|FREQ=HOURLY;INTERVAL=7;BYMONTHDAY=1
FREQ=MINUTELY;INTERVAL=45|FREQ=MINUTELY;INTERVAL=90;BYHOUR=9,10|FREQ=MINUTELY;BYMINUTE=0,20;BYHOUR=3|FREQ=MINUTELY;INTERVAL=7;BYDAY=SU|FREQ=MINUTELY;INTERVAL=1440;BYHOUR=3|FREQ=MINUTELY;COUNT=5
FREQ=SECONDLY;INTERVAL=40000|FREQ=SECONDLY;INTERVAL=3600;BYMINUTE=0|DTSTART:20250101T000000~FREQ=SECONDLY;INTERVAL=5000;BYSECOND=0|DTSTART:20250101T000001~FREQ=SECONDLY;INTERVAL=5000;BYSECOND=0|FREQ=SECONDLY;INTERVAL=7200;BYHOUR=4,6
FREQ=WEEKLY|FREQ=WEEKLY;BYDAY=MO,WE,FR|FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU|FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO|FREQ=WEEKLY;BYDAY=+2MO|FREQ=WEEKLY;BYWEEKDAY=TU|FREQ=WEEKLY;INTERVAL=3;WKST=TH;BYDAY=WE,TH|FREQ=WEEKLY;BYDAY=MO;BYSETPOS=1
FREQ=MONTHLY|FREQ=MONTHLY;BYMONTHDAY=31|FREQ=MONTHLY;BYMONTHDAY=-1|FREQ=MONTHLY;BYMONTHDAY=0|FREQ=MONTHLY;BYMONTHDAY=1,-2|FREQ=MONTHLY;BYDAY=2MO|FREQ=MONTHLY;BYDAY=MO(+2)|FREQ=MONTHLY;BYDAY=-1FR|FREQ=MONTHLY;BYDAY=MO,2TU|FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1
FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1,-1,3;BYHOUR=8,17|FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=29,30|FREQ=MONTHLY;BYDAY=5SU|FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO|FREQ=MONTHLY;BYSETPOS=367;BYDAY=MO|FREQ=MONTHLY;BYMONTH=1,3;BYDAY=1WE
FREQ=YEARLY|FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29|FREQ=YEARLY;BYMONTH=6|FREQ=YEARLY;BYYEARDAY=1,100,-1|FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO|FREQ=YEARLY;BYWEEKNO=53|FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU|FREQ=YEARLY;BYWEEKNO=20,52;WKST=SU;BYDAY=SA,SU
FREQ=YEARLY;BYEASTER=0|FREQ=YEARLY;BYEASTER=-2,1|FREQ=YEARLY;BYDAY=20MO|FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3,10|FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29|FREQ=YEARLY;BYDAY=TH;BYMONTH=11;BYSETPOS=4|FREQ=YEARLY;BYDAY=1MO,-1FR
FREQ=DAILY;BYMONTH=1;BYDAY=MO|FREQ=DAILY;INTERVAL=10;BYMONTH=3|FREQ=DAILY;BYSETPOS=1,-1;BYHOUR=1,5,9|FREQ=DAILY;INTERVAL=-1|FREQ=YEARLY;BYYEARDAY=366|FREQ=WEEKLY;BYMONTH=1;WKST=WE|FREQ=WEEKLY;BYYEARDAY=1,2,365
FREQ=SOMETIMES|INTERVAL=2|FREQ=DAILY;|;FREQ=DAILY|FREQ=DAILY;;COUNT=1|FREQ|FREQ=|FREQ=DAILY=2|FREQ=DAILY;FOO=1|FREQ=DAILY;INTERVAL=x|FREQ=DAILY;INTERVAL=+2|FREQ=DAILY;INTERVAL=1_0|FREQ=DAILY;INTERVAL=2.0|FREQ=DAILY;BYHOUR=|FREQ=DAILY;BYHOUR=1,|FREQ=DAILY;BYDAY=|FREQ=DAILY;BYDAY=XX|FREQ=DAILY;BYDAY=0MO
FREQ=DAILY;BYDAY=+1|FREQ=DAILY;BYDAY=-MO|FREQ=DAILY;BYDAY=MO(|FREQ=DAILY;BYDAY=MO(22|FREQ=DAILY;BYDAY=MO(2)|FREQ=DAILY;BYDAY=MONDAY|FREQ=DAILY;WKST=XX|FREQ=DAILY;WKST=1|FREQ=DAILY;BYMONTH=13|FREQ=DAILY;DTSTART=20250101T000000|FREQ=DAILY;TZID=UTC
RRULE:FREQ=DAILY|rrule:freq=daily| RRULE:FREQ=DAILY| FREQ=DAILY |RRULE:RRULE:FREQ=DAILY|FOO:FREQ=DAILY|EXRULE:FREQ=DAILY|FREQ=DAILY; INTERVAL=2|FREQ=DAILY INTERVAL=2|RRULE;X=1:FREQ=DAILY|RRULE :FREQ=DAILY
DTSTART:20250101T093000~RRULE:FREQ=DAILY|DTSTART:20250101T093000Z~RRULE:FREQ=DAILY;UNTIL=20270101T000000Z|DTSTART:20250101T093000~RRULE:FREQ=DAILY;UNTIL=20270101T000000Z|DTSTART;TZID=America/New_York:20250101T093000~RRULE:FREQ=DAILY|DTSTART;TZID=America/New_York:20250101T093000~RRULE:FREQ=DAILY;UNTIL=20270101T000000Z
DTSTART;TZID=America/New_York:20250101T093000Z~RRULE:FREQ=DAILY|DTSTART;TZID=Nowhere:20250101T093000~RRULE:FREQ=DAILY|DTSTART;VALUE=DATE:20250101~RRULE:FREQ=WEEKLY|DTSTART;VALUE=DATE;VALUE=DATE:20250101~RRULE:FREQ=WEEKLY|DTSTART;X=1:20250101~RRULE:FREQ=WEEKLY
DTSTART:20250101T093000|DTSTART:20250101T093000,20250102T093000~RRULE:FREQ=DAILY|DTSTART:2025-01-01T09:30:00~FREQ=DAILY|DTSTART:20250101~FREQ=MONTHLY;COUNT=20|DTSTART:20251030T013000~FREQ=DAILY|DTSTART:20250308T023000~FREQ=HOURLY|DTSTART:20250308T023000~FREQ=DAILY|FREQ=DAILY~DTSTART:20250101T093000
RRULE:FREQ=DAILY~RRULE:FREQ=WEEKLY;BYDAY=MO;BYHOUR=9|RRULE:FREQ=DAILY~EXRULE:FREQ=WEEKLY;BYDAY=MO,TU|RRULE:FREQ=DAILY~EXDATE:20250310T000000,20250311T000000|RRULE:FREQ=DAILY~RDATE:20250310T120000,20240101T000000|RDATE:20260310T120000,20260101T000000|EXDATE:20260310T120000|RRULE:FREQ=DAILY~EXDATE;TZID=UTC:20250310T000000|RRULE:FREQ=DAILY~EXDATE;X=1:20250310T000000
RRULE:FREQ=DAILY~RDATE;VALUE=DATE:20260310|RRULE:FREQ=DAILY~RDATE;VALUE=DATE-TIME:20260310T120000|RRULE:FREQ=DAILY~RDATE:never|RRULE:FREQ=WEEKLY;BYDAY=MO~RRULE:FREQ=WEEKLY;BYDAY=MO|RRULE:FREQ=DAILY;COUNT=3~RRULE:FREQ=MONTHLY|BEGIN:VEVENT~RRULE:FREQ=DAILY|RRULE:FREQ=DAILY~EXRULE:FREQ=DAILY;BYDAY=SA,SU~RDATE:20250309T050000|{}|[]|5|""".replace("\n", "|").split("|")

DURATIONS = [0, -5, True, False, 1.5, 1e-7, 5e-7, 1e300, 86400000000000, 86399999913600, None, [1]] + """0:10:00|00:10:00|1:2:3|10:00|PT10M|P1D|P1W|P1Y|P1M|PT1.5H|-PT5M|+PT5M|P1DT2H|1 day|1 days|2 days, 1:00:00|1d|1 d 01:00:00|1 day 01:00:00|-1 day, 0:00:01
600|600.5||abc|PT|P|T10M|pt10m|P1.5D|PT10S5M|24:00:00|23:59:60|0:10|0:10:00.5|0:10:00.1234567|PT0S| PT5M|PT5M |1D|1 DAY, 00:10:00|00:60:00|P1DT|PT1H30|99999999999:00:00|1days|10d,01:00|P999999999D|P1000000000D|P1Y2M3W4DT5H6M7S|PT,5S|PT0,5S|1e3|0:0:5|P-1D|PT-5M|- 1 day|-0:10:00
+0:10:00|+1 day|3 days 0:10|P1W2D|P1D1D|PT1M1M|PT1M1H|P1DT1H|1 dayz|1day,|1 day,  01:00:00|01:00:00Z|1:00:00.|PT.5S|PT1.S|P1S|PT1D|PT1.0000001S|100:00:00|0:10:00,5""".replace("\n", "|").split("|")

ANCHOR_TEXTS = """2024-01-01|20240101|2024-1-1|2024|2024-01|2024-W05|2024-W05-3|2024W053|2024-060|2024060|2024-01-01T|2024-01-01T05|2024-01-01T05:06|2024-01-01T0506|2024-01-01T05:06:07|2024-01-01T050607|20240101T050607|20240101T050607Z|2024-01-01 05:06:07.123456789+02:00
2024-01-01T05:06:07,5|2024-01-01T05:06:07+0200|2024-01-01T05:06:07+02|2024-01-01T05:06:07 +02:00|2024-01-01T05:06:07-00:30|2024-01-01T05:06:07z|2024-01-01t05:06:07|NOW||P1D|2024-01-01/2025-01-01|2024/01/01|01/02/2024|2024-13-01|2024-02-30|2024-01-01T24:00|2024-01-01T25:00
2024-01-01T05:60|2024-01-01T05:06:60|tomorrow|Jan 1 2024|2024-01-01 05:06 America/New_York|2024-01-01T05:06:07Z | 2024-01-01|1704067200|2024-01-01  05:06|0001-01-01|10000-01-01|2024-01-01T5:06|2024-01-01T05:6|2024-01-01T05:06:07+25:00|2024-01-01T05:06:07.5Z|2024.01.01|24-01-01|2024-1-05 05:06
2024-01-01T05:06:07+02:00:00|2024-366|2023-366|2024-000|2024-W54|2024-W53|2024-W01-0|2024-W01-8|2024-01-01T05:06Z|2024-01-01T05Z|2024/01/01 5:06|2024/01/01 05:06:07.5|2024:01:01|20240101 05:06|20240101T05:06|2024/0101|2024-01-01T05:06:07.1234567890|2024-01-01T05:06.5|2024-W01-1T05:06|2020-W53-7|2024W05|240101|0000-01-01|2024-01-01T05:06.5Z|20240101T0506.5|20240101T05:06:07+02:00|2024060T05:06|2024W053T05:06|2024-060T0506|2024/01/0105:06|2024:01:01 5:6|2024/01/01 5:|20240101 5:06|2024 5:06|2024-01-01T05:06:07.|2024-01T05:06|2024T05:06|2024-W05T05:06|0506|2024-0101|202401-01|2024-01-01T05:06:07+0|2024-01-01T05:06:07+02:|2024-01-01T05:06:07-00:00""".replace("\n", "|").split("|")


class Timeout(Exception):
    pass


def alarm(*_):
    raise Timeout()


signal.signal(signal.SIGALRM, alarm)
out = []


def dates(schedule, start):
    signal.alarm(20)
    try:
        got = asyncio.run(schedule.get_dates(n=6, start=datetime.datetime.fromisoformat(start)))
        return {"dates": [d.astimezone(UTC).isoformat().replace("+00:00", "Z") for d in got]}
    except Timeout:
        return {"fails": "Timeout"}
    except BaseException as e:  # what the scheduler would see
        return {"fails": type(e).__name__}
    finally:
        signal.alarm(0)


def case(kind, value, make_client, make_server, start=None, **more):
    entry = {"kind": kind, "input": value, **more}
    try:
        made = make_client()
    except BaseException as e:
        entry["error"] = type(e).__name__
        out.append(entry)
        return
    if start:
        entry["start"] = start
        try:
            entry.update(dates(make_server(made), start))
        except BaseException as e:
            entry["fails"] = type(e).__name__
    out.append(entry)


def kwargs(**kw):
    return {k: v for k, v in kw.items() if v is not None}


for i, expr in enumerate(CRON):
    for k in range(3 if i < 60 else 1):
        zone, start = ZONES[(i + 2 * k) % len(ZONES)], STARTS[(i * 3 + k) % len(STARTS)]
        day_or = not (i % 5 == 0 and k == 1)
        kw = kwargs(cron=expr, timezone=zone, day_or=day_or)
        case("cron", expr, lambda: client.CronSchedule(**kw), lambda _: server.CronSchedule(**kw), start, zone=zone, day_or=day_or)
for expr in ["30 1 * * *", "30 2 * * *", "*/30 * * * *", "45 1,2 * * *", "0 0 * * *", "15 */3 * * *"]:
    for zone in ZONES[1:6]:
        for start in STARTS[1:6]:
            kw = dict(cron=expr, timezone=zone)
            case("cron", expr, lambda: client.CronSchedule(**kw), lambda _: server.CronSchedule(**kw), start, zone=zone, day_or=True)

for i, seconds in enumerate(INTERVALS):
    for k, anchor in enumerate(ANCHORS):
        zone, start = ZONES[(i + k) % 6], STARTS[(i + 2 * k) % len(STARTS)]
        if seconds == 1e-6:
            anchor = start.replace("+00:00", "") + "+00:00"
        kw = dict(interval=datetime.timedelta(seconds=seconds), timezone=zone, anchor_date=datetime.datetime.fromisoformat(anchor))
        case("interval", seconds, lambda: client.IntervalSchedule(**kw), lambda _: server.IntervalSchedule(**kw), start, zone=zone, anchor=anchor)
for seconds in [1800, 3600, 86400, 90000, 43200]:
    for zone in ZONES[1:6]:
        for start in STARTS[1:6]:
            anchor = ANCHORS[1]
            kw = dict(interval=datetime.timedelta(seconds=seconds), timezone=zone, anchor_date=datetime.datetime.fromisoformat(anchor))
            case("interval", seconds, lambda: client.IntervalSchedule(**kw), lambda _: server.IntervalSchedule(**kw), start, zone=zone, anchor=anchor)

for i, text in enumerate(RRULES):
    text = text.replace("~", "\n")
    for k in range(2):
        zone, start = ZONES[(i + k) % 6], STARTS[(i + 3 * k) % len(STARTS)]

        def make_client():
            try:
                value = json.loads(text)
            except json.JSONDecodeError:
                return client.RRuleSchedule(rrule=text, timezone=zone)
            return client.RRuleSchedule(**value)

        case("rrule", text, make_client, lambda _: server.RRuleSchedule(rrule=text, timezone=zone), start, zone=zone)
        if GEN == 3 and "error" not in out[-1]:
            from prefect._internal.schemas.validators import normalize_rrule_string

            try:
                out[-1]["normalized"] = normalize_rrule_string(text, now=datetime.datetime.fromisoformat(start), timezone=zone)
            except BaseException as e:
                out[-1]["normalized_fails"] = type(e).__name__
long = "RDATE:" + ",".join(["20260310T120000"] * 405)
for n in (6500, 6501):
    text = long + " " * (n - len(long))
    case("rrule", text, lambda: client.RRuleSchedule(rrule=text), None)

for value in DURATIONS:
    if GEN == 3:
        from prefect.cli.deploy._models import RawScheduleConfig

        def make():
            dumped = RawScheduleConfig(interval=value).model_dump(mode="json")["interval"]
            return client.IntervalSchedule(interval=dumped).interval.total_seconds()
    else:

        def make():
            return client.IntervalSchedule(interval=datetime.timedelta(seconds=value)).interval.total_seconds()
    entry = {"kind": "duration", "input": value}
    try:
        entry["seconds"] = make()
    except BaseException as e:
        entry["error"] = type(e).__name__
    out.append(entry)

for text in ANCHOR_TEXTS:
    entry = {"kind": "anchor", "input": text}
    try:
        if GEN == 3:
            from prefect.types._datetime import parse_datetime

            made = client.IntervalSchedule(interval=datetime.timedelta(seconds=60), anchor_date=parse_datetime(text))
            entry["sent"] = made.model_dump(mode="json")["anchor_date"]
        else:
            made = client.IntervalSchedule(interval=datetime.timedelta(seconds=60), anchor_date=text)
            entry["sent"] = json.loads(made.json())["anchor_date"]
    except BaseException as e:
        entry["error"] = type(e).__name__
    out.append(entry)

for zone in """UTC|EST|US/Eastern|America/New_York|america/new_york|+05:00|UTC+2|GMT+5|Etc/GMT+5|Europe/Kyiv|Europe/Kiev|Mars/Olympus|PST|PST8PDT|CET|Factory|Zulu|GMT|localtime| UTC|UTC |Pacific/Kanton|America/Ciudad_Juarez|posixrules|Asia/Calcutta|""".split("|"):
    for kind, make in [("cron", lambda: client.CronSchedule(cron="0 0 * * *", timezone=zone)), ("rrule", lambda: client.RRuleSchedule(rrule="FREQ=DAILY", timezone=zone))]:
        entry = {"kind": "zone", "input": zone, "for": kind}
        try:
            make()
        except BaseException as e:
            entry["error"] = type(e).__name__
        out.append(entry)

with open(sys.argv[1], "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(e, ensure_ascii=False) for e in out) + "\n]\n")
print(prefect.__version__, len(out), "cases")
