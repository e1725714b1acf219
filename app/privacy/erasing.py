"""Forget a person for good: every word and identifier, in every table; every figure stays."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.cases.erasing import erase_cases
from app.cases.models import Case
from app.extensions import db
from app.privacy.traces import Traces, traces
from app.reports.erasing import erase_in_reports
from notifications.forgetting import forget_addresses, forget_inbound, forget_messages
from surveys.people.erasing import end_invitations, erase_answers, erase_records, keep_wishes
from surveys.people.merging import hold_records
from surveys.people.models import Customer
from surveys.people.service import records_of
from surveys.responses.correction_models import About
from surveys.responses.keeping import forget_corrections
from surveys.responses.learning import learn_at_once
from surveys.responses.models import Answer, Response


@dataclass(frozen=True)
class Erased:
    """What was forgotten, as counts."""

    records: int
    answers: int
    messages: int
    cases: int


def erase(customer: Customer, *, now: datetime) -> Erased:
    """Forget this person, whatever records they have. Cannot be undone; may run twice.

    What waits to be sent does not leave, their surveys and cases are over. An address that wanted nothing still wants
    nothing: that is kept, by its keyed hash alone.
    """
    hold_records(*db.session.scalars(records_of(customer.id)))
    found = traces(customer)
    mails = _erase_in_reports(found, now)
    erase_cases(found.cases, found.messages, now=now)
    keep_wishes(customer.id, found.own, now=now)
    end_invitations(found.invitations, now=now)
    forget_messages({*found.messages, *mails}, now=now)
    forget_inbound(found.inbound, now=now)
    forget_addresses(found.own, alone=True)
    forget_addresses(found.shared, alone=False)
    erase_answers(found.responses, found.records, now=now)
    forget_corrections(About.CASE, found.cases, now=now)
    erase_records(found.records, found.shared, now=now)
    db.session.flush()
    learn_at_once(now=now)  # what was learnt from their words alone goes with them
    db.session.expire_all()
    return Erased(len(found.records), len(found.responses), len(found.messages), len(found.cases))


def _erase_in_reports(found: Traces, now: datetime) -> list[int]:
    words = select(Answer.text).where(Answer.response_id.in_(found.responses), Answer.text.is_not(None))
    given = select(Response.answered_at).where(Response.id.in_(found.responses))
    cases = db.session.scalars(select(Case).where(Case.id.in_(found.cases))).all()
    texts = {text for text in db.session.scalars(words) if text}
    spans = {(at, at) for at in db.session.scalars(given)} | {(c.opened_at, c.closed_at or now) for c in cases}
    return erase_in_reports(texts, {case.code for case in cases}, spans)
