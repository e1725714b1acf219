"""What was answered to an invitation so far, as values: it is asked for at every answer and every page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, select

from app.extensions import db, read_rows
from surveys.invitations.invited import Invited
from surveys.invitations.models import UNANSWERED
from surveys.questionnaires.flow import Given
from surveys.responses.models import Answer, Response


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer that holds for a question, and how it came."""

    id: int
    given: Given
    channel: str
    submission: str | None
    at: datetime

    def came_with(self, submission: str | None) -> bool:
        """Whether the same tap brought it that comes again now."""
        return submission is not None and submission == self.submission


@dataclass(frozen=True, slots=True)
class Kept:
    """The response to an invitation (None: nothing was answered yet) and its answers by question key."""

    response_id: int | None
    completed_at: datetime | None
    late: bool
    reviewed: bool  # somebody has looked at it before: a case may be of it
    answers: Mapping[str, KeptAnswer]

    @property
    def given(self) -> dict[str, Given]:
        """The answers as the flow sees them."""
        return {key: answer.given for key, answer in self.answers.items()}


NOTHING = Kept(None, None, False, False, MappingProxyType({}))


def given_of(answer: Any) -> Given:
    """A row of an answer, as the flow sees it."""
    choices = tuple(answer.choices or ())
    return Given(answer.value, answer.choice, answer.text, answer.skipped, choices, answer.feeling)


def given_answers(response: Response) -> dict[str, Given]:
    """The answers of a loaded response, as the flow sees them."""
    return {answer.question_key: given_of(answer) for answer in response.answers}


_QUERY = (
    select(
        Response.id.label("response_id"),
        Response.completed_at,
        Response.late,
        Response.reviewed_at,
        Answer.id,
        Answer.question_key,
        Answer.value,
        Answer.choice,
        Answer.choices,
        Answer.text,
        Answer.skipped,
        Answer.feeling,
        Answer.channel,
        Answer.submission,
        Answer.at,
    )
    .outerjoin(Answer, Answer.response_id == Response.id)
    .where(Response.invitation_id == bindparam("invitation_id"))
    .order_by(Answer.id)
)


def kept_of(invitation_id: int) -> Kept:
    """The answers to this invitation as they stand in the database now."""
    rows = read_rows(_QUERY, invitation_id=invitation_id).all()
    if not rows:
        return NOTHING
    answers = {
        row.question_key: KeptAnswer(row.id, given_of(row), row.channel, row.submission, row.at)
        for row in rows
        if row.id is not None
    }
    first = rows[0]
    return Kept(first.response_id, first.completed_at, first.late, first.reviewed_at is not None, answers)


def kept_by(invitation: Invited) -> Kept:
    """The same for somebody invited, without a look where there can be none: the first answer starts a survey."""
    return NOTHING if invitation.state in UNANSWERED else kept_of(invitation.id)


def forget_loaded(response_id: int) -> None:
    """Whoever holds the response or its answers as instances reads them again: they were written past them."""
    loaded = db.session.identity_map.get(db.session.identity_key(Response, response_id))
    if loaded is not None:
        for answer in loaded.answers if "answers" in loaded.__dict__ else ():
            db.session.expire(answer)
        db.session.expire(loaded)
