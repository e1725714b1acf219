"""A person is forgotten: their words and identifiers go, the figures stay. What they did not want stays, by keyed hash.

Nothing here can be undone, and all of it may run twice.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from app.extensions import Blind, Model, db
from notifications.optouts import stop_address
from surveys.invitations.closing import end, expire
from surveys.invitations.lookup import held
from surveys.invitations.models import OPEN, Invitation, InvitationState, ServiceEvent
from surveys.people.models import Consent, ContactPoint, Customer, CustomerReference, Transaction
from surveys.people.service import consents_to, erased_ref, is_erased_ref
from surveys.responses.correction_models import About
from surveys.responses.keeping import forget_corrections
from surveys.responses.models import Answer, AnswerRevision, Dialogue, FreeText, Response

UNSCORED = "erased"  # stands for the model's version: there is nothing left to score


def keep_wishes(customer_id: int, own: Collection[Blind], *, now: datetime) -> None:
    """Who did not want to be asked is not asked at these addresses either when another system brings them back."""
    kinds = {"phone": "sms", "email": "email"}
    points = select(ContactPoint.kind, ContactPoint.address_index).where(ContactPoint.address_index.in_(own))
    for kind, index in db.session.execute(points).all():
        if not consents_to(customer_id, kinds[kind]):
            stop_address(Blind(index), source="erased", now=now)


def end_invitations(invitation_ids: Collection[int], *, now: datetime) -> None:
    """Nothing more is asked, and nothing is taken: their links lead nowhere."""
    for invitation_id in invitation_ids:
        invitation = held(invitation_id)
        if invitation is None:
            continue
        if invitation.state == InvitationState.SCHEDULED:
            end(invitation, InvitationState.CANCELLED, now=now)
            invitation.skip_reasons = [*invitation.skip_reasons, "erased"]
        elif invitation.state in OPEN:
            expire(invitation, now=now)
        invitation.remind_at, invitation.nonce, invitation.token_hash = None, "", f"erased:{invitation.id}"
    db.session.flush()


def erase_answers(response_ids: Collection[int], records: Collection[int], *, now: datetime) -> None:
    """Their words and what stood before; numbers, choices and what the words were about stay."""
    answers = select(Answer.id).where(Answer.response_id.in_(response_ids))
    _change(AnswerRevision, AnswerRevision.answer_id.in_(answers), text=None)
    said: dict[str, Any] = {"text": None, "original": None, "submission": None, "deciding": [], "sameness": None}
    _change(Answer, Answer.response_id.in_(response_ids), **said)
    _change(Response, Response.id.in_(response_ids), device=None)
    texts = select(FreeText.id).where(FreeText.customer_id.in_(records))
    forget_corrections(About.ANSWER, db.session.scalars(answers).all(), now=now)
    forget_corrections(About.FREE_TEXT, db.session.scalars(texts).all(), now=now)
    _change(Response, Response.id.in_(response_ids) & Response.review_due.is_(True), review_due=False, reviewed_at=now)
    free = FreeText.customer_id.in_(records)
    _change(FreeText, free & FreeText.score_version.is_(None), score_version=UNSCORED)
    _change(FreeText, free & FreeText.seen_at.is_(None), seen_at=now)
    _change(FreeText, free, text="")


def erase_records(records: Collection[int], shared: Collection[Blind], *, now: datetime) -> None:
    """Name, birth date, references and addresses; visits and purchases stay as figures, under names nobody can read."""
    theirs = ServiceEvent.customer_id.in_(records)
    for event in db.session.scalars(select(ServiceEvent).where(theirs)):
        if not is_erased_ref(event.external_ref):
            event.external_ref = erased_ref(event.source, event.external_ref)
        event.body_hash, event.reopens, event.attributes = "", None, {}
    for bought in db.session.scalars(select(Transaction).where(Transaction.customer_id.in_(records))):
        if not is_erased_ref(bought.external_ref):
            bought.external_ref = erased_ref(bought.source, bought.external_ref)
    db.session.flush()
    # The caps of a telephone hold for whoever else has it.
    own = Invitation.customer_id.in_(records) & Invitation.phone_index.not_in(shared)
    invitations = select(Invitation.id).where(Invitation.customer_id.in_(records))
    _change(
        Dialogue, Dialogue.invitation_id.in_(invitations) & Dialogue.phone_index.not_in(shared), phone_index=Blind("")
    )
    _change(Invitation, own, phone_index=None)
    _change(
        Consent,
        Consent.customer_id.in_(records) & Consent.erased_at.is_(None),
        wording="",
        proof="",
        address_index=None,
        erased_at=now,
    )
    for model in (ContactPoint, CustomerReference):
        db.session.execute(
            delete(model).where(model.customer_id.in_(records)), execution_options={"synchronize_session": False}
        )
    gone = Customer.id.in_(records) & Customer.erased_at.is_(None)
    _change(Customer, gone, name="", birth_date=None, likeness=None, erased_at=now)


def _change(model: type[Model], which: ColumnElement[bool], **values: Any) -> None:
    db.session.execute(update(model).where(which).values(**values), execution_options={"synchronize_session": False})
