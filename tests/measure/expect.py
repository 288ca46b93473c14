#!/usr/bin/env python3
"""expect.py [--check]: expected.csv from dossiers.csv, worked out from the texts of the decisions.

Shares no code with the program: its own calendar, its own reading of each formula, fractions instead
of rounded steps. A row of dossiers.csv is one dossier (or draft); the C test plays it, this reads it.
With --check nothing is written; the exit code is 1 when expected.csv is not what it would be."""
import csv
import datetime
import os
import sys
from fractions import Fraction as F

HERE = os.path.dirname(os.path.abspath(__file__))
DAY = datetime.timedelta(days=1)
# Labour Code art. 112 in April-June 2026: Hung Kings' day (a Sunday, made up on the 27th), 30 April, 1 May
DAYS_OFF = {datetime.date(2026, 4, 26), datetime.date(2026, 4, 27), datetime.date(2026, 4, 30),
            datetime.date(2026, 5, 1)}
MERGED = datetime.date(2026, 6, 1)  # commune B into commune A
DRAFT_DAYS = 30
BUDGET = {'permit': 5, 'petition': 15}
STATUS = {'ready': 9, 'refused': 3, 'stopped': 8, 'withdrawn': 7}


def day(text):
    return datetime.date.fromisoformat(text) if text else None


def is_working(d):
    return d.weekday() < 5 and d not in DAYS_OFF


def working_days(after, until):
    """Working days d with after < d <= until."""
    n, d = 0, after + DAY
    while d <= until:
        n += is_working(d)
        d += DAY
    return n


class Dossier:
    def __init__(self, row):
        self.__dict__.update(row)
        for f in ('filed', 'accepted', 'asked', 'answered', 'ask1', 'back1', 'ask2', 'back2', 'end', 'rated',
                  'complained', 'reopened'):
            setattr(self, f, day(row[f]))
        for f in ('fee', 'papers', 'verified', 'reused', 'store', 'result', 'paid', 'score', 'channel'):
            setattr(self, f, int(row[f] or 0))
        self.is_permit, self.is_petition = self.service == 'permit', self.service == 'petition'
        self.status = STATUS.get(self.how)
        self.received = self.accepted  # the day of the code and the receipt
        self.due = self.due_day()

    def waits(self, d):
        """Is d a day on which the applicant has the turn: after it was asked, up to the day it sent."""
        for ask, back in ((self.ask1, self.back1), (self.ask2, self.back2)):
            if ask and ask < d <= (back or datetime.date.max):
                return True
        return False

    def due_day(self):
        if not self.accepted:
            return None
        d, left = self.accepted, BUDGET[self.service]
        for _ in range(400):
            d += DAY
            if is_working(d) and not self.waits(d):
                left -= 1
                if left == 0:
                    return d
        return None  # waits for ever

    def over(self, at):
        """Has the day passed when the office closes on `at`?"""
        last = min(at, self.end) if self.end else at
        return self.due is not None and last > self.due

    def asked_twice(self, at):
        return bool(self.ask2 and self.ask2 <= at)

    def is_late(self, at):
        return self.over(at) or self.asked_twice(at)

    def is_open(self, at):
        """Received and not ended at the end of the day `at`."""
        return bool(self.received and self.received <= at and not (self.end and self.end <= at))


def read():
    with open(os.path.join(HERE, 'dossiers.csv'), encoding='utf-8') as f:
        return [Dossier(r) for r in csv.DictReader(f)]


# -- what is looked at: a unit with everything below it, and a period (both days included) --
ASKED = 'p'  # the fire office lies below the province alone: index 2 is of the unit that was asked
UNITS = {'a': {'a'},
         'd': {'a', 'b', 'd'}, 'p': {'a', 'b', 'd'}, 's': set()}
CODES = {'a': 'H07.21.01', 'd': 'H07.21', 'p': 'H07', 's': 'H07.01'}
PERIODS = [(datetime.date(2026, 4, 1), datetime.date(2026, 6, 30)), (datetime.date(2026, 5, 1), datetime.date(2026, 5, 31)),
           (datetime.date(2026, 4, 1), datetime.date(2026, 4, 30)), (datetime.date(2026, 1, 1), datetime.date(2026, 1, 31))]


