"""freezes.py TABLE: random calendars against recurring_ical_events: is it frozen then, or not?"""
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import zoneinfo

import icalendar
import recurring_ical_events
from dateutil import rrule

CALENDARS = int(os.environ.get("MUSTER_SCHEDULE_SEEDS", "40")) * 2
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo"]
RULES = [
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=5", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=YEARLY", "FREQ=DAILY;COUNT=9",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY;BYMONTH=3,9;BYDAY=1SU",
]
UTC = dt.timezone.utc
pick = random.Random(20261127)


def stamp(at, zone):
    text = at.strftime("%Y%m%dT%H%M%S")
    return f";TZID={zone}:{text}" if zone not in ("UTC", "floating") else ":" + text + ("Z" if zone == "UTC" else "")


def event(uid):
    """The text of one event, with its exceptions."""
    # By day: what clocks do at night the table of zones is for, and pytz knows no rule beyond 2037.
    start = dt.datetime(pick.randint(2015, 2030), pick.randint(1, 12), pick.randint(1, 28), pick.randint(6, 20), pick.choice([0, 15, 30]))
    rule = pick.choice(RULES) if pick.random() < 0.7 else None
    if rule:
        start = next(iter(rrule.rrulestr(rule.split(";COUNT")[0], dtstart=start)))
    lines = [f"UID:{uid}", "DTSTAMP:20150101T000000Z", "SUMMARY:Freeze"]
    zone = pick.choice(["day", "UTC", "floating", *ZONES])
    if zone == "day":
        last = start + dt.timedelta(days=pick.randint(1, 4))
        lines += [f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"DTEND;VALUE=DATE:{last:%Y%m%d}"]
        return ["BEGIN:VEVENT", *lines, *([f"RRULE:{rule}"] if rule else []), "END:VEVENT"]
    hours = pick.randint(1, 3)
    lines += ["DTSTART" + stamp(start, zone)]
    lines += [f"DURATION:PT{hours}H"] if pick.random() < 0.5 else ["DTEND" + stamp(start + dt.timedelta(hours=hours), zone)]
    more = []
    if rule:
        lines.append(f"RRULE:{rule}")
        hits = list(rrule.rrulestr(rule, dtstart=start)[:8] if "COUNT" in rule else rrule.rrulestr(rule + ";COUNT=8", dtstart=start))
        if pick.random() < 0.5:
            lines.append("EXDATE" + stamp(hits[3], zone))
        if pick.random() < 0.5:
            moved = hits[5] + dt.timedelta(hours=2)
            more = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20150101T000000Z", "SUMMARY:Moved", "RECURRENCE-ID" + stamp(hits[5], zone),
                    "DTSTART" + stamp(moved, zone), "DURATION:PT1H", "END:VEVENT"]
    return ["BEGIN:VEVENT", *lines, "END:VEVENT", *more]


def instant(value, reader):
    if not isinstance(value, dt.datetime):
        value = dt.datetime(value.year, value.month, value.day)
    return int((value if value.tzinfo else value.replace(tzinfo=reader)).timestamp())


def spells(text, reader):
    calendar = icalendar.Calendar.from_ical(text)
    found = recurring_ical_events.of(calendar).between(dt.datetime(2014, 12, 1), dt.datetime(2036, 6, 1))
    return [(instant(one["DTSTART"].dt, reader), instant(one["DTEND"].dt, reader)) for one in found]


def main():
    lines, expected, asked = [], [], 0
    with tempfile.TemporaryDirectory() as room:
        for number in range(CALENDARS):
            text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *event("a"), *event("b"), "END:VCALENDAR", ""])
            path = os.path.join(room, f"{number}.ics")
            with open(path, "w", newline="") as file:
                file.write(text)
            name = pick.choice(ZONES)
            known = spells(text, zoneinfo.ZoneInfo(name))
            # The edges of some spells, and moments between 2015 and 2035.
            times = [pick.randrange(1420200000, 2050000000) for _ in range(40)]
            for begin, end in pick.sample(known, min(len(known), 15)):
                times += [begin - 1, begin, end - 1, end]
            lines.append(f"freeze\t{path}\t{name}\t{' '.join(map(str, times))}\n")
            expected.append(["1" if any(begin <= at < end for begin, end in known) else "0" for at in times])
            asked += len(times)
        said = subprocess.run([sys.argv[1]], input="".join(lines), capture_output=True, text=True, check=True).stdout.splitlines()
        wrong = 0
        for line, ours, theirs in zip(lines, said, expected, strict=True):
            if ours.split() == theirs:
                continue
            wrong += 1
            if wrong <= 3:
                _, path, name, times = line.strip().split("\t")
                which = [at for at, a, b in zip(times.split(), ours.split(), theirs) if a != b] if ours[0] != "!" else [ours]
                with open(path) as file:
                    print(f"read in {name}, they differ at {which[:5]}:\n{file.read()}")
    frozen = sum(one.count("1") for one in expected)
    print(f"freezes (recurring_ical_events): {CALENDARS} calendars, {asked} moments, {frozen} of them frozen, {wrong} calendars differ")
    return 1 if wrong else 0


sys.exit(main())
