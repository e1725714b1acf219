"""How words are read now, by whom, and what Heed had read: beside every comment that may be corrected."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from flask import g, url_for
from sqlalchemy import select

from app.auth.models import User
from app.auth.roles import Permission
from app.cases.models import Case
from app.console import labels
from app.extensions import clock, db
from app.i18n import gettext as _
from surveys.people.models import Branch
from surveys.people.queries import company
from surveys.questionnaires.flow import Kind
from surveys.responses.correcting import standing
from surveys.responses.correction_models import About, Correction
from surveys.responses.models import Answer, FreeText
from surveys.scoring.labels import NO_OPINION

Words = TypeVar("Words", Answer, FreeText)
_KEYS = {About.ANSWER: "answer", About.FREE_TEXT: "text"}  # of the forms on a page


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a comment is read now, by whom, and what Heed had read: None where nobody had. `may`: it may be corrected."""

    key: str
    path: str
    answer_id: int | None = None
    machine: str | None
    correction_id: int | None = None
    corrected: str | None = None
    by: str = ""
    at: str = ""
    phrase: str = ""
    means: str | None = None
    may: bool

    @property
    def take_back(self) -> str:
        """Where the way back is."""
        return url_for("console.take_reading_back", correction_id=self.correction_id)


def readings(answers: Collection[Answer]) -> dict[int, Reading]:
    """The reading of every comment among these answers that was read, by the answer's id."""
    return _readings(
        About.ANSWER,
        [answer for answer in answers if answer.kind == Kind.TEXT],
        path=lambda answer: url_for("console.correct_reading", response_id=answer.response_id),
        zone=lambda answer: answer.response.invitation.branch.time_zone,
        answer_id=lambda answer: answer.id,
    )


def text_readings(texts: Collection[FreeText]) -> dict[int, Reading]:
    """The same of words that came without a question, by their id."""
    zones = _zones(text.branch_id for text in texts)
    return _readings(
        About.FREE_TEXT,
        texts,
        path=lambda text: url_for("console.correct_text_reading", text_id=text.id),
        zone=lambda text: zones.get(text.branch_id or 0) or company_zone(),
    )


def _readings(
    about: About,
    words: Iterable[Words],
    *,
    path: Callable[[Words], str],
    zone: Callable[[Words], str],
    answer_id: Callable[[Words], int | None] = lambda one: None,
) -> dict[int, Reading]:
    read = [one for one in words if one.text and one.score_version]
    kept = standing(about, [one.id for one in read])
    names = names_of(kept.values())
    return {
        one.id: _reading(
            f"{_KEYS[about]}-{one.id}",
            path(one),
            one.machine_label if one.id in kept else one.label,
            kept.get(one.id),
            names,
            zone(one),
            answer_id=answer_id(one),
        )
        for one in read
    }


def case_reading(case: Case) -> Reading:
    """The same of what a case holds beside answers and free texts; Heed reads it when somebody labels it."""
    found = standing(About.CASE, [case.id]).get(case.id)
    path = url_for("console.correct_case_reading", case_id=case.id)
    names = names_of([found] if found else [])
    machine = found.machine_label or NO_OPINION if found else None
    return _reading(f"case-{case.id}", path, machine, found, names, case.branch.time_zone, read=False)


def company_zone() -> str:
    """The time of what belongs to no branch."""
    whole = company()
    return whole.time_zone if whole is not None else "UTC"


def _zones(branch_ids: Iterable[int | None]) -> dict[int, str]:
    here = select(Branch.id, Branch.time_zone).where(Branch.id.in_({one for one in branch_ids if one is not None}))
    return {row.id: row.time_zone for row in db.session.execute(here)}


def names_of(kept: Collection[Correction]) -> dict[int, str]:
    """Who gave these corrections."""
    return names_of_users({one.by for one in kept})


def names_of_users(ids: Collection[int]) -> dict[int, str]:
    """The names of these accounts."""
    found = db.session.execute(select(User.id, User.name).where(User.id.in_(ids))) if ids else ()
    return {row.id: row.name for row in found}


def name_in(names: dict[int, str], who: int | None) -> str:
    """The name, or somebody whose account is gone."""
    return names.get(who or 0, str(_("Somebody")))


def _reading(
    key: str,
    path: str,
    machine: str | None,
    found: Correction | None,
    names: dict[int, str],
    zone: str,
    *,
    answer_id: int | None = None,
    read: bool = True,
) -> Reading:
    may = g.scope.may(Permission.HANDLE_CASES)
    machine = machine or NO_OPINION if read else machine
    if found is None:
        return Reading(key=key, path=path, answer_id=answer_id, machine=machine, may=may)
    return Reading(
        key=key,
        path=path,
        answer_id=answer_id,
        machine=machine,
        correction_id=found.id,
        corrected=found.label,
        by=name_in(names, found.by),
        at=_told(found.at, zone),
        phrase=found.phrase or "",
        means=found.means,
        may=may,
    )


def _told(at: datetime, zone: str) -> str:
    return str(labels.full_moment(at, zone, now=clock().now()))