class View:
    def __init__(self, all_dossiers, unit, first, last):
        units = UNITS[unit]
        if unit == 'a' and last >= MERGED:
            units = units | {'b'}  # the successor owns what its predecessor did
        self.asks, self.code = unit == ASKED, unit
        mine = [d for d in all_dossiers if d.unit in units]
        within = self.within = lambda x: bool(x and first <= x <= last)
        self.last = last
        self.permits = [d for d in mine if d.is_permit]
        self.petitions = [d for d in mine if d.is_petition]
        self.drafts = [d for d in mine if d.service == 'draft']
        self.ended = [d for d in self.permits if within(d.end)]
        self.done = [d for d in self.ended if d.status == 9]          # has a result
        self.judged = [d for d in self.ended if d.status in (8, 9)]   # was decided on its merits
        self.open = [d for d in self.permits if d.is_open(last)]
        self.filed = [d for d in self.permits if within(d.filed)]


def share(part, whole):
    return (F(sum(map(bool, part))), F(len(whole)))


def count(items, what):
    return sum(1 for i in items if what(i))


# -- values: (numerator, denominator) or None: not said --

def q21(v):
    good = count(v.ended, lambda d: not d.is_late(d.end)) + count(v.open, lambda d: not d.is_late(v.last))
    return F(good), F(len(v.ended) + len(v.open))


# The services of the fixture and the decisions that announced them, all published on PUBLISHED. Petitions are
# filed like services, but are no procedure: the indices leave them out.
PUBLISHED = datetime.date(2026, 6, 1)
SERVICES = [  # decided, in force, all parts told, has a fee, online, level, units that offer it or lie above one that does
    (datetime.date(2026, 5, 22), datetime.date(2026, 5, 29), True, True, True, 4, 'adp'),      # permit: districts, communes
    (datetime.date(2026, 5, 27), datetime.date(2026, 5, 29), False, False, False, 2, 'dp'),    # register: districts
]


def offered(v):
    return [s for s in SERVICES if v.code in s[6]]


def public(v):
    return offered(v) if PUBLISHED <= v.last else []


def announced(v):
    return offered(v) if v.within(PUBLISHED) else []


def on_line(v):
    return [s for s in public(v) if s[4]]


def used(v):
    """Services with at least one dossier filed online."""
    return len({d.service for d in v.permits if d.channel == 2 and v.within(d.filed)})


def q22(v):
    used = 0
    for d in v.done:
        x = d.accepted + DAY
        while x <= d.end:
            used += is_working(x) and not d.waits(x)
            x += DAY
    return F(used), F(len(v.done))


def online(d):
    return d.channel == 2 and d.result


def unhappy(v, dossiers):
    """Disliked, or complained of: each once, on the day on which it was first."""
    n = 0
    for d in dossiers:
        days = [x for x in (d.rated if d.score == 1 else None, d.complained) if x]
        n += bool(days) and v.within(min(days))
    return n


def q51(v):
    """Rules of rules and conduct: every fifth petition is about neither, odd ones are about rules."""
    kinds = [int(d.no) % 2 for d in v.petitions if v.within(d.filed) and int(d.no) % 5]
    return share(kinds, kinds)


def q52(v):
    steps = []
    for d in v.petitions:
        if v.within(d.end) and d.status == 3:
            steps.append(working_days(d.filed, d.end) <= 2)
        if v.within(d.ask1):
            steps.append(working_days(d.filed, d.ask1) <= 5)
        if v.within(d.end) and d.status in (8, 9):
            steps.append(not d.over(d.end))
    return F(sum(steps)), F(len(steps))


def q53(v):
    all_ = [d for d in v.petitions if v.within(d.end) and d.status == 9]
    bad = count(all_, lambda d: d.over(d.end))
    for d in v.petitions:
        days = [x for x in (d.rated if d.score == 1 else None, d.reopened) if x]
        bad += bool(days) and v.within(min(days))
    return F(max(0, len(all_) - bad)), F(len(all_))


def q54(v):
    bad = count(v.done, lambda d: d.is_late(d.end)) + unhappy(v, v.permits)
    return F(max(0, len(v.done) - bad)), F(len(v.done))


def mean(dossiers, score):
    return F(sum(score(d) for d in dossiers)), F(len(dossiers))


def time_score(d):
    """TT01/2018 13.1: shorter 2, equal 1, longer 0. A second supplement does not matter here."""
    if d.over(d.end):
        return 0
    return 2 if d.due and d.end < d.due else 1


def tt2(v):
    scores = []
    for d in v.permits:
        if not d.asked or not v.asks:
            continue
        due, left = d.asked, 2
        while left:
            due += DAY
            left -= is_working(due)
        if d.answered and v.within(d.answered):
            scores.append(2 if d.answered < due else 1)
        elif not d.answered and v.within(due + DAY) and (d.end is None or d.end > due):
            scores.append(0)  # silent: told on the morning after
    return F(sum(scores)), F(len(scores))


