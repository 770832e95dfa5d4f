"""compare.py TABLE: rules of RFC 5545 against dateutil, cron as croniter reads it and words against dates counted day by day."""
import calendar
import datetime as dt
import os
import random
import subprocess
import sys

import croniter
from dateutil import rrule

SEEDS = int(os.environ.get("MUSTER_SCHEDULE_SEEDS", "40")) * 10
COUNT = 12
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MONTHS = "january february march april may june july august september october november december".split()
END = dt.datetime(2200, 1, 1)
pick = random.Random(20261127)


def some(values, most):
    return sorted(pick.sample(values, pick.randint(1, most)))


def moment(first=1970, last=2190):
    return dt.datetime(pick.randint(first, last), pick.randint(1, 12), pick.randint(1, 28), pick.randint(0, 23), pick.randint(0, 59))


def text(at):
    return at.strftime("%Y-%m-%dT%H:%M").rjust(16, "0")


def joined(values):
    return ",".join(map(str, values))


def refused(freq, rule):
    """What Muster refuses, because libraries differ about it (src/schedule/rrule_check.cpp)."""
    if "BYMONTHDAY" in rule and freq == "YEARLY" and "BYMONTH=" not in rule:
        return True
    if "BYMONTHDAY" in rule and freq == "DAILY" and "-" in rule:
        return True
    if "BYYEARDAY" in rule and "BYMONTH=" in rule:
        return True
    return "BYSETPOS" in rule and ("BYHOUR" in rule or ("BYMONTHDAY" in rule and "-" in rule))


def random_rrule():
    freq = pick.choice(["DAILY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"])
    parts = ["FREQ=" + freq]
    if pick.random() < 0.5:
        parts.append(f"INTERVAL={pick.randint(1, 6)}")
    if pick.random() < 0.2:
        parts.append("WKST=" + pick.choice(["MO", "SU"]))
    by = []
    if pick.random() < 0.3:
        by.append("BYMONTH=" + joined(some(range(1, 13), 4)))
    if freq in ("MONTHLY", "YEARLY", "DAILY") and pick.random() < 0.4:
        by.append("BYMONTHDAY=" + joined(some([*range(1, 32), *range(-10, 0)], 4)))
    elif freq == "YEARLY" and pick.random() < 0.3:
        by.append("BYYEARDAY=" + joined(some([*range(1, 366), *range(-100, 0)], 4)))
    elif pick.random() < 0.6:
        days = some(DAYS, 3)
        if freq == "MONTHLY" and pick.random() < 0.5:
            days = [pick.choice(["1", "2", "3", "4", "-1", "-2"]) + day for day in days]
        by.append("BYDAY=" + joined(days))
    if by and freq in ("MONTHLY", "YEARLY") and pick.random() < 0.3:
        by.append("BYSETPOS=" + joined(some([1, 2, 3, -1, -2], 2)))
    if pick.random() < 0.2:
        parts.append("BYHOUR=" + joined(some(range(24), 3)))
    start = moment(1970, 2060)
    if pick.random() < 0.2:
        parts.append(f"COUNT={pick.randint(1, 60)}")
    elif pick.random() < 0.2:
        parts.append("UNTIL=" + moment(2060, 2100).strftime("%Y%m%dT%H%M%S"))
    rule = ";".join(parts + by)
    if refused(freq, rule):
        return None
    try:
        peer = rrule.rrulestr(rule, dtstart=start)
        # Muster wants a start that the rule hits: the first one that dateutil finds.
        first = next(iter(peer), None) if "COUNT" in rule else peer.after(start, inc=True)
    except ValueError:
        return None
    if first is None or first > dt.datetime(2150, 1, 1):
        return None
    peer = rrule.rrulestr(rule, dtstart=first)
    if next(iter(peer), None) != first:
        return None
    after = first + dt.timedelta(days=pick.choice([-400, -1, 0, 1, 40, 1000, 10000]), minutes=pick.randint(-1, 1))
    after = max(after, dt.datetime(1970, 1, 1))
    found = []
    for at in peer.xafter(after, count=COUNT):
        if at >= END:
            break
        found.append(text(at))
    return f"rrule: '{rule}', start: {text(first)}", after, found


