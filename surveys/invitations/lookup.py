"""An invitation as it stands now, held until the commit, with the text it began by."""

from sqlalchemy import select

from app.extensions import db, lock
from notifications.models import Message
from surveys.invitations.models import Invitation
from surveys.people.queries import sms_reach
from surveys.responses.dialogues import open_dialogue
from surveys.responses.models import Dialogue


def held(invitation_id: int) -> Invitation | None:
    """This invitation, alone with its telephone until the commit; None when there is none.

    First the telephone, then the row: the inbox and the survey page take them in the same order.
    """
    found = db.session.get(Invitation, invitation_id)
    if found is None:
        return None
    reach = sms_reach(found.customer_id)  # the one it goes to may not be the one known when it was decided
    lock(*(f"phone:{index}" for index in (found.phone_index, reach.index if reach else None) if index))
    return db.session.get(Invitation, invitation_id, populate_existing=True, with_for_update=True)


def ask_key(invitation: Invitation) -> str:
    """What the outbox knows the first text of an invitation by."""
    return f"invitation:{invitation.id}:ask"


def reminder_key(invitation: Invitation) -> str:
    """What the outbox knows the reminder of an invitation by."""
    return f"invitation:{invitation.id}:reminder"


def ask_of(invitation: Invitation) -> Message | None:
    """The first text of an invitation as it stands in the outbox; None before it was queued."""
    query = select(Message).where(Message.dedupe_key == ask_key(invitation))
    return db.session.scalar(query.execution_options(populate_existing=True))


def own_dialogue(invitation: Invitation) -> Dialogue | None:
    """The conversation this invitation began, while it is open."""
    dialogue = open_dialogue(invitation.phone_index) if invitation.phone_index else None
    return dialogue if dialogue is not None and dialogue.invitation_id == invitation.id else None
