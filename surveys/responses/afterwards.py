"""What comes after a conversation is over: an answer that is late, or the number that was asked for in vain."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import change, db, settings
from surveys.invitations.models import OPEN, InvitationState
from surveys.questionnaires.asking import fitting
from surveys.questionnaires.flow import Kind
from surveys.questionnaires.service import definition_of
from surveys.responses.answering import corrected_question, read
from surveys.responses.conversation import take, told
from surveys.responses.kept import kept_of
from surveys.responses.models import Dialogue
from surveys.responses.service import given_to, hold, is_closed
from surveys.responses.turns import Asked, Say, Turn
from surveys.responses.unmeant import corrects

UNFINISHED = (*OPEN, InvitationState.EXPIRED, InvitationState.PARTIAL)


def late_turn(phone_index: str, text: str, *, now: datetime) -> Turn | None:
    """An answer to a survey whose time is over: kept, marked late, thanked for. None when the text is no such answer.

    A number is taken for some weeks; words alone only while the question is still in mind.
    """
    dialogue = _latest(phone_index)
    if dialogue is None:
        return None
    invitation, policy = dialogue.invitation, settings().policy
    hold(invitation, dialogue)
    if invitation.state not in UNFINISHED or not is_closed(invitation, now):
        return None
    definition, kept = definition_of(invitation.version), kept_of(invitation.id)
    question = definition.next(kept.given)
    over = invitation.expires_at or dialogue.last_turn_at
    if question is None or now - over > timedelta(days=policy.late_days):
        return None
    if kept.late and question.kind is not Kind.TEXT:
        return None  # after a late answer nothing was asked: a digit more is no answer to a question never put
    if question.kind is Kind.TEXT and now - dialogue.last_turn_at > timedelta(days=policy.dialogue_days):
        return None
    reply = read(invitation, question, text)
    if reply.action not in ("record", "conflict"):
        return None
    recorded, words = take(Asked(dialogue, definition, question, kept), reply, text, now)
    say = Say(fitting("late", definition, recorded.given))
    return told(Turn("late", say, invitation, response_id=recorded.response_id), question, reply, words)


def taken_up(phone_index: str, text: str, *, now: datetime) -> Dialogue | None:
    """The conversation that is over, open again for this text.

    The number has come after all, where it ended because we did not understand; or it was another that was meant.
    """
    dialogue = _latest(phone_index)
    if dialogue is None or dialogue.closed_at is None or not (dialogue.reprompted or corrects(text)):
        return None
    invitation = dialogue.invitation
    hold(invitation, dialogue)
    if is_closed(invitation, now):
        return None
    definition, given = definition_of(invitation.version), given_to(invitation)
    question = definition.next(given)
    complete = question is None
    if complete and now - dialogue.last_turn_at <= timedelta(days=settings().policy.dialogue_days):
        question = corrected_question(invitation, definition, given, text)
    elif complete or not dialogue.reprompted or invitation.state not in OPEN:
        return None
    if question is None or question.kind is Kind.TEXT or read(invitation, question, text).action != "record":
        return None
    # A number that is corrected answers the question it was given to, as if that were asked once more.
    change(dialogue, asking=question.key, closed_at=None, reprompted=complete)
    return dialogue


def _latest(phone_index: str) -> Dialogue | None:
    query = select(Dialogue).where(Dialogue.phone_index == phone_index).order_by(Dialogue.id.desc()).limit(1)
    return db.session.scalar(query)
