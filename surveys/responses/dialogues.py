"""The conversation that runs on a phone: found, held, begun and closed."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeAlias

from sqlalchemy import bindparam, select, update

from app.extensions import change, db, read_rows, settings
from surveys.invitations.invited import READ, Invited, InvitedRow, invited, surrounded
from surveys.invitations.models import Invitation
from surveys.questionnaires.service import definition_of
from surveys.responses.integrity import is_of_staff
from surveys.responses.models import Dialogue
from surveys.responses.service import is_closed


@dataclass(slots=True)
class DialogueRow:
    """The row of a conversation, with whom it is held; `change` writes it and keeps it true."""

    row_of: ClassVar = Dialogue

    invitation: InvitedRow
    id: int
    phone_index: str
    asking: str | None
    reprompted: bool
    turn: int
    last_turn_at: datetime
    closed_at: datetime | None
    of_staff: bool  # somebody who works here has this phone


Talk: TypeAlias = Dialogue | DialogueRow

# PostgreSQL locks them in this order, as the page does, and then looks again at what it had to wait for.
_ALONE = (
    surrounded(
        select(
            *READ,
            Dialogue.id,
            Dialogue.phone_index,
            Dialogue.asking,
            Dialogue.reprompted,
            Dialogue.turn,
            Dialogue.last_turn_at,
            Dialogue.closed_at,
            is_of_staff(Dialogue.phone_index),
        ).join_from(Dialogue, Invitation, Invitation.id == Dialogue.invitation_id)
    )
    .where(Dialogue.phone_index == bindparam("phone_index"), Dialogue.closed_at.is_(None))
    .order_by(Dialogue.id.desc())
    .limit(1)
    .with_for_update(of=[Invitation, Dialogue])
)
_CLOSE_OWN = (
    update(Dialogue)
    .where(Dialogue.invitation_id == bindparam("own_id"), Dialogue.closed_at.is_(None))
    .values(asking=None, closed_at=bindparam("at"))
)


def open_dialogue(phone_index: str) -> Dialogue | None:
    """The conversation running on this phone."""
    query = select(Dialogue).where(Dialogue.phone_index == phone_index, Dialogue.closed_at.is_(None))
    return db.session.scalar(query.order_by(Dialogue.id.desc()).limit(1))


def held_dialogue(phone_index: str, *, now: datetime) -> DialogueRow | None:
    """The conversation running on this phone, alone with its invitation until the commit.

    One whose survey is over ends here: the sweeper may not have come by yet.
    """
    row = read_rows(_ALONE, phone_index=phone_index).first()
    if row is None:
        return None
    dialogue = DialogueRow(invited(row[: len(READ)]), *row[len(READ) :])
    if is_closed(dialogue.invitation, now):
        close_dialogue(dialogue, now=now)
        return None
    return dialogue


def begin_dialogue(invitation: Invitation, phone_index: str, *, now: datetime) -> Dialogue:
    """Open the conversation an invitation by SMS begins with. The database allows one a pair of numbers."""
    dialogue = Dialogue(
        our_number=settings().sms_from,
        phone_index=phone_index,
        invitation_id=invitation.id,
        asking=definition_of(invitation.version).first.key,
        opened_at=now,
        last_turn_at=now,
    )
    db.session.add(dialogue)
    return dialogue


def close_own_dialogue(invitation: Invited, *, now: datetime) -> None:
    """Nothing more is asked about this invitation by text. The caller holds it."""
    db.session.connection().execute(_CLOSE_OWN, {"own_id": invitation.id, "at": now})


def close_dialogue(dialogue: Talk, *, now: datetime) -> None:
    """Nothing more is asked in this conversation."""
    change(dialogue, asking=None, closed_at=now)
