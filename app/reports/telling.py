"""A report put into one language, section by section; mail, text and PDF only lay it out. Pure."""

from dataclasses import dataclass

from app.reports.figures import in_language
from app.reports.measures import Verdict
from app.reports.verbatims import Role
from app.reports.weekly import BranchWeek, Report
from app.reports.wording import Line, Wording, theme_name
from app.reports.wording_en import English
from app.reports.wording_zh import Chinese

LONGEST_QUOTE = 600
THEMES_SHOWN = 5
THEMES_FROM = 3
BRANCHES_TOLD = 14
OVERDUE_TOLD = 20


def wording(language: str) -> Wording:
    """The sentences of a language; Chinese for any zh tag, else English."""
    return Chinese() if language.split("-")[0] == "zh" else English()


@dataclass(frozen=True, slots=True)
class Whisker:
    """A score on its scale as four widths in hundredths: before, up to the value, from it, after."""

    before: float
    low: float
    high: float
    after: float


@dataclass(frozen=True, slots=True)
class ToldBranch:
    """One branch: name, what may be said, its number, its place on the scale."""

    code: str
    name: str
    verdict: Line
    number: Line | None
    whisker: Whisker | None


@dataclass(frozen=True, slots=True)
class ToldOverdue:
    """One waiting customer as three cells."""

    code: str
    who: str
    awaited: str
    over: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A customer's words in their language, and under them what is known."""

    role: Role
    text: str
    language: str
    credit: str


@dataclass(frozen=True, slots=True)
class Told:
    """The whole report in words."""

    words: Wording
    organisation: str
    dateline: str
    title: str
    headline: str
    preheader: str
    summary: tuple[Line, ...]
    overdue: Line
    overdue_rows: tuple[ToldOverdue, ...]
    overdue_more: str
    as_of: str
    worth_changing: Line | None
    branches: tuple[ToldBranch, ...]
    quotes: tuple[Quote, ...]
    quotes_note: str
    themes: tuple[tuple[str, str], ...]
    put_right: tuple[Line, ...]
    who_answered: str
    notes: str


def _whisker(branch: BranchWeek) -> Whisker | None:
    score = branch.nps.score
    if score is None:
        return None
    low, value, high = ((v + 100) / 2 for v in (score.interval.low, score.value, score.interval.high))
    value = min(max(value, low), high)
    return Whisker(low, value - low, high - value, 100 - high)


def _worth_a_line(seen: tuple[BranchWeek, ...]) -> tuple[BranchWeek, ...]:
    """All branches, or of very many those that moved: a mail is cut by mail readers at about 100 kB."""
    if len(seen) <= BRANCHES_TOLD:
        return seen
    moved = [b for b in seen if b.nps.verdict in (Verdict.WORSE, Verdict.BETTER)]
    return tuple(sorted(moved, key=lambda b: b.nps.verdict is Verdict.BETTER)[:BRANCHES_TOLD])


def shortened(text: str, longest: int = LONGEST_QUOTE) -> str:
    """Very long words cut at a word's end, so that one customer does not fill the page."""
    clean = " ".join(text.split())
    if len(clean) <= longest:
        return clean
    cut = clean[:longest]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > longest - 40 else cut).rstrip("，。,. ") + " ..."


def tell(report: Report, *, language: str) -> Told:
    """Every sentence of the report in one language."""
    say = wording(language)
    seen = tuple(b for b in report.branches if b.nps.score)
    named = _worth_a_line(seen)
    shown = [
        ToldBranch(b.code, in_language(b.names, language), say.verdict(b.nps), say.nps(b.nps, b.band), _whisker(b))
        for b in named
    ]
    if len(named) < len(seen):
        name, line = say.others(tuple(b for b in seen if b not in named))
        shown.append(ToldBranch("", name, line, None, None))
    unseen = tuple(b for b in report.branches if not b.nps.score)
    shown += [ToldBranch("", name, line, None, None) for name, line in say.hidden(unseen, report.level)]
    summary = [say.taken_together(report), say.rate_week("csat", report.csat), say.rate_week("ces", report.ces)]
    if say.above(report):
        summary.append(Line(before=say.above(report)))
    quotes = tuple(
        Quote(
            one.role,
            shortened(one.verbatim.text),
            "zh-Hans" if one.verbatim.language.startswith("zh") else one.verbatim.language,
            say.credit(one.verbatim),
        )
        for one in report.chosen
    )
    waiting = report.overdue or ()
    overdue = tuple(
        ToldOverdue(
            o.code, _who(o.initials, in_language(o.branch, language), say), say.awaited(o), say.duration(o.minutes_over)
        )
        for o in waiting[:OVERDUE_TOLD]
    )
    return Told(
        words=say,
        organisation=in_language(report.organisation, language),
        dateline=say.dateline(report),
        title=say.file_title(report),
        headline=say.headline(report),
        preheader=say.preheader(report),
        summary=tuple(line for line in summary if line),
        overdue=say.overdue(None if report.overdue is None else len(report.overdue)),
        overdue_rows=overdue,
        overdue_more=say.more(len(waiting) - len(overdue)) if len(waiting) > len(overdue) else "",
        as_of="" if report.overdue is None else say.as_of(report),
        worth_changing=say.worth_changing(report),
        branches=tuple(shown),
        quotes=quotes,
        quotes_note=say.chosen_note(report, report.chosen),
        themes=(
            *(
                (theme_name(t.theme, language, report.theme_names.get(t.theme)), say.theme_share(t.named, t.unhappy))
                for t in report.themes[:THEMES_SHOWN]
                if t.named.share.x >= THEMES_FROM
            ),
            *([(say.headings["texts"], say.texts(report))] if report.texts else []),
            *([(say.headings["new_words"], say.new_words(report.new_words))] if report.new_words else []),
        ),
        put_right=tuple(say.put_right(report)),
        who_answered=say.who_answered(report),
        notes=say.notes(report),
    )


def _who(initials: str, branch: str, say: Wording) -> str:
    return f"{initials}，{branch}" if say.language == "zh" else f"{initials}, {branch}"
