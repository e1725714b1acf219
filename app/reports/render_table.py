"""The figures of a report as tables: for the spreadsheet, the printed pages and the CSV."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from app.reports.figures import in_language
from app.reports.measures import NpsWeek, Rate, RateWeek
from app.reports.telling import wording
from app.reports.weekly import Report
from app.reports.wording import theme_name

Cell = str | int | float | None

# what a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), full-width forms included
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; numbers are numbers, scores in points, shares in hundredths."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def inert(value: Cell) -> Cell:
    """A text that a spreadsheet will not run: an apostrophe before what could begin a formula; numbers as they are."""
    if isinstance(value, str) and value.lstrip(" \u00a0\ufeff").startswith(_FORMULA):
        return "'" + value
    return value


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)


def _rate(rate: Rate | None, n: int | None = None) -> tuple[Cell, ...]:
    """value, low, high, n"""
    if rate is None:
        return (None, None, None, n)
    low, high = rate.interval.low, rate.interval.high
    return (_rounded(100 * rate.value), _rounded(100 * low), _rounded(100 * high), rate.share.n)


def _nps(week: NpsWeek) -> tuple[Cell, ...]:
    if week.score is None:
        return (None, None, None, week.n)
    limits = week.score.interval
    return (_rounded(week.score.value), _rounded(limits.low), _rounded(limits.high), week.n)


def tables(report: Report, *, language: str) -> tuple[Table, ...]:
    """Every figure that may be shown, each with its interval and n."""
    say = wording(language)
    c = say.columns
    verdicts = say.verdicts

    def last(week: NpsWeek | RateWeek) -> Cell:
        if isinstance(week, NpsWeek):
            return _rounded(week.last.value) if week.last else None
        return _rounded(100 * week.last.value) if week.last else None

    head = (c["measure"], c["value"], c["low"], c["high"], c["n"], c["last"], c["verdict"])
    summary: list[tuple[Cell, ...]] = [("NPS", *_nps(report.nps), last(report.nps), verdicts[report.nps.verdict])]
    for name, week in (("CSAT %", report.csat), ("CES %", report.ces)):
        if week.n:
            summary.append((name, *_rate(week.rate, week.n), last(week), verdicts[week.verdict]))
    out = [Table("summary", in_language(report.names, language), head, tuple(summary))]
    if report.branches:
        wide = (c["branch"], "NPS", c["low"], c["high"], c["n"], c["last"], c["verdict"], c["visible"], c["band"],
                "CSAT %", c["low"], c["high"], c["n"], c["cases"], c["overdue"])  # fmt: skip
        rows = tuple(
            (
                in_language(b.names, language), *_nps(b.nps), last(b.nps), verdicts[b.nps.verdict],
                round(b.nps.visible_from) if b.nps.visible_from else None, say.bands[b.band] if b.band else None,
                *_rate(b.csat, b.csat_n), b.cases_opened, b.overdue,
            )
            for b in report.branches
        )  # fmt: skip
        out.append(Table("branches", say.headings["branches"], wide, rows))
    funnel = tuple((label, getattr(report.funnel, key)) for key, label in say.funnel.items())
    out.append(Table("funnel", say.headings["answered"], (c["what"], c["count"]), funnel))
    alone = sorted(report.funnel.skipped.items(), key=lambda pair: (-pair[1], pair[0]))
    if alone:
        rows = tuple((say.reasons.get(key, key.replace("_", " ")), count) for key, count in alone)
        out.append(Table("left_alone", say.headings["left_alone"], (c["what"], c["count"]), rows))
    causes = sorted(report.root_causes.items(), key=lambda pair: (-pair[1], pair[0]))
    if causes:
        rows = tuple((say.causes.get(key, theme_name(key, language)), count) for key, count in causes)
        out.append(Table("causes", say.headings["causes"], (c["what"], c["count"]), rows))
    for key, of, named in (("themes", c["n"], report.themes), ("texts", c["texts"], report.text_themes)):
        if named:
            rows = tuple(
                (
                    theme_name(t.theme, language, report.theme_names.get(t.theme)),
                    t.named.share.x,
                    *_rate(t.named),
                    t.unhappy,
                )
                for t in named
            )
            themed = (c["theme"], c["count"], c["share"] + " %", c["low"], c["high"], of, c["unhappy"])
            out.append(Table(key, say.headings[key], themed, rows))
    if report.overdue:
        late = (c["code"], c["customer"], c["branch"], c["awaited"], c["over"])
        rows = tuple(
            (o.code, o.initials, in_language(o.branch, language), say.awaited(o), say.duration(o.minutes_over))
            for o in report.overdue
        )
        out.append(Table("overdue", say.headings["todo"], late, rows))
    if report.chosen:
        quoted = (c["comment"], c["rating"], c["scale"], c["branch"], c["language"], c["polarity"])
        rows = tuple(
            (
                v.text,
                v.rating,
                (v.kind or "").upper(),
                in_language(v.branch, language),
                v.language,
                _rounded(v.polarity, 2),
            )
            for v in (one.verbatim for one in report.chosen)
        )
        out.append(Table("words", say.headings["words"], quoted, rows))
    return tuple(out)


def long_table(report: Report, *, language: str) -> str:
    """One row a figure: scope, week, table, row, column, value. Every text is made inert."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["scope", "iso_week", "table", "row", "column", "value"])
    for table in tables(report, language=language):
        for place, row in enumerate(table.rows, start=1):
            name: Cell = place if table.key == "words" else row[0]
            for column, value in _cells(table, row):
                writer.writerow([inert(x) for x in (report.scope, report.iso_week, table.key, name, column, value)])
    return out.getvalue()


def _cells(table: Table, row: Sequence[Cell]) -> list[tuple[str, Cell]]:
    """Columns with a value, repeated heads told apart by what they belong to (NPS n, CSAT % n)."""
    out: list[tuple[str, Cell]] = []
    group = ""
    first = 0 if table.key in ("words", "overdue") else 1
    for head, value in list(zip(table.head, row, strict=True))[first:]:
        if head in ("NPS", "CSAT %"):
            group = head
        repeated = table.head.count(head) > 1 and group
        if value is not None:
            out.append((f"{group} {head}" if repeated else head, value))
    return out
