"""Asks PyPI chinesecalendar: one line per day of 2004-2026, then one due date per line of standard input.

Days:    2004-01-01 <1 when offices work, else 0> <1 when a holiday has a name, else 0>
Input:   2024-03-01 20 [2024-03-05 2024-03-07]...    start, limit in working days, stops (both days uncounted)
Due:     2024-03-29
The due date is found by walking day by day, so that it shares nothing with the program under test.
"""

import datetime
import sys

import chinese_calendar

ONE_DAY = datetime.timedelta(days=1)


def due_date(line):
    start, limit, *stops = line.split()
    day = datetime.date.fromisoformat(start)
    left = int(limit)
    spans = [tuple(map(datetime.date.fromisoformat, stops[i : i + 2])) for i in range(0, len(stops), 2)]
    while left > 0:
        day += ONE_DAY
        stopped = any(first <= day <= last for first, last in spans)
        if chinese_calendar.is_workday(day) and not stopped:
            left -= 1
    return day


# Read before printing: the asker writes everything first, and two full pipes would wait for each other.
questions = sys.stdin.readlines()
day = datetime.date(2004, 1, 1)
while day.year < 2027:
    works = chinese_calendar.is_workday(day)
    named = day in chinese_calendar.constants.holidays
    print(day, int(works), int(named))
    day += ONE_DAY
print("due")
for line in questions:
    print(due_date(line))