def tt3(d):
    return max(0, 2 - (d.ask1 is not None) - (d.ask2 is not None))


def tt7(v):
    lost = sum(time_score(d) for d in v.permits if v.within(d.complained))
    points, n = mean(v.judged, time_score)
    return max(F(0), points - lost), n


def tt8(v):
    ended = [d for d in v.petitions if v.within(d.end) and d.status in (8, 9)]
    dragging = count(v.petitions, lambda d: d.is_open(v.last) and d.over(v.last))
    return F(count(ended, lambda d: not d.over(d.end))), F(len(ended) + dragging)


def gave_up(v):
    return count(v.drafts, lambda d: v.within(d.filed + (DRAFT_DAYS + 1) * DAY))


def everything_filed(v):
    return v.filed + [d for d in v.petitions if v.within(d.filed)]


def ratings(v):
    return [d.score for d in v.permits + v.petitions if d.score and v.within(d.rated)]


NODES = [
    # scorecard, node, unit (percent, days, score, vnd), decimals, value
    ('index-766', '1.1', 'percent', 2, lambda v: share([working_days(a, b) >= 5 for a, b, *_ in announced(v)], announced(v))),
    ('index-766', '1.2', 'percent', 2, lambda v: share([working_days(a, PUBLISHED) <= 5 for a, *_ in announced(v)], announced(v))),
    ('index-766', '1.3', 'percent', 2, lambda v: share([s[2] for s in public(v)], public(v))),
    ('index-766', '3.1', 'percent', 2, lambda v: share(on_line(v), public(v))),
    ('index-766', '3.2', 'percent', 2, lambda v: (F(used(v)), F(len(on_line(v))))),
    ('index-766', '3.5', 'percent', 2, lambda v: share([], [s for s in public(v) if s[3]])),
    ('index-766', '2.1', 'percent', 2, q21),
    ('index-766', '2.2', 'days', 2, q22),
    ('index-766', '3.3', 'percent', 2, lambda v: share([online(d) for d in v.done], v.done)),
    ('index-766', '3.6', 'percent', 2, lambda v: share([d.paid for d in v.done if d.fee], [d for d in v.done if d.fee])),
    ('index-766', '4.1', 'percent', 2, lambda v: share([d.result for d in v.done], v.done)),
    ('index-766', '4.2', 'percent', 2, lambda v: share([d.papers and d.result for d in v.done], v.done)),
    ('index-766', '4.3', 'percent', 2, lambda v: share([d.reused for d in v.done], v.done)),
    ('index-766', '4.4', 'percent', 2, lambda v: share([d.store for d in v.done], v.done)),
    ('index-766', '4.5', 'percent', 2, lambda v: share([d.verified for d in v.done], v.done)),
    ('index-766', '5.1', 'percent', 2, q51),
    ('index-766', '5.2', 'percent', 2, q52),
    ('index-766', '5.3', 'percent', 2, q53),
    ('index-766', '5.4', 'percent', 2, q54),
    ('index-emc', '1', 'percent', 2, lambda v: share([online(d) and (d.paid or not d.fee) for d in v.done], v.done)),
    ('index-emc', '2', 'percent', 2, lambda v: share([online(d) for d in v.done], v.done)),
    ('index-tt01', '1', 'score', 1, lambda v: mean(v.judged, time_score)),
    ('index-tt01', '2', 'score', 1, tt2),
    ('index-tt01', '3', 'score', 1, lambda v: mean(v.judged, tt3)),
    ('index-tt01', '4', 'score', 1, lambda v: mean(v.judged, lambda d: 2 if not d.ask1 else 1)),
    ('index-tt01', '7', 'score', 1, tt7),
    ('index-tt01', '8', 'percent', 1, tt8),
    ('index-tt01', '9.1', 'percent', 2, lambda v: share([d.channel == 2 for d in v.filed], v.filed)),
    ('index-tt01', '9.2', 'percent', 2, lambda v: share([not d.over(d.end) for d in v.judged if d.channel == 2],
                                                       [d for d in v.judged if d.channel == 2])),
    ('index-tt01', '9.3', 'percent', 2, lambda v: share([s[5] >= 3 for s in public(v)], public(v))),
    ('index-govuk', '2', 'percent', 2, lambda v: share([s >= 2 for s in ratings(v)], ratings(v))),
    ('index-govuk', '3', 'percent', 2, lambda v: (
        F(count(everything_filed(v), lambda d: d.channel == 2)),
        F(count(everything_filed(v), lambda d: d.channel == 2) + gave_up(v)))),
    ('index-govuk', '4', 'percent', 2, lambda v: share([d.channel == 2 for d in everything_filed(v)], everything_filed(v))),
]
UNCONNECTED_AT_ZERO = {'3.6', '4.3', '4.4', '4.5'}  # index-766: nobody can do it yet, so none does


