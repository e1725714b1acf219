"""Somebody leaves: their open cases go on with whoever takes over."""

from datetime import datetime

from sqlalchemy import select

from app.cases import journal
from app.cases.clocks import renew, schedule
from app.cases.lookup import held
from app.cases.messages import alert
from app.cases.models import Case
from app.cases.policy import LIVE, Deed, apply
from app.extensions import db
from surveys.people.models import Staff


def pass_on_cases(giver: Staff, to: Staff, *, now: datetime) -> int:
    """Every open case of theirs, for good: nobody gives it back. The new holder gets the words by text. How many."""
    query = select(Case).where(Case.owner_id == giver.id, Case.state.in_(LIVE)).order_by(Case.contact_by, Case.id)
    passed = 0
    for found in list(db.session.scalars(query)):
        case = held(found)
        if case.owner_id != giver.id or case.state not in LIVE:
            continue
        case.owner_id, case.owner = to.id, to
        case.state = apply(case.state, Deed.HAND_UP).value
        line = journal.record(case, "handed_up", now=now, to=to.id, former=giver.id, level=case.level, watch="left")
        renew(case, now=now)
        schedule(case, now=now)
        alert(case, to, "handed_over", now=now, key=f"left:{line.id}", words=case.words, name=giver.name)
        passed += 1
    return passed
