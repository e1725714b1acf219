"""Everything we hold about a person, as one JSON value: what they may ask to see."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select

from app.auth.models import AuditEntry
from app.cases.models import Case
from app.extensions import Blind, BlindIndex, Model, db
from app.privacy.traces import Traces, traces
from notifications.models import InboundMessage, Message, OptOut
from surveys.invitations.models import Hold, Invitation, ServiceEvent
from surveys.people.merging import naming_customers
from surveys.people.models import Consent, ContactPoint, Customer, CustomerReference, Merge, Transaction
from surveys.responses.correction_models import About, Correction
from surveys.responses.models import Answer, AnswerRevision, Dialogue, FreeText, Response

Row = TypeVar("Row", bound=Model)

# Keys, hashes and leases say nothing about a person and would open doors.
LEFT_OUT = frozenset(
    {"nonce", "token_hash", "body_hash", "lease", "lease_until", "submission", "dedupe_key", "link_ref"}
)


def everything_about(customer: Customer, *, now: datetime) -> dict[str, Any]:
    """Who they are, what they agreed to, what happened, what was asked, said, sent and done about it."""
    found = traces(customer)
    theirs = found.records
    told = {
        "exported_at": now.isoformat(),
        "customer": customer.id,
        "identity": _rows(Customer, Customer.id.in_(theirs)),
        "references": _rows(CustomerReference, CustomerReference.customer_id.in_(theirs)),
        "contact_points": _rows(ContactPoint, ContactPoint.customer_id.in_(theirs)),
        "consents": _rows(Consent, Consent.customer_id.in_(theirs)),
        "opt_outs": _rows(OptOut, OptOut.address_index.in_([Blind(i) for i in (*found.own, *found.shared)])),
        "transactions": _rows(Transaction, Transaction.customer_id.in_(theirs)),
        "events": [_event(event) for event in _all(ServiceEvent, ServiceEvent.customer_id.in_(theirs))],
        "free_texts": [
            {**_row(free), "corrections": _corrections(About.FREE_TEXT, free.id)}
            for free in _all(FreeText, FreeText.customer_id.in_(theirs))
        ],
        "holds": _rows(Hold, Hold.customer_id.in_(theirs)),
        "cases": [_case(case) for case in _all(Case, Case.id.in_(found.cases))],
        "messages_sent": _rows(Message, Message.id.in_(found.messages)),
        "messages_received": _rows(InboundMessage, InboundMessage.id.in_(found.inbound)),
        "merges": _rows(Merge, or_(Merge.kept_id.in_(theirs), Merge.gone_id.in_(theirs))),
        "audit": _audit(found),
    }
    return {**told, **_others(theirs)}


def _event(event: ServiceEvent) -> dict[str, Any]:
    invitations = _all(Invitation, Invitation.service_event_id == event.id)
    names = {"touchpoint": event.touchpoint.key, "branch": event.branch.code}
    return {**_row(event), **names, "invitations": [_invitation(one) for one in invitations]}


def _invitation(invitation: Invitation) -> dict[str, Any]:
    responses = _all(Response, Response.invitation_id == invitation.id)
    return {
        **_row(invitation),
        "dialogues": _rows(Dialogue, Dialogue.invitation_id == invitation.id),
        "responses": [{**_row(r), "answers": [_answer(answer) for answer in r.answers]} for r in responses],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    told = {
        "revisions": _rows(AnswerRevision, AnswerRevision.answer_id == answer.id),
        "corrections": _corrections(About.ANSWER, answer.id),
    }
    return {**_row(answer), **told}


def _case(case: Case) -> dict[str, Any]:
    corrections = _corrections(About.CASE, case.id)
    return {**_row(case), "journal": [_row(line) for line in case.history], "corrections": corrections}


def _corrections(about: About, about_id: int) -> list[dict[str, Any]]:
    return _rows(Correction, (Correction.about == about) & (Correction.about_id == about_id))


def _audit(found: Traces) -> list[dict[str, Any]]:
    subjects = (("customer", found.records), ("case", found.cases), ("invitation", found.invitations))
    about = or_(*((AuditEntry.subject_kind == kind) & AuditEntry.subject_id.in_(ids) for kind, ids in subjects))
    return _rows(AuditEntry, about)


def _others(records: list[int]) -> dict[str, Any]:
    """Whatever else names a customer, so that a table which came later is not forgotten."""
    told = {CustomerReference, ContactPoint, Consent, Transaction, ServiceEvent, Invitation, Response, FreeText, Hold}
    known = {Customer.__tablename__, Case.__tablename__, *(model.__tablename__ for model in told)}
    models = {mapper.local_table: mapper.class_ for mapper in Customer.registry.mappers}
    columns = [column for column in naming_customers() if column.table.name not in known]
    found = {column.table.name: _rows(models[column.table], column.in_(records)) for column in columns}
    return {name: rows for name, rows in found.items() if rows}


def _all(model: type[Row], which: ColumnElement[bool]) -> Sequence[Row]:
    return db.session.scalars(select(model).where(which).order_by(*model.__mapper__.primary_key)).all()


def _rows(model: type[Any], which: ColumnElement[bool]) -> list[dict[str, Any]]:
    return [_row(row) for row in _all(model, which)]


def _row(row: Any) -> dict[str, Any]:
    columns = type(row).__mapper__.columns
    return {
        column.key: _plain(getattr(row, column.key))
        for column in columns
        if column.key not in LEFT_OUT and not isinstance(column.type, BlindIndex)
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value
