"""Questionnaires as their list shows them: what is live, what is being written, who uses it, who answered lately."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from surveys.invitations.forecast import DAYS
from surveys.invitations.models import Invitation, Programme
from surveys.questionnaires.models import Survey, SurveyDraft, SurveyVersion
from surveys.responses.models import Response


@dataclass(frozen=True)
class Line:
    """One questionnaire in the list."""

    survey: Survey
    names: dict[str, str]
    version: SurveyVersion | None
    draft: SurveyDraft | None
    programmes: list[Programme]
    answers: int


def questionnaires(*, now: datetime) -> list[Line]:
    """Every questionnaire: those being written first, then by what was published last."""
    drafts = {draft.survey_id: draft for draft in db.session.scalars(select(SurveyDraft))}
    live = {
        version.survey_id: version
        for version in db.session.scalars(select(SurveyVersion).order_by(SurveyVersion.number))
    }
    used = programmes_by_survey()
    answers = answers_by_survey(since=now - timedelta(days=DAYS))
    lines = [
        Line(
            survey,
            drafts[survey.id].definition["names"] if survey.id in drafts else survey.names,
            live.get(survey.id),
            drafts.get(survey.id),
            used.get(survey.id, []),
            answers.get(survey.id, 0),
        )
        for survey in db.session.scalars(select(Survey).order_by(Survey.id))
    ]
    return sorted(lines, key=_latest_first, reverse=True)


def _latest_first(line: Line) -> tuple[bool, datetime]:
    moments = [row for row in (line.draft and line.draft.changed_at, line.version and line.version.published_at) if row]
    return line.draft is not None, max(moments, default=datetime.min.replace(tzinfo=UTC))


def programmes_by_survey() -> dict[int, list[Programme]]:
    """The programmes that ask each questionnaire."""
    used = defaultdict(list)
    query = select(Programme).options(joinedload(Programme.touchpoint)).order_by(Programme.priority, Programme.id)
    for programme in db.session.scalars(query):
        used[programme.survey_id].append(programme)
    return dict(used)


def answers_by_survey(*, since: datetime) -> dict[int, int]:
    """How many customers asked since then have answered each questionnaire.

    Through the index of what each programme asked when: what was answered in all the years before is not counted again.
    """
    query = (
        select(Programme.survey_id, func.count(Response.id))
        .join(Invitation, Invitation.programme_id == Programme.id)
        .join(Response, Response.invitation_id == Invitation.id)
        .where(Invitation.sent_at >= since)
        .group_by(Programme.survey_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def versions_of(survey_id: int) -> list[SurveyVersion]:
    """All frozen versions, the latest first."""
    query = select(SurveyVersion).where(SurveyVersion.survey_id == survey_id).order_by(SurveyVersion.number.desc())
    return list(db.session.scalars(query))


def answers_by_version(survey_id: int) -> dict[int, int]:
    """How many customers answered each version, by its number."""
    query = (
        select(SurveyVersion.number, func.count(Response.id))
        .join(Invitation, Invitation.version_id == SurveyVersion.id)
        .join(Response, Response.invitation_id == Invitation.id)
        .where(SurveyVersion.survey_id == survey_id)
        .group_by(SurveyVersion.number)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def still_asking(survey_id: int) -> int:
    """Invitations that are out, or will leave, with one of its versions."""
    query = (
        select(func.count(Invitation.id))
        .join(SurveyVersion, SurveyVersion.id == Invitation.version_id)
        .where(SurveyVersion.survey_id == survey_id, Invitation.state.in_(("scheduled", "sent", "reminded", "started")))
    )
    return db.session.scalar(query) or 0
