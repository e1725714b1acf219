"""Keeps questionnaires: publishing freezes a version; an unchanged definition is not published twice."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.extensions import db
from surveys.questionnaires.flow import Definition, read_definition
from surveys.questionnaires.models import Survey, SurveyVersion

LIBRARY = Path(__file__).parent / "library"


def library() -> dict[str, dict[str, Any]]:
    """The ready questionnaires, by key."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(LIBRARY.glob("*.json"))}


def publish(definition: dict[str, Any], *, now: datetime) -> SurveyVersion:
    """Freeze this definition as the survey's next version, or give the latest one when nothing changed.

    Raises KeyError or ValueError when the definition is not one.
    """
    read_definition(definition)
    survey = db.session.scalar(select(Survey).where(Survey.key == definition["key"]))
    if survey is None:
        survey = Survey(key=definition["key"], names=definition["names"])
        db.session.add(survey)
        db.session.flush()
    latest = latest_version(survey.id)
    if latest is not None and latest.definition == definition:
        return latest
    number = db.session.scalar(select(func.max(SurveyVersion.number)).where(SurveyVersion.survey_id == survey.id))
    version = SurveyVersion(survey_id=survey.id, number=(number or 0) + 1, definition=definition, published_at=now)
    db.session.add(version)
    db.session.flush()
    return version


def latest_version(survey_id: int) -> SurveyVersion | None:
    """The version new invitations are bound to."""
    query = select(SurveyVersion).where(SurveyVersion.survey_id == survey_id).order_by(SurveyVersion.number.desc())
    return db.session.scalar(query.limit(1))


def definition_of(version: SurveyVersion) -> Definition:
    """The questions of a version."""
    return read_definition(version.definition)
