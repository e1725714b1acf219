"""The words of the weekly report: one table of sentences per language, chosen by name. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.reports.figures import Level, Names, Overdue, Verbatim, in_language
from app.reports.measures import NpsWeek, Rate, RateWeek, Score, Verdict
from app.reports.verbatims import Chosen
from app.reports.weekly import Band, BranchWeek, Report
from surveys.scoring import themes

MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with one part of weight; tone is ink, good, bad, soon or mid and colours that part alone."""

    strong: str = ""
    after: str = ""
    before: str = ""
    tone: str = "ink"

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return f"{self.before}{self.strong}{self.after}"


def points(value: float) -> str:
    """A score or a move in whole points with a true minus sign; never a minus nought."""
    whole = round(value)
    return f"{MINUS}{-whole}" if whole < 0 else str(whole)


def hundredths(value: float) -> str:
    """A share in whole hundredths."""
    return str(round(100 * value))


def theme_name(theme: str, language: str, names: Mapping[str, str] | None = None) -> str:
    """A theme for people: by the names the company gave it, else by those that are built in."""
    if names:
        return themes.in_language(names, language)
    try:
        return themes.label(theme, language)
    except KeyError:
        return theme.replace("_", " ")


def scope_names(names: tuple[Names, ...], language: str) -> list[str]:
    """Names in one language."""
    return [in_language(one, language) for one in names]


class Wording(Protocol):
    """What every language must be able to say."""

    language: str
    html_lang: str
    headings: dict[str, str]
    columns: dict[str, str]
    links: dict[str, str]
    bands: dict[Band, str]
    verdicts: dict[Verdict, str]
    reasons: dict[str, str]
    causes: dict[str, str]
    funnel: dict[str, str]

    def dateline(self, report: Report) -> str:
        """Scope, week and days."""

    def file_title(self, report: Report) -> str:
        """Title of the mail and the page."""

    def headline(self, report: Report) -> str:
        """The sentence of the week."""

    def preheader(self, report: Report) -> str:
        """What an inbox shows beside the title."""

    def taken_together(self, report: Report) -> Line:
        """NPS of the whole scope with all that belongs to it."""

    def above(self, report: Report) -> str:
        """NPS of the scope above; empty without."""

    def rate_week(self, kind: str, week: RateWeek) -> Line | None:
        """CSAT or CES of the whole scope; None when nobody was asked that."""

    def overdue(self, count: int | None) -> Line:
        """How many customers wait past their hour; None for a week too old to say."""

    def as_of(self, report: Report) -> str:
        """When that was so: a report is read days after it was issued."""

    def awaited(self, case: Overdue) -> str:
        """What an overdue case waits for."""

    def duration(self, minutes: int) -> str:
        """A time over, in its largest unit."""

    def worth_changing(self, report: Report) -> Line | None:
        """The cause behind many closed cases."""

    def verdict(self, week: NpsWeek) -> Line:
        """What may be said of a branch's move."""

    def nps(self, week: NpsWeek, band: Band | None) -> Line | None:
        """A branch's NPS with interval, n and last week."""

    def hidden(self, branches: tuple[BranchWeek, ...], level: Level) -> list[tuple[str, Line]]:
        """Branches that may not be shown: names and why."""

    def others(self, branches: tuple[BranchWeek, ...]) -> tuple[str, Line]:
        """Many branches in one entry, by what may be said of them."""

    def more(self, count: int) -> str:
        """So many overdue cases beyond those listed."""

    def credit(self, verbatim: Verbatim) -> str:
        """Whose words: rating and branch, never a name."""

    def chosen_note(self, report: Report, chosen: tuple[Chosen, ...]) -> str:
        """How the comments were chosen, and from how many, or why there are none."""

    def theme_share(self, rate: Rate, unhappy: int) -> str:
        """A theme's share of the comments."""

    def texts(self, report: Report) -> str:
        """How many texts came without a question, what most of them name, and that they are counted apart."""

    def new_words(self, words: tuple[str, ...]) -> str:
        """Words customers began to use and no theme knows."""

    def put_right(self, report: Report) -> list[Line]:
        """Recovery answers, deadlines, cases that came back, customers saved."""

    def who_answered(self, report: Report) -> str:
        """How many of those asked in the week answered; which answers the scores count; who was left alone."""

    def notes(self, report: Report) -> str:
        """How to read the numbers."""

    def score(self, score: Score) -> str:
        """An NPS with interval and n in one phrase."""
