"""The conversation that runs on a phone: found, held, begun and closed."""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import contains_eager, defer, joinedload

from app.extensions import change, db, settings
from surveys.invitations.invited import Invited
from surveys.invitations.models import Invitation, ServiceEvent
from surveys.people.models import Branch
from surveys.questionnaires.models import SurveyVersion
from surveys.questionnaires.service import definition_of
from surveys.responses.models import Dialogue
from surveys.responses.service import is_closed

# PostgreSQL locks them in this order, as the page does, and then looks again at what it had to wait for.
_ALONE = (
    select(Dialogue)
    .join(Dialogue.invitation)
    .where(Dialogue.phone_index == bindparam("phone_index"), Dialogue.closed_at.is_(None))
    .order_by(Dialogue.id.desc())
    .limit(1)
    .options(
        contains_eager(Dialogue.invitation).options(
            defer(Invitation.rules),
            defer(Invitation.reminder_rules),
            joinedload(Invitation.version, innerjoin=True).load_only(SurveyVersion.published_at),
            joinedload(Invitation.event, innerjoin=True)
            .load_only(ServiceEvent.touchpoint_id, ServiceEvent.occurred_at, ServiceEvent.attributes)
            .joinedload(ServiceEvent.touchpoint, innerjoin=True),
            joinedload(Invitation.branch, innerjoin=True).load_only(
                Branch.code, Branch.names, Branch.phone, Branch.time_zone
            ),
        )
    )
    .with_for_update(of=[Invitation, Dialogue])
    .execution_options(populate_existing=True)
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


def held_dialogue(phone_index: str, *, now: datetime) -> Dialogue | None:
    """The conversation running on this phone, alone with its invitation until the commit.

    One whose survey is over ends here: the sweeper may not have come by yet.
    """
    dialogue = db.session.scalar(_ALONE, {"phone_index": phone_index})
    if dialogue is not None and is_closed(dialogue.invitation, now):
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


def close_dialogue(dialogue: Dialogue, *, now: datetime) -> None:
    """Nothing more is asked in this conversation."""
    change(dialogue, asking=None, closed_at=now)
