"""One phone, several people; and a phone that wants no more texts: the open complaint is looked after all the same."""

from flask import Flask
from sqlalchemy import select

from app.cases.models import Case
from app.extensions import commit, db
from surveys.people.models import Customer
from surveys.responses.models import FreeText
from tests import world
from tests.app.cases.unhappy import ANGRY, kinds, says, served, the_case, work
from tests.conftest import ManualClock
from tests.phones import received
from tests.world import CUSTOMER_PHONE, MANAGER_PHONE


def bob_is_served_on_the_same_phone(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.served(clock.now(), ref="T-2", customer_ref="C-2", name="Bob Wong")
        commit()


def test_a_text_from_a_shared_phone_is_about_the_case_that_is_open(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1")
    bob_is_served_on_the_same_phone(app, clock)
    clock.advance(days=12)
    work(app, clock.now())
    says(app, clock, "STATUS")
    assert "a colleague at Central" in received(app, CUSTOMER_PHONE)[-1]
    says(app, clock, "Still nobody called me about my fee")
    assert the_case(app).words == f"{ANGRY}\nStill nobody called me about my fee"
    assert "has your words" in received(app, CUSTOMER_PHONE)[-1]


def test_of_two_with_a_case_it_is_the_one_we_were_last_in_touch_with(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1")
    clara = the_case(app).code
    bob_is_served_on_the_same_phone(app, clock)
    clock.advance(days=12)
    work(app, clock.now())
    with app.app_context():
        from app.cases.service import complaint_received

        bob = db.session.scalars(select(Customer).where(Customer.name == "Bob Wong")).one()
        assert bob.branch is not None
        complaint_received(bob, bob.branch, "My card was swallowed.", ref="L-1", risk=0.1, now=clock.now())
        commit()
    work(app, clock.now())
    clock.advance(minutes=5)
    says(app, clock, "And the machine is broken again")
    with app.app_context():
        words = dict(db.session.execute(select(Case.code, Case.words)).tuples().all())
    assert words.pop(clara) == ANGRY
    assert list(words.values()) == ["My card was swallowed.\nAnd the machine is broken again"]
    clock.advance(minutes=5)
    says(app, clock, f"CALLED {clara} no answer", phone=MANAGER_PHONE)
    clock.advance(minutes=5)
    says(app, clock, "I was out, and the fee is still wrong")
    with app.app_context():
        written = db.session.scalars(select(Case.words).where(Case.code == clara)).one()
    assert written == f"{ANGRY}\nI was out, and the fee is still wrong"


def test_who_wants_no_more_texts_still_reaches_whoever_has_their_case(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1", "STOP")
    assert "A complaint you have open is still looked after" in received(app, CUSTOMER_PHONE)[-1]
    texts = len(received(app, CUSTOMER_PHONE))
    clock.advance(minutes=5)
    says(app, clock, "Nobody has called me yet about the fee")
    assert 'C. W. wrote again: "Nobody has called me yet about the fee"' in received(app, MANAGER_PHONE)[-1]
    assert the_case(app).words == f"{ANGRY}\nNobody has called me yet about the fee"
    assert len(received(app, CUSTOMER_PHONE)) == texts, "and they are sent nothing"


def test_a_complaint_in_the_breath_of_a_stop_reaches_the_case_too(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1")
    says(app, clock, "Stop texting me. Nobody called and the fee is still wrong")
    assert "Nobody called and the fee is still wrong" in (the_case(app).words or "")
    with app.app_context():
        assert db.session.scalars(select(FreeText)).all() == []


def test_whoever_closes_the_case_of_somebody_who_gets_no_texts_is_told_so(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1", "STOP")
    code, texts = the_case(app).code, len(received(app, CUSTOMER_PHONE))
    says(app, clock, f"OK {code}", phone=MANAGER_PHONE)
    assert "C. W. takes no texts from us. Call +15005551001 before 17:00" in received(app, MANAGER_PHONE)[-1]
    says(app, clock, f"CALLED {code} no answer", phone=MANAGER_PHONE)
    assert "C. W. is not asked by text." in received(app, MANAGER_PHONE)[-1]
    says(app, clock, f"DONE {code} 1", phone=MANAGER_PHONE)
    assert received(app, MANAGER_PHONE)[-1] == (
        f"{code} closed as saved, cause waiting. C. W. takes no texts from us: please tell them what was done."
    )
    assert len(received(app, CUSTOMER_PHONE)) == texts
    clock.advance(days=2, hours=1)
    work(app, clock.now())
    case = the_case(app)
    assert "asked_customer" not in kinds(case)
    assert [e.detail["told"] for e in case.history if "told" in e.detail] == [False, False]
    assert case.history[-1].detail == {"decision": "skipped"}
