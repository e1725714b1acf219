"""Keeps answers: one response an invitation, the last answer to a question holds, nothing said is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import inspect

from app.extensions import Model, change, db, insert_row, settings, update_row
from notifications import storable
from surveys.invitations.invited import Invited
from surveys.invitations.models import OPEN, Invitation, InvitationState
from surveys.questionnaires.flow import Band, Definition, Given, Kind, Question, band
from surveys.questionnaires.service import definition_of
from surveys.responses.kept import Kept, KeptAnswer, forget_loaded, kept_by
from surveys.responses.learning import current_tenant
from surveys.responses.models import Answer, AnswerRevision, Response
from surveys.scoring.feeling import feeling
from surveys.scoring.redaction import redact


@dataclass(frozen=True)
class Recorded:
    """What an answer did: the response it belongs to, whether it changed anything, and what is asked next."""

    response_id: int
    changed: bool
    next: Question | None
    given: Mapping[str, Given]
    reviewed: bool  # somebody has looked at an earlier answer: a case may be of it
    seen: bool = False  # good scores and nothing else: nobody need look at it

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
    if db.session.get_bind().dialect.name != "postgresql":
        return  # on SQLite a writer is alone already
    db.session.refresh(invitation, _columns(invitation), with_for_update=True)
    for row in others:
        db.session.refresh(row, _columns(row))


def _columns(row: Model) -> list[str] | None:
    # What it leads to stays loaded: refreshed whole, a row forgets it, and each is fetched once more.
    state = inspect(row)
    return [column.key for column in state.mapper.column_attrs if column.key not in state.unloaded] or None


def is_closed(invitation: Invited, now: datetime) -> bool:
    """Whether the survey is over: its time has passed, its owner wanted no more, or a later service replaced it."""
    over = invitation.expires_at is not None and now >= invitation.expires_at
    return over or invitation.state in (InvitationState.CANCELLED, InvitationState.REFUSED)


def given_to(invitation: Invited) -> dict[str, Given]:
    """The answers to this invitation so far, as the flow sees them."""
    return kept_by(invitation).given


def record_answer(
    invitation: Invited,
    question: Question,
    given: Given,
    *,
    channel: str,
    now: datetime,
    submission: str | None = None,
    kept: Kept | None = None,
    device: str | None = None,
    alone: bool = False,
) -> Recorded | Refusal:
    """Keep one answer. The same submission again changes nothing; another answer replaces the last, which is kept.

    The caller holds the invitation; `kept`: the answers as it has read them since; `device`: where a web page was
    filled in; `alone`: nothing else was said, and nothing speaks against its being the customer's own answer, so that
    a good score needs no second look. Raises ValueError for a value or choice that is none of the question's.
    """
    _check(question, given)
    definition = definition_of(invitation.version)
    kept = kept or kept_by(invitation)
    before = kept.given
    refusal = _refusal(invitation, definition, question, given, before, now)
    if refusal is not None:
        return refusal
    words = storable(given.text).strip() if given.text else None
    clean = redact(words).text if words else None
    given = replace(given, text=clean, feeling=None)
    held = kept.answers.get(question.key)
    if kept.response_id is not None and held is not None and _changes_nothing(held, given, submission):
        return Recorded(kept.response_id, False, definition.next(before), before, kept.reviewed)
    if definition.feels(question) and clean and not given.skipped:
        asks = question.asks.get(definition.band_for(question, before)) or question.asks.get("")
        given = replace(given, feeling=feeling(clean, asks=asks, tenant=current_tenant()))
    answers = {**before, question.key: given}
    following = definition.next(answers)
    elsewhere = any(one.channel != channel for one in kept.answers.values())  # what came by web is looked at
    seen = alone and not elsewhere and not kept.reviewed and _good_scores(definition, answers)
    response_id = _keep_response(invitation, kept, question, given, following, channel, now, device, seen)
    original = words if words != clean and settings().policy.keep_original_days else None
    _keep_answer(response_id, held, question, given, original, channel=channel, submission=submission, now=now)
    _advance(invitation, following, now)
    forget_loaded(response_id)
    return Recorded(response_id, True, following, answers, kept.reviewed, seen)


def _refusal(
    invitation: Invited,
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


def _good_scores(definition: Definition, answers: Mapping[str, Given]) -> bool:
    # No word to score, nobody to call: a review would find nothing, and most answers by text are such.
    return all(
        (question := definition.question(key)) is not None
        and question.scale is not None
        and given.value is not None
        and band(question.kind, given.value) is not Band.LOW
        for key, given in answers.items()
    )


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


def _changes_nothing(held: KeptAnswer, given: Given, submission: str | None) -> bool:
    # Passing over a question already answered leaves the answer.
    return replace(held.given, feeling=None) == given or held.came_with(submission) or given.skipped


def _keep_response(
    invitation: Invited,
    kept: Kept,
    question: Question,
    given: Given,
    following: Question | None,
    channel: str,
    now: datetime,
    device: str | None,
    seen: bool,
) -> int:
    values: dict[str, Any] = {"changed_at": now, "review_due": not seen}
    if seen:
        values["reviewed_at"] = now
    headline = question.kind in (Kind.NPS, Kind.CSAT, Kind.CES) and given.value is not None
    if headline:
        values[question.kind.value] = given.value
    if following is None and kept.completed_at is None:
        values["completed_at"] = now
    if kept.response_id is None:
        return insert_row(
            Response,
            invitation_id=invitation.id,
            customer_id=invitation.customer_id,
            branch_id=invitation.branch_id,
            staff_id=invitation.staff_id,
            touchpoint_id=invitation.event.touchpoint_id,
            channel=channel,
            language=invitation.language,
            started_at=now,
            answered_at=now,
            late=is_closed(invitation, now),
            device=device,
            **values,
        )
    # A score that came after the end is late, also where words had come in time.
    if not kept.late and question.scale is not None and is_closed(invitation, now):
        values["late"] = True
    update_row(Response, kept.response_id, **values)
    return kept.response_id


def _keep_answer(
    response_id: int,
    held: KeptAnswer | None,
    question: Question,
    given: Given,
    original: str | None,
    *,
    channel: str,
    submission: str | None,
    now: datetime,
) -> None:
    values: dict[str, Any] = {
        "value": given.value,
        "choice": given.choice,
        "choices": list(given.choices) or None,
        "text": given.text,
        "skipped": given.skipped,
        "feeling": given.feeling,
        "original": original,
        "channel": channel,
        "submission": submission,
        "at": now,
    }
    if held is None:
        insert_row(Answer, response_id=response_id, question_key=question.key, kind=question.kind, **values)
        return
    former = held.given
    insert_row(
        AnswerRevision,
        answer_id=held.id,
        value=former.value,
        choice=former.choice,
        choices=list(former.choices) or None,
        text=former.text,
        channel=held.channel,
        at=held.at,
    )
    # What was marked in the former words, or said of them, holds for nothing in these.
    gone = dict.fromkeys(("score_version", "corrected", "machine_label", "machine_polarity"))
    update_row(Answer, held.id, deciding=[], signals=[], **gone, **values)


def _advance(invitation: Invited, following: Question | None, now: datetime) -> None:
    if invitation.state not in (InvitationState.SCHEDULED, *OPEN):
        return
    if invitation.state == InvitationState.SCHEDULED:
        # Its text was taken for lost, and it waits to be asked again; as the answer shows, it had arrived.
        change(invitation, sent_at=now)
    if following is None:
        change(invitation, state=InvitationState.COMPLETED, remind_at=None, closed_at=now)
    else:
        change(invitation, state=InvitationState.STARTED, remind_at=None)


def progress(definition: Definition, question: Question, answers: Mapping[str, Given]) -> tuple[int, int]:
    """Place of the question on the path and the path's length, both from 1."""
    path = definition.path(answers)
    keys = [q.key for q in path]
    return (keys.index(question.key) + 1 if question.key in keys else len(keys)), len(keys)
