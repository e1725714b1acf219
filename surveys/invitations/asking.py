"""What leaves when a customer is asked or reminded: a text that begins a conversation, or the link by text or mail."""

from datetime import datetime, timedelta

from app.extensions import db, settings
from notifications import EmailAddress, PhoneNumber, Purpose, Queued, queue_email, queue_sms
from surveys.invitations.eligibility import Channel, Policy
from surveys.invitations.lookup import ask_key, reminder_key
from surveys.invitations.mail import survey_mail
from surveys.invitations.models import Invitation
from surveys.invitations.quiet_hours import allowed_until
from surveys.invitations.tokens import link_ref, stop_ref
from surveys.people.queries import Reach
from surveys.questionnaires.flow import Kind, Question
from surveys.questionnaires.service import definition_of
from surveys.responses.conversation import asking, reminding
from surveys.responses.dialogues import begin_dialogue, close_dialogue, open_dialogue
from surveys.responses.texts import customer_text
from surveys.responses.turns import Say


def ask(invitation: Invitation, reach: Reach, *, place: str, policy: Policy, now: datetime) -> Queued:
    """Queue the first message by the invitation's channel. One that expired before it left waits once more."""
    stale = invitation.event.occurred_at + timedelta(hours=policy.stale_hours)
    valid_until = min(stale, _closing(invitation, place, policy, now))
    key, channel = ask_key(invitation), invitation.channel
    return _queue(invitation, reach, channel, key=key, reminds=False, valid_until=valid_until, now=now)


def ask_once_more(
    invitation: Invitation, reach: Reach, *, channel: str, place: str, policy: Policy, now: datetime
) -> Queued:
    """Queue the one reminder by this channel; one that expired before it left waits again, by whichever it is now."""
    closing = _closing(invitation, place, policy, now)
    valid_until = min(invitation.expires_at, closing) if invitation.expires_at else closing
    key = reminder_key(invitation)
    return _queue(invitation, reach, channel, key=key, reminds=True, valid_until=valid_until, now=now)


def converse(invitation: Invitation, reach: Reach, *, now: datetime) -> None:
    """Begin the conversation on this phone; one that is unfinished ends, for the rules let this one take its place."""
    unfinished = open_dialogue(reach.index)
    if unfinished is not None:
        if unfinished.invitation_id == invitation.id:
            return
        close_dialogue(unfinished, now=now)
        db.session.flush()
    begin_dialogue(invitation, reach.index, now=now)


def _says(invitation: Invitation, first: Question, channel: str, *, reminds: bool) -> Say:
    """The text that asks this first question by this channel."""
    if channel == Channel.SMS_LINK and first.kind is not Kind.CHOICE:
        return Say("reminder_link" if reminds else "invite_link")
    return reminding(invitation) if reminds else asking(invitation, first, {})


def _closing(invitation: Invitation, place: str, policy: Policy, now: datetime) -> datetime:
    # What waits for a worker past this hour must not leave in the night.
    return allowed_until(
        now,
        time_zone=invitation.customer.time_zone,
        place=place,
        company=(policy.company_hours[0], policy.company_hours[1]),
    )


def _queue(
    invitation: Invitation, reach: Reach, channel: str, *, key: str, reminds: bool, valid_until: datetime, now: datetime
) -> Queued:
    first = definition_of(invitation.version).first
    if channel == Channel.EMAIL:
        mail = survey_mail(invitation, first, organisation=settings().organisation, reminds=reminds)
        return queue_email(
            EmailAddress.trusted(reach.address),
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            purpose=Purpose.SURVEY,
            dedupe_key=key,
            now=now,
            link_ref=link_ref(invitation),
            stop_ref=stop_ref(invitation),
            subject_kind="invitation",
            subject_id=invitation.id,
            valid_until=valid_until,
            not_before=now,
            once_more=True,
        )
    say = _says(invitation, first, channel, reminds=reminds)
    when = None if reminds else now
    body = customer_text(say.key, invitation.language, invitation=invitation, words=say.words, now=when)
    return queue_sms(
        PhoneNumber.trusted(reach.address),
        body,
        purpose=Purpose.SURVEY,
        dedupe_key=key,
        now=now,
        template=say.key,
        link_ref=link_ref(invitation),
        charge_to=invitation.branch.code,
        subject_kind="invitation",
        subject_id=invitation.id,
        valid_until=valid_until,
        not_before=now,  # should somebody set the clock back: what may leave at ten must not leave at nine
        once_more=True,
    )
