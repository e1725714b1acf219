"""Keeps questionnaires: drafts that change, and versions that publishing freezes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, delete, func, select

from app.extensions import db, lock
from surveys.questionnaires.checks import Fault, faults
from surveys.questionnaires.flow import Definition, read_definition
from surveys.questionnaires.models import Survey, SurveyDraft, SurveyVersion

LIBRARY = Path(__file__).parent / "library"
MOST_PARSED = 256
MOST_UNDONE = 20

# A version never changes, so what it asks is read once; by its time as well, for SQLite gives an unused number again.
_parsed: WeakKeyDictionary[Engine, dict[tuple[int, datetime], Definition]] = WeakKeyDictionary()


def library() -> dict[str, dict[str, Any]]:
    """The ready questionnaires, by key."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(LIBRARY.glob("*.json"))}


def publish(definition: dict[str, Any], *, now: datetime, tongue: str = "en") -> SurveyVersion | tuple[Fault, ...]:
    """Freeze this definition as the survey's next version, or give the latest one when nothing changed.

    The faults instead, told in `tongue`, when there are any. Two who publish at once make one version after the other.
    """
    found = faults(definition, tongue=tongue)
    if found:
        return found
    survey = _survey(definition["key"], definition["names"])
    survey.names = definition["names"]
    draft = draft_of(survey)
    if draft is not None and draft.definition == definition:
        db.session.delete(draft)
    latest = latest_version(survey.id)
    if latest is not None and latest.definition == definition:
        return latest
    number = db.session.scalar(select(func.max(SurveyVersion.number)).where(SurveyVersion.survey_id == survey.id))
    version = SurveyVersion(survey_id=survey.id, number=(number or 0) + 1, definition=definition, published_at=now)
    db.session.add(version)
    db.session.flush()
    _parsed.get(db.engine, {}).pop((version.id, version.published_at), None)
    return version


def save_draft(
    key: str, data: dict[str, Any], now: datetime, *, by: int | None = None, deed: Mapping[str, str] | None = None
) -> SurveyDraft:
    """Keep what is being written, whole or not; a new key makes a survey without a version. `by`: a user's id.

    `deed` names what was done, so that it can be taken back.
    """
    names = data.get("names")
    survey = _survey(key, names if isinstance(names, dict) and names else {"en": key})
    draft = draft_of(survey)
    if draft is None:
        draft = SurveyDraft(survey_id=survey.id, past=[])
        db.session.add(draft)
    if deed is not None and draft.definition != data:
        draft.past = [*draft.past, {**deed, "before": draft.definition}][-MOST_UNDONE:]
    draft.definition, draft.changed_at, draft.changed_by = data, now, by
    db.session.flush()
    return draft


def draft_of(survey: Survey) -> SurveyDraft | None:
    """What is being written for this survey and not published yet."""
    return db.session.scalar(select(SurveyDraft).where(SurveyDraft.survey_id == survey.id))


def undo(survey: Survey, now: datetime, *, by: int | None = None) -> dict[str, Any] | None:
    """Take back the last deed of a draft; what it was, or None when there is nothing to take back."""
    draft = draft_of(survey)
    if draft is None or not draft.past:
        return None
    *earlier, last = draft.past
    if last["before"] is None:
        db.session.delete(draft)
    else:
        draft.definition, draft.past, draft.changed_at, draft.changed_by = last["before"], earlier, now, by
    db.session.flush()
    return dict(last)


def discard_draft(survey: Survey) -> None:
    """Forget what was being written, and the survey itself when it was never published. May run twice."""
    db.session.execute(delete(SurveyDraft).where(SurveyDraft.survey_id == survey.id))
    if latest_version(survey.id) is None:
        db.session.execute(delete(Survey).where(Survey.id == survey.id))


def _survey(key: str, names: dict[str, str]) -> Survey:
    """The survey of this key, made when there is none; nobody else writes it until the commit."""
    lock(f"survey:{key}")
    survey = db.session.scalar(select(Survey).where(Survey.key == key).execution_options(populate_existing=True))
    if survey is None:
        survey = Survey(key=key, names=names)
        db.session.add(survey)
        db.session.flush()
    return survey


def latest_version(survey_id: int) -> SurveyVersion | None:
    """The version new invitations are bound to."""
    query = select(SurveyVersion).where(SurveyVersion.survey_id == survey_id).order_by(SurveyVersion.number.desc())
    return db.session.scalar(query.limit(1))


@dataclass(frozen=True, slots=True)
class Published:
    """A version by its name: enough to find what it asks where that was read before."""

    id: int
    published_at: datetime

    @property
    def definition(self) -> dict[str, Any]:
        return db.session.get_one(SurveyVersion, self.id).definition


def definition_of(version: SurveyVersion | Published) -> Definition:
    """The questions of a version, read once a version."""
    known = _parsed.setdefault(db.engine, {})
    key = version.id, version.published_at
    definition = known.get(key)
    if definition is None:
        definition = read_definition(version.definition)
        if len(known) >= MOST_PARSED:
            known.clear()
        known[key] = definition
    return definition
