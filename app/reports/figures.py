"""The counts a weekly report is made of, frozen when the week is closed; kept as JSON to reprint it. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.insights.metrics import NpsCounts
from app.reports.withholding import Withheld

Names = Mapping[str, str]
Ratings = Mapping[int, int]

NOBODY = NpsCounts()


def in_language(names: Names, language: str) -> str:
    """The name in this language, its relatives (zh for zh-Hans) next, then English, then whatever there is."""
    short = language.split("-")[0]
    near = next((names[key] for key in names if key.split("-")[0] == short), None)
    return names.get(language) or near or names.get("en") or next(iter(names.values()), "")


class Level(StrEnum):
    """How wide the scope of a report is."""

    BRANCH = "branch"
    REGION = "region"
    COMPANY = "company"


class Awaited(StrEnum):
    """What the customer of an overdue case is waiting for."""

    CONTACT = "contact"
    RESOLVE = "resolve"
    PROMISE = "promise"


@dataclass(frozen=True, slots=True)
class Funnel:
    """The moments of the week; what became of those asked in the week; what was answered in the week.

    `invited` to `partial` are of one cohort, those asked in the week, however late they answered. `answers` and `late`
    were given in the week, whenever the customer was asked; late answers stand apart and count nowhere else;
    `doubted` are those of `answers` that may not be the customer's own.
    """

    service_events: int = 0
    eligible: int = 0
    invited: int = 0
    delivered: int = 0
    started: int = 0
    completed: int = 0
    partial: int = 0
    opted_out: int = 0
    late: int = 0
    doubted: int = 0
    answers: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A case past its deadline: initials only, what is waited for, a cause or theme word, minutes over."""

    code: str
    initials: str
    branch: Names
    awaited: Awaited
    minutes_over: int
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Cases of the week; in-time counts are of the deadlines that had passed in the week."""

    opened: int = 0
    acknowledge_due: int = 0
    acknowledged_in_time: int = 0
    contact_due: int = 0
    contacted_in_time: int = 0
    resolved: int = 0
    reopened: int = 0
    reopened_higher: int = 0
    saved: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Recovery:
    """Answers to "has it been put right?"."""

    yes: int = 0
    partly: int = 0
    no: int = 0


@dataclass(frozen=True, slots=True)
class Verbatim:
    """One comment, redacted, as written; kind is nps, csat, ces or None; polarity -1..1 or None for no signal."""

    text: str
    language: str
    rating: int | None
    kind: str | None
    branch: Names
    branch_code: str
    polarity: float | None = None
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommentCounts:
    """All comments about one place: how many, and per theme how many name it and how many of those are unhappy."""

    branch_code: str
    n: int
    themes: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BranchFigures:
    """One child of the scope: this week, and NPS of last week."""

    code: str
    names: Names
    nps: NpsCounts = NOBODY
    nps_last: NpsCounts = NOBODY
    csat: Ratings = field(default_factory=dict)
    ces: Ratings = field(default_factory=dict)
    cases_opened: int = 0
    overdue: int | None = 0


@dataclass(frozen=True, slots=True)
class Kin:
    """The scope above, for comparison: its name and NPS of the week."""

    code: str
    names: Names
    nps: NpsCounts


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """Everything counted for one scope and ISO week. Ratings map a value of the scale to its count.

    `withheld` speaks of every place of the company. `overdue` is None for a week so old that who waits now is no part
    of it. `comments` counts them all; `verbatims` are all of them, or a sample to quote from. `theme_names` are those
    the themes had when it was issued; `new_words` are customers' that no theme knew. `texts` came without a question.
    """

    organisation: Names
    scope: str
    names: Names
    level: Level
    iso_week: str
    starts: date
    ends: date
    time_zone: str = "UTC"
    nps: NpsCounts = NOBODY
    nps_last: NpsCounts = NOBODY
    csat: Ratings = field(default_factory=dict)
    csat_last: Ratings = field(default_factory=dict)
    ces: Ratings = field(default_factory=dict)
    ces_last: Ratings = field(default_factory=dict)
    withheld: Withheld = field(default_factory=Withheld)
    withheld_last: Withheld = field(default_factory=Withheld)
    funnel: Funnel = Funnel()
    cases: CaseFigures = CaseFigures()
    overdue: tuple[Overdue, ...] | None = ()
    recovery: Recovery = Recovery()
    root_causes: Mapping[str, int] = field(default_factory=dict)
    comments: tuple[CommentCounts, ...] = ()
    verbatims: tuple[Verbatim, ...] = ()
    branches: tuple[BranchFigures, ...] = ()
    above: Kin | None = None
    theme_names: Mapping[str, Names] = field(default_factory=dict)
    new_words: tuple[str, ...] = ()
    texts: tuple[CommentCounts, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain lists, numbers and words, to be kept with the issued report."""
        raw = asdict(self)
        raw["starts"], raw["ends"] = self.starts.isoformat(), self.ends.isoformat()
        return raw


def _ratings(raw: Mapping[Any, int]) -> dict[int, int]:
    # JSON has only text keys
    return {int(key): count for key, count in raw.items()}


def _branch(raw: Mapping[str, Any]) -> BranchFigures:
    counted = {"nps": NpsCounts(**raw["nps"]), "nps_last": NpsCounts(**raw["nps_last"])}
    return BranchFigures(**{**raw, **counted, "csat": _ratings(raw["csat"]), "ces": _ratings(raw["ces"])})


def _withheld(raw: Mapping[str, Any]) -> Withheld:
    return Withheld(**{measure: tuple(codes) for measure, codes in raw.items()})


def _comments(raw: Mapping[str, Any]) -> CommentCounts:
    return CommentCounts(**{**raw, "themes": {theme: (named, sad) for theme, (named, sad) in raw["themes"].items()}})


def _overdue(raw: Mapping[str, Any]) -> Overdue:
    return Overdue(**{**raw, "awaited": Awaited(raw["awaited"])})


def figures_from_json(raw: Mapping[str, Any]) -> WeekFigures:
    """The figures kept by `as_json`. Raises TypeError or KeyError on another shape."""
    above, overdue = raw["above"], raw["overdue"]
    return WeekFigures(
        **{
            **raw,
            "level": Level(raw["level"]),
            "starts": date.fromisoformat(raw["starts"]),
            "ends": date.fromisoformat(raw["ends"]),
            **{key: NpsCounts(**raw[key]) for key in ("nps", "nps_last")},
            **{key: _ratings(raw[key]) for key in ("csat", "csat_last", "ces", "ces_last")},
            **{key: _withheld(raw[key]) for key in ("withheld", "withheld_last")},
            "funnel": Funnel(**raw["funnel"]),
            "cases": CaseFigures(**raw["cases"]),
            "overdue": None if overdue is None else tuple(_overdue(one) for one in overdue),
            "recovery": Recovery(**raw["recovery"]),
            "comments": tuple(_comments(one) for one in raw["comments"]),
            "verbatims": tuple(Verbatim(**{**v, "themes": tuple(v["themes"])}) for v in raw["verbatims"]),
            "branches": tuple(_branch(b) for b in raw["branches"]),
            # No report has these that was issued before there were any.
            "new_words": tuple(raw.get("new_words", ())),
            "texts": tuple(_comments(one) for one in raw.get("texts", ())),
            "above": Kin(above["code"], above["names"], NpsCounts(**above["nps"])) if above else None,
        }
    )
