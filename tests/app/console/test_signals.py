"""Words that call for a person: they open a case or raise it by themselves, and the console shows on which words."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.cases.models import Case
from app.complaints import NewComplaint, record_complaint
from app.extensions import commit, db
from notifications import PhoneNumber
from surveys.invitations.models import Invitation
from surveys.invitations.tokens import token_of
from surveys.people.service import Person
from surveys.responses.keeping import forget_old_words
from surveys.responses.models import Answer, Response
from tests import world
from tests.app.console.office import sign_in
from tests.conftest import ManualClock
from tests.phones import reply, text_in
from tests.world import CUSTOMER_PHONE

Run = Callable[[], int]


@pytest.fixture
def asked(house: Flask, clock: ManualClock, run_due: Run) -> Flask:
    """Clara was served at Central and asked."""
    with house.app_context():
        world.served(clock.now())
        commit()
    run_due()
    return house


def case_of(app: Flask) -> Case:
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        db.session.expunge(case)
        return case


def page(app: Flask, path: str, language: str = "en") -> str:
    return sign_in(app, "manager").get(f"{path}?lang={language}").text


def underlined(page: str) -> list[str]:
    return re.findall(r'<mark class="sign">(.*?)</mark>', page)


def cited(page: str) -> list[tuple[str, str]]:
    return re.findall(r"<li><b>([^<]+)</b>[:：] ?<q[^>]*>([^<]*)</q></li>", page)


def complain(app: Flask, clock: ManualClock, run_due: Run, text: str) -> None:
    with app.app_context():
        record_complaint(
            NewComplaint(
                source="core",
                external_ref="L-77",
                branch="BJ-01",
                person=Person(
                    external_ref="C-1", name="Clara Wong", phone=PhoneNumber.trusted(CUSTOMER_PHONE), language="en"
                ),
                text=text,
                occurred_at=clock.now(),
                body={"text": text},
            ),
            now=clock.now(),
        )
        commit()
    run_due()


@pytest.mark.parametrize(
    ("words", "priority", "reason", "evidence"),
    [
        ("Nice staff, but I want to kill myself", 1, "self_harm", "kill myself"),
        ("卡被盗刷了三千，其他都好", 1, "fraud_safety", "盗刷"),
        ("They ignored me because of my accent", 1, "discrimination", "because of my accent"),
        ("下次就打12378投诉", 1, "legal_threat", "打12378"),
        ("All fine. I am closing my account tomorrow", 2, "intent_to_leave", "closing my account"),
        ("辦得快，不過我要銷戶", 2, "intent_to_leave", "要銷戶"),
        ("I am absolutely furious", 3, "anger", "furious"),
        ("很好，请给我回个电话", 4, "call_request", "请给我回个电话"),
    ],
)
def test_a_signal_opens_a_case_whatever_the_number_says(
    asked: Flask, clock: ManualClock, run_due: Run, words: str, priority: int, reason: str, evidence: str
) -> None:
    reply(asked, CUSTOMER_PHONE, "10", clock.now(), run_due)
    reply(asked, CUSTOMER_PHONE, words, clock.now(), run_due)
    case = case_of(asked)
    assert case.priority == priority
    assert reason in case.reasons
    for path in (f"/console/cases/{case.id}", f"/console/answers/{case.response_id}"):
        shown = page(asked, path)
        assert any(evidence in one for one in underlined(shown)), path
        assert any(evidence in one for _what, one in cited(shown)), path


def test_the_evidence_is_cut_from_the_words_as_they_are_kept(asked: Flask, clock: ManualClock, run_due: Run) -> None:
    reply(asked, CUSTOMER_PHONE, "1", clock.now(), run_due)
    said = "Card 6222021234567890123, mail jo@example.com, tel 0412 345 678: I will sue you. 我要销户"
    reply(asked, CUSTOMER_PHONE, said, clock.now(), run_due)
    case = case_of(asked)
    shown = page(asked, f"/console/cases/{case.id}")
    assert "6222" not in shown
    assert cited(shown) == [("speaks of the law", "I will sue"), ("says they will leave", "我要销户")]
    assert underlined(shown) == ["I will sue", "我要销户"]
    chinese = page(asked, f"/console/answers/{case.response_id}", "zh-Hans")
    assert {"提到法律途径", "表示要离开"} <= {what for what, _said in cited(chinese)}
    assert underlined(chinese) == underlined(shown)


def test_a_text_out_of_the_blue_with_a_signal_opens_a_case(house: Flask, clock: ManualClock, run_due: Run) -> None:
    with house.app_context():
        world.served(clock.now())
        commit()
    clock.advance(days=40)
    run_due()
    text_in(house, CUSTOMER_PHONE, "someone stole my card", clock.now())
    run_due()
    case = case_of(house)
    assert (case.priority, case.reasons[0]) == (1, "fraud_safety")
    shown = page(house, f"/console/cases/{case.id}")
    assert "someone stole my card" in underlined(shown)
    assert "stole my card" in "".join(underlined(page(house, "/console/")))


def test_a_letter_that_joins_a_case_raises_it_and_is_read_on_its_page(
    asked: Flask, clock: ManualClock, run_due: Run
) -> None:
    reply(asked, CUSTOMER_PHONE, "5", clock.now(), run_due)
    reply(asked, CUSTOMER_PHONE, "A bit slow", clock.now(), run_due)
    assert case_of(asked).priority > 1
    complain(asked, clock, run_due, "你们柜员歧视外地人，不处理我就去金管局投诉")
    case = case_of(asked)
    assert case.priority == 1
    assert {"discrimination", "legal_threat", "low_score"} <= set(case.reasons)
    shown = page(asked, f"/console/cases/{case.id}")
    assert "A bit slow" in shown
    assert "歧视" in underlined(shown)
    assert ("feels discriminated against", "歧视") in cited(shown)
    assert '<blockquote class="words" lang="zh-Hans">' in shown


def test_a_letter_alone_is_underlined_too(house: Flask, clock: ManualClock, run_due: Run) -> None:
    complain(house, clock, run_due, "This is discrimination. You will hear from my lawyer.")
    shown = page(house, f"/console/cases/{case_of(house).id}")
    assert {what for what, _said in cited(shown)} == {"feels discriminated against", "speaks of the law"}


def test_of_forgotten_words_the_page_says_what_was_heard_and_cites_nothing(
    asked: Flask, clock: ManualClock, run_due: Run
) -> None:
    reply(asked, CUSTOMER_PHONE, "2", clock.now(), run_due)
    reply(asked, CUSTOMER_PHONE, "I am closing my account", clock.now(), run_due)
    with asked.app_context():
        forget_old_words(clock.now() + timedelta(days=1), most=10)
        db.session.execute(db.update(Case).values(words=None))
        commit()
    case = case_of(asked)
    answer = page(asked, f"/console/answers/{case.response_id}")
    assert underlined(answer) == []
    assert cited(answer) == []
    assert "words that are no longer kept" in answer
    assert "says they will leave" in answer
    shown = page(asked, f"/console/cases/{case.id}")
    assert underlined(shown) == []
    assert "What they said is no longer kept." in shown
    assert "客户的原话已不再保留。" in page(asked, f"/console/cases/{case.id}", "zh-Hans")


def test_what_was_marked_in_words_that_were_changed_marks_nothing_in_the_new_ones(
    asked: Flask, clock: ManualClock, run_due: Run
) -> None:
    with asked.app_context():
        link = f"/s/{token_of(db.session.scalars(select(Invitation)).one())}"
    client = asked.test_client()
    client.post(link, data={"question": "recommend", "answer": "2", "submission": "a"})
    client.post(link, data={"question": "why", "answer": "I am closing my account", "submission": "b"})
    run_due()
    client.post(link, data={"question": "why", "answer": "It was a long day and I was tired", "submission": "c"})
    with asked.app_context():
        answer = db.session.scalars(select(Answer).where(Answer.question_key == "why")).one()
        assert (answer.signals, answer.deciding) == ([], [])
        response_id = db.session.scalars(select(Response.id)).one()
    assert underlined(page(asked, f"/console/answers/{response_id}")) == []