def cron_field(least, most, names=None):
    kind = pick.random()
    if kind < 0.4:
        return "*"
    if kind < 0.5:
        return f"*/{pick.randint(2, 9)}"
    if kind < 0.7:
        low = pick.randint(least, most)
        high = pick.randint(low, most)
        if (low, high) == (least, most):
            return "*"  # all of them is a star to croniter, and a restriction to Vixie
        return f"{low}-{high}" + (f"/{pick.randint(2, 4)}" if pick.random() < 0.4 else "")
    if names and kind < 0.8:
        return pick.choice(names)
    return joined(some(range(least, most + 1), 3))


def random_cron():
    fields = [cron_field(0, 59), cron_field(0, 23), cron_field(1, 31), cron_field(1, 12, ["jan", "feb", "dec"]), cron_field(0, 6, ["mon", "fri", "sun"])]
    line = " ".join(fields)
    after = moment(1970, 2130)
    # croniter's reading of the fields, counted here: its own search passes over some firsts of March.
    try:
        minutes, hours, days, months, weekdays = croniter.croniter.expand(line)[0]
    except croniter.CroniterBadCronError:
        return None

    def has(values, value):
        return values[0] == "*" or value in values

    # Vixie: one of both days serves, unless one of the fields begins with a star.
    either = fields[2][0] != "*" and fields[4][0] != "*"
    found, date = [], after.date()
    while len(found) < COUNT and date.year < after.year + 60:
        day, weekday = has(days, date.day), has(weekdays, date.isoweekday() % 7)
        if has(months, date.month) and (day or weekday if either else day and weekday):
            times = (dt.datetime(date.year, date.month, date.day, h, m) for h in range(24) for m in range(60) if has(hours, h) and has(minutes, m))
            found += [at for at in times if at > after][: COUNT - len(found)]
        date += dt.timedelta(days=1)
    return (f"cron: '{line}'", after, [text(at) for at in found]) if len(found) == COUNT else None


def day_of(year, month, what):
    """The date that "2nd tuesday", "last", "last friday" or "15" is of that month, looked up in its calendar."""
    days = [d for d in calendar.Calendar().itermonthdates(year, month) if d.month == month]
    words = what.split()
    if len(words) == 2:
        fits = [d for d in days if NAMES[d.weekday()] == words[1]]
        return fits[-1] if words[0] == "last" else fits[int(words[0][0]) - 1]
    return days[-1] if what == "last" else days[int(what) - 1]


def random_words():
    every, step = pick.choice([("month", 1), ("quarter", 3), ("half-year", 6), ("year", 12)])
    nth = 1 if step == 1 else pick.randint(1, step)
    what = pick.choice(["last", str(pick.randint(1, 28)), pick.choice(["1st ", "2nd ", "3rd ", "4th ", "last "]) + pick.choice(NAMES)])
    hours = some(range(24), 2)
    after = moment(1971)
    found, year, month = [], after.year - 1, nth
    while len(found) < COUNT and year < 2200:
        day = day_of(year, month, what)
        found += [at for at in (dt.datetime(day.year, day.month, day.day, hour) for hour in hours) if at > after]
        month += step
        if month > 12:
            year, month = year + 1, nth
    keys = f"every: {every}, day: {what}, at: [{', '.join(repr(f'{hour:02}:00') for hour in hours)}]"
    if every == "year" and pick.random() < 0.5:
        keys += f", month: {MONTHS[nth - 1]}"
    elif step > 1:
        keys += f", month: {nth}"
    return keys, after, [text(at) for at in found[:COUNT]]


def compare(kind, make):
    rules = []
    while len(rules) < SEEDS:
        rule = make()
        if rule:
            rules.append(rule)
    # In UTC nothing is left out: this is about recurrence alone.
    lines = "".join(f"{keys}\tUTC\t{text(after)}\t{COUNT}\n" for keys, after, _ in rules)
    said = subprocess.run([sys.argv[1]], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    wrong = 0
    for (keys, after, expected), ours in zip(rules, said, strict=True):
        if ours.split() != expected:
            wrong += 1
            if wrong <= 5:
                print(f"{kind}: {keys} after {text(after)}\n  muster: {ours}\n  peer:   {' '.join(expected)}")
    times = sum(len(expected) for _, _, expected in rules)
    print(f"{kind}: {len(rules)} rules, {times} times, {wrong} rules differ")
    return wrong


failures = compare("RFC 5545 (dateutil)", random_rrule) + compare("cron (croniter)", random_cron) + compare("words (day by day)", random_words)
sys.exit(1 if failures else 0)