def rounded(x, decimals):
    """Halves up."""
    scale = 10 ** decimals
    return F(int(x * scale + F(1, 2)), scale)


def capped(points, value, threshold):
    return rounded(min(F(points), points * value / threshold), 2)


POINTS = {  # how a value becomes points: the decisions' own words
    'index-766': {'1.1': lambda x: capped(4, x, 100), '1.2': lambda x: capped(4, x, 100), '1.3': lambda x: capped(4, x, 100),
                  '3.1': lambda x: capped(4, x, 80), '3.2': lambda x: capped(4, x, 100), '3.5': lambda x: capped(4, x, 80),
                  '2.1': lambda x: capped(20, x, 100), '3.3': lambda x: capped(4, x, 50), '3.6': lambda x: capped(6, x, 100),
                  '4.1': lambda x: capped(6, x, 100), '4.2': lambda x: capped(6, x, 80), '4.3': lambda x: capped(4, x, 80),
                  '4.4': lambda x: capped(4, x, 100), '4.5': lambda x: capped(2, x, 100), '5.1': lambda x: F(0), '5.2': lambda x: capped(6, x, 100),
                  '5.3': lambda x: capped(6, x, 100), '5.4': lambda x: capped(6, x, 90)},
    'index-tt01': {**{n: lambda x: rounded(min(F(2), x), 1) for n in '12347'},
                   '8': lambda x: F(2 if x >= 100 else 1 if x >= 90 else 0),
                   '9.1': lambda x: F(2 if x >= 30 else 1 if x >= 15 else 0), '9.2': lambda x: F(2 if x >= 100 else 0),
                   '9.3': lambda x: F(2 if x >= 20 else 1 if x > 0 else 0)},
}


def node_lines(v):
    """{(card, node): (value or None, points)}"""
    out = {}
    for card, node, unit, decimals, formula in NODES:
        num, den = formula(v)
        value = rounded(num / den * (100 if unit == 'percent' else 1), decimals) if den else None
        if card == 'index-766' and node in UNCONNECTED_AT_ZERO and num == 0:
            value = None
        rule = POINTS.get(card, {}).get(node)
        points = rule(value) if rule and value is not None else F(0)
        if card == 'index-tt01' and node == '8' and not den:
            points = F(2)  # no petition: none was late
        out[card, node] = (value, points)
    return out


def agency(nodes):
    """TT01/2018 15.3: nine indices; what cannot be judged is left out, the grade is that of 18."""
    said, got = 0, F(0)
    for n in '123478':
        value, points = nodes['index-tt01', n]
        if value is not None or n == '8':
            said, got = said + 2, got + points
    nine = [nodes['index-tt01', n] for n in ('9.1', '9.2', '9.3')]
    nine = [p for value, p in nine if value is not None]
    if nine:
        said, got = said + 2, got + min(nine)
    scaled = rounded(got * 18 / said, 2)
    grade = next(g for limit, g in ((15, 'Xuất sắc'), (12, 'Tốt'), (9, 'Khá'), (6, 'Trung bình'), (0, 'Yếu')) if scaled >= limit)
    anything = any(nodes['index-tt01', n][0] is not None for n in ('1', '2', '3', '4', '7', '8', '9.1', '9.2', '9.3'))
    return got, grade if anything else ''


def text(x):
    return '-' if x is None else f'{float(x):.2f}'


def lines(dossiers):
    yield ['unit', 'from', 'to', 'scorecard', 'node', 'value', 'points']
    for unit, code in CODES.items():
        for first, last in PERIODS:
            nodes = node_lines(View(dossiers, unit, first, last))
            head = [code, first.isoformat(), last.isoformat()]
            for (card, node), (value, points) in nodes.items():
                yield head + [card, node, text(value), text(points)]
            total = sum(p for (card, _), (_, p) in nodes.items() if card == 'index-766')
            yield head + ['index-766', '', '', text(total)]
            got, grade = agency(nodes)
            yield head + ['index-tt01', '', grade, text(got)]


def main():
    out = ''.join(','.join(row) + '\n' for row in lines(read()))
    path = os.path.join(HERE, 'expected.csv')
    if '--check' in sys.argv:
        sys.exit(out != open(path, encoding='utf-8').read() and 'expected.csv is not what expect.py says')
    with open(path, 'w', encoding='utf-8') as f:
        f.write(out)


if __name__ == '__main__':
    main()
