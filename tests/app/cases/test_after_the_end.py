"""After a case was closed: what says that it is not right brings it back, what says anything else does not."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cases.models import Case
from app.cases.service import dismiss
from app.extensions import commit, db
from surveys.invitations.models import Invitation
from surveys.invitations.tokens import link_ref, resolve_link
from tests.app.cases.unhappy import ANGRY, kinds, says, served, staff_of, the_case, work
from tests.conftest import ManualClock
from tests.phones import mails, received
from tests.world import CUSTOMER_PHONE, MANAGER_PHONE

STOLEN = "The teller stole cash from my account and I will sue you"


def news(app: Flask, before: int) -> list[str]:
    """What the manager was texted since."""
    return received(app, MANAGER_PHONE)[before:]


def closed(app: Flask, clock: ManualClock, *answers: str) -> str:
    """Anna closed the case by text before the customer had said everything; its number."""
    served(app, clock)
    says(app, clock, "2", *answers)
    code = the_case(app).code
    says(app, clock, f"DONE {code} 1", phone=MANAGER_PHONE)
    return code


def on_the_page(app: Flask, client: FlaskClient, question: str, answer: str) -> None:
    with app.app_context():
        token = resolve_link(link_ref(db.session.scalars(select(Invitation)).one()), "sms").rsplit("/", 1)[1]
    assert client.post(f"/s/{token}", data={"question": question, "answer": answer}).status_code == 200


def test_words_texted_after_the_end_bring_the_case_back(app: Flask, clock: ManualClock) -> None:
    code = closed(app, clock)
    before = len(received(app, MANAGER_PHONE))
    says(app, clock, STOLEN)
    case = the_case(app)
    assert (case.state, case.level, case.priority, case.words) == ("reopened", 0, 1, STOLEN)
    assert {"fraud_safety", "legal_threat"} <= set(case.reasons)
    (alert,) = news(app, before)
    assert alert.startswith(f'Heed {code}: C. W. wrote more after it was closed: "The teller stole cash')
    assert f"Reply OK {code}" in alert
    assert any("came back after it was closed" in mail.subject for mail in mails(app, "s-10@harbour.example"))
    assert "your words are with the manager" in received(app, CUSTOMER_PHONE)[-1], "and that is true"


def test_words_on_the_page_after_the_end_bring_it_back(app: Flask, clock: ManualClock, client: FlaskClient) -> None:
    closed(app, clock)
    before = len(received(app, MANAGER_PHONE))
    on_the_page(app, client, "why", STOLEN)
    work(app, clock.now())
    assert the_case(app).state == "reopened"
    assert "The teller stole cash" in news(app, before)[0]


def test_words_after_a_false_alarm_bring_it_back_too(app: Flask, clock: ManualClock) -> None:
    built = served(app, clock)
    says(app, clock, "2")
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        dismiss(case, by=staff_of(built.manager), note="Meant another bank", now=clock.now())
        commit()
    before = len(received(app, MANAGER_PHONE))
    says(app, clock, "I waited an hour and the teller shouted at me. I am closing my account.")
    assert the_case(app).state == "reopened"
    assert "I waited an hour" in news(app, before)[0]


def test_a_worse_number_after_the_end_brings_it_back(app: Flask, clock: ManualClock, client: FlaskClient) -> None:
    served(app, clock)
    says(app, clock, "5")
    says(app, clock, f"DONE {the_case(app).code} 1", phone=MANAGER_PHONE)
    before = len(received(app, MANAGER_PHONE))
    on_the_page(app, client, "recommend", "1")
    work(app, clock.now())
    assert (the_case(app).state, the_case(app).rating) == ("reopened", 1)
    assert "1/10 Central came back after it was closed" in news(app, before)[0]


def test_kind_words_after_the_end_are_kept_and_leave_everybody_in_peace(app: Flask, clock: ManualClock) -> None:
    closed(app, clock)
    before = len(received(app, MANAGER_PHONE))
    says(app, clock, "The manager called at once, excellent, very helpful, thank you")
    case = the_case(app)
    assert (case.state, case.words) == ("resolved", "The manager called at once, excellent, very helpful, thank you")
    assert news(app, before) == []


def test_the_same_answer_looked_at_again_brings_nothing_back(
    app: Flask, clock: ManualClock, client: FlaskClient
) -> None:
    closed(app, clock, ANGRY)
    before = len(received(app, MANAGER_PHONE))
    on_the_page(app, client, "call", "none")
    work(app, clock.now())
    assert the_case(app).state == "resolved"
    assert news(app, before) == []


def test_whoever_asks_for_a_call_after_the_end_is_called(app: Flask, clock: ManualClock) -> None:
    code = closed(app, clock, ANGRY)
    before = len(received(app, MANAGER_PHONE))
    says(app, clock, "1")
    assert "will call you before 17:00." in received(app, CUSTOMER_PHONE)[-1]
    case = the_case(app)
    assert (case.state, case.call_choice) == ("reopened", "today")
    assert "came back after it was closed" in news(app, before)[0]
    assert f"Heed {code}: C. W. asks to be called by 17:00" in news(app, before)[1]


def test_whoever_wants_no_call_after_the_end_is_promised_nothing(app: Flask, clock: ManualClock) -> None:
    closed(app, clock, ANGRY)
    says(app, clock, "3")
    assert the_case(app).state == "resolved"
    assert "Central has your words" in received(app, CUSTOMER_PHONE)[-1]
    assert "before" not in received(app, CUSTOMER_PHONE)[-1]


@pytest.mark.parametrize("text", ["好的", "ok", "收到", "知道了", "yes", "麻烦了", "Thanks!", "👍", "OK, thank you"])
def test_an_acknowledgement_brings_nothing_back(app: Flask, clock: ManualClock, text: str) -> None:
    closed(app, clock, ANGRY, "3")
    staff, customer = len(received(app, MANAGER_PHONE)), len(received(app, CUSTOMER_PHONE))
    clock.advance(hours=1)
    says(app, clock, text)
    case = the_case(app)
    assert (case.state, case.priority, case.words) == ("resolved", 2, ANGRY)
    assert kinds(case)[-1] == "customer_wrote"
    assert case.history[-1].note == text
    assert (len(received(app, MANAGER_PHONE)), len(received(app, CUSTOMER_PHONE))) == (staff, customer)


def test_a_question_after_the_end_is_passed_on_and_brings_nothing_back(app: Flask, clock: ManualClock) -> None:
    code = closed(app, clock, ANGRY, "3")
    clock.advance(hours=1)
    before = len(received(app, MANAGER_PHONE))
    says(app, clock, "What time do you open tomorrow?")
    case = the_case(app)
    assert (case.state, case.priority) == ("resolved", 2)
    assert case.words == f"{ANGRY}\nWhat time do you open tomorrow?"
    assert news(app, before) == [
        f'Heed {code}: closed, and C. W. wrote: "What time do you open tomorrow?" It stays closed. ? {code} for more.'
    ]
    assert received(app, CUSTOMER_PHONE)[-1] == (
        "Harbour Bank: thank you. Central has your words. Is something still not right? Reply 2 and it is open again."
    )
    said = len(received(app, CUSTOMER_PHONE))
    says(app, clock, "And on Sunday?")
    assert len(received(app, CUSTOMER_PHONE)) == said, "said once, not to every text"
    says(app, clock, "2")
    assert the_case(app).state == "reopened"
    assert "It is open again with Central" in received(app, CUSTOMER_PHONE)[-1]


@pytest.mark.parametrize("text", ["no", "还没解决", "Nobody has called me yet about the fee", "It is still wrong"])
def test_whoever_says_it_is_not_right_has_it_back(app: Flask, clock: ManualClock, text: str) -> None:
    closed(app, clock, ANGRY, "3")
    clock.advance(hours=1)
    says(app, clock, text)
    case = the_case(app)
    assert (case.state, case.level, case.words) == ("reopened", 0, f"{ANGRY}\n{text}")
    assert "says it is not put right" in received(app, MANAGER_PHONE)[-1]


def test_whoever_gets_no_texts_gets_the_words_by_mail(app: Flask, clock: ManualClock) -> None:
    closed(app, clock, ANGRY, "3")
    says(app, clock, "STOP", phone=MANAGER_PHONE)
    says(app, clock, "What time do you open tomorrow?")
    mail = mails(app, "s-10@harbour.example")[-1]
    assert mail.subject.endswith("C. W. wrote after it was closed; nothing is due")
    assert "What time do you open tomorrow?" in mail.text
