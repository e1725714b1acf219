"""Keeps answers: one response an invitation, the last answer to a question holds, nothing said is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import Model, db
from notifications import storable
from surveys.invitations.models import Invitation, InvitationState
from surveys.questionnaires.flow import Definition, Given, Kind, Question
from surveys.questionnaires.service import definition_of
from surveys.responses.models import Answer, AnswerRevision, Response
from surveys.scoring.feeling import feeling
from surveys.scoring.redaction import redact


@dataclass(frozen=True)
class Recorded:
    """What an answer did: the response it belongs to, whether it changed anything, and what is asked next."""

    response: Response
    changed: bool
    next: Question | None
    given: Mapping[str, Given]

    @property
    def complete(self) -> bool:
        return self.next is None


class Refusal(StrEnum):
    """Why an answer was not taken."""

    CLOSED = "closed"  # what was given stands; a survey that has closed takes only what it does not have yet
    NOT_ASKED = "not_asked"  # the answers so far do not lead to this question


def hold(invitation: Invitation, *others: Model) -> None:
    """Have the invitation as it stands now, and alone until the commit: SMS and web may answer at the same moment.

    `others`: rows read before, which whoever held it may have changed.
    """
    if db.session.get_bind().dialect.name == "postgresql":  # on SQLite a writer is alone already
        db.session.refresh(invitation, with_for_update=True)
        for other in others:
            db.session.refresh(other)


def is_closed(invitation: Invitation, now: datetime) -> bool:
    """Whether the survey is over: its time has passed, its owner wanted no more, or a later service replaced it."""
    over = invitation.expires_at is not None and now >= invitation.expires_at
    return over or invitation.state in (InvitationState.CANCELLED, InvitationState.REFUSED)


def response_of(invitation: Invitation) -> Response | None:
    """What was answered to this invitation so far."""
    query = select(Response).where(Response.invitation_id == invitation.id).options(joinedload(Response.answers))
    return db.session.scalars(query.execution_options(populate_existing=True)).unique().one_or_none()


def given_answers(response: Response | None) -> dict[str, Given]:
    """The answers as the flow sees them."""
    answers = response.answers if response else ()
    return {
        a.question_key: Given(a.value, a.choice, a.text, a.skipped, tuple(a.choices or ()), a.feeling) for a in answers
    }


def record_answer(
    invitation: Invitation,
    question: Question,
    given: Given,
    *,
    channel: str,
    now: datetime,
    submission: str | None = None,
) -> Recorded | Refusal:
    """Keep one answer. The same submission again changes nothing; another answer replaces the last, which is kept.

    The caller holds the invitation (`hold`). Raises ValueError for a value or choice that is none of the question's.
    """
    _check(question, given)
    definition = definition_of(invitation.version)
    response = response_of(invitation)
    refusal = _refusal(invitation, definition, question, given, given_answers(response), now)
    if refusal is not None:
        return refusal
    response = response or _begin(invitation, channel, now)
    answer = next((a for a in response.answers if a.question_key == question.key), None)
    changed = _keep(response, answer, question, given, channel, submission, now)
    if changed and definition.feels(question):
        _feel(response, question, definition.band_for(question, given_answers(response)))
    answers = given_answers(response)
    following = definition.next(answers)
    if changed:
        response.changed_at = now
        response.review_due = True
        _headline(response, question, given)
        # A score that came after the end is late, also where words had come in time.
        response.late = response.late or (question.scale is not None and is_closed(invitation, now))
        _advance(invitation, response, following, now)
        db.session.flush()
    return Recorded(response, changed, following, answers)


def _refusal(
    invitation: Invitation,
    definition: Definition,
    question: Question,
    given: Given,
    answers: Mapping[str, Given],
    now: datetime,
) -> Refusal | None:
    if not definition.asked(question, answers):
        return Refusal.NOT_ASKED
    before = answers.get(question.key)
    if before is None or not is_closed(invitation, now):
        return None
    adds = bool(before.text and given.text and given.text.startswith(before.text))
    return None if adds else Refusal.CLOSED


def _check(question: Question, given: Given) -> None:
    if given.skipped:
        return
    scale = question.scale
    if scale and (given.value is None or not scale[0] <= given.value <= scale[1]):
        raise ValueError(f"{question.key} takes a number from {scale[0]} to {scale[1]}")
    if scale or question.kind is Kind.TEXT:
        return
    chosen = given.choices if question.kind is Kind.CHOICES else (given.choice,)
    if not chosen or any(key is None or question.choice(key) is None for key in chosen):
        raise ValueError(f"{question.key} has no choice {chosen!r}")


def _begin(invitation: Invitation, channel: str, now: datetime) -> Response:
    response = Response(
        invitation_id=invitation.id,
        customer_id=invitation.customer_id,
        branch_id=invitation.branch_id,
        staff_id=invitation.staff_id,
        touchpoint_id=invitation.event.touchpoint_id,
        channel=channel,
        language=invitation.language,
        started_at=now,
        answered_at=now,
        changed_at=now,
        late=is_closed(invitation, now),
        themes=[],
        signals=[],
    )
    db.session.add(response)
    return response


def _keep(
    response: Response,
    answer: Answer | None,
    question: Question,
    given: Given,
    channel: str,
    submission: str | None,
    now: datetime,
) -> bool:
    words = storable(given.text).strip() if given.text else None
    clean = redact(words).text if words else None
    if answer is None:
        answer = Answer(question_key=question.key, kind=question.kind, channel=channel, at=now, skipped=False)
        response.answers.append(answer)
    else:
        before = (answer.value, answer.choice, tuple(answer.choices or ()), answer.text, answer.skipped)
        same = before == (given.value, given.choice, given.choices, clean, given.skipped)
        if same or (submission and submission == answer.submission):
            return False
        if given.skipped:
            return False  # passing over a question already answered leaves the answer
        db.session.add(
            AnswerRevision(
                answer_id=answer.id,
                value=answer.value,
                choice=answer.choice,
                choices=answer.choices,
                text=answer.text,
                channel=answer.channel,
                at=answer.at,
            )
        )
        answer.score_version = None
    answer.value, answer.choice, answer.text, answer.skipped = given.value, given.choice, clean, given.skipped
    answer.choices = list(given.choices) or None
    answer.original = words if words != clean else None
    answer.channel, answer.submission, answer.at = channel, submission, now
    return True


def _feel(response: Response, question: Question, about: str) -> None:
    """Keep how the words feel beside them, so that the next question is the same whenever it is asked for."""
    answer = next(a for a in response.answers if a.question_key == question.key)
    asks = question.asks.get(about) or question.asks.get("")
    answer.feeling = feeling(answer.text, asks=asks) if answer.text else None


def _headline(response: Response, question: Question, given: Given) -> None:
    if question.kind in (Kind.NPS, Kind.CSAT, Kind.CES) and given.value is not None:
        setattr(response, question.kind.value, given.value)


def _advance(invitation: Invitation, response: Response, following: Question | None, now: datetime) -> None:
    if following is None and response.completed_at is None:
        response.completed_at = now
    if invitation.state in (InvitationState.SENT, InvitationState.REMINDED, InvitationState.STARTED):
        invitation.remind_at = None
        invitation.state = InvitationState.COMPLETED if following is None else InvitationState.STARTED
        if following is None:
            invitation.closed_at = now


def progress(definition: Definition, question: Question, answers: Mapping[str, Given]) -> tuple[int, int]:
    """Place of the question on the path and the path's length, both from 1."""
    path = definition.path(answers)
    keys = [q.key for q in path]
    return (keys.index(question.key) + 1 if question.key in keys else len(keys)), len(keys)
