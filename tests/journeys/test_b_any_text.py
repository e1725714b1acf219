"""B, any text whatever: at each question of each conversation exactly one sane text answers it."""

from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.cases.models import Case
from app.cases.service import Done, complaint_received, resolve
from app.extensions import commit, db
from notifications import PhoneNumber
from notifications.gsm import segments
from surveys.people.models import Branch
from surveys.people.service import Person, identify
from surveys.responses.dialogues import open_dialogue
from surveys.responses.models import Answer, FreeText
from tests import world
from tests.conftest import ManualClock
from tests.phones import received, reply

Run = Callable[[], int]
# What brings a fresh conversation to the question, and which it then is.
STAGES = {
    "the score": ((), "recommend"),
    "the score once more": (("who knows",), "recommend"),
    "the score after did you mean": (("1 excellent service",), "recommend"),
    "the reason": (("2",), "why"),
    "the reason once more": (("2", ""), "why"),
    "the call": (("2", "The queue was long"), "call"),
    "the call once more": (("2", "The queue was long", "perhaps"), "call"),
}
RECOVERY = {"put right": (), "put right, once more": ("who knows",)}
EDGES = [
    "",
    " ",
    "\r\n",
    "\0",
    "\ud83d",
    "\u200b",
    "{time}",
    "{",
    "%s",
    "1",
    "2",
    "3",
    "0",
    "10",
    "11",
    "-1",
    "9" * 400,
    "٣",
    "十分",
    "三分，等太久",
    "yes",
    "partly",
    "no",
    "OK",
    "ok 4821",
    "?",
    "? 4821",
    "STATUS",
    "进度",
    "EN",
    "中文",
    "STOP",
    "R",
    "HELP",
    "START",
    "skip",
    "3, and it is broken again",
    "1. Rude. Stop texting me",
    "10 terrible, never again",
    "👍",
    "长" * 1600,
]
TEXTS = st.one_of(
    st.sampled_from(EDGES),
    st.text(max_size=200),
    st.text(st.characters(), max_size=60),
    st.text(alphabet="0123456789 ０１９十分，\0😀👍", max_size=40),
)
HARD = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Phones:
    """A new customer with a new telephone for each example, so that none meets what another left behind."""

    def __init__(self, app: Flask, clock: ManualClock, run_due: Run) -> None:
        self.app, self.clock, self.run_due, self._numbers = app, clock, run_due, count(1)
        with app.app_context():
            world.build(clock.now())
            commit()

    def asked(self, *said: str) -> str:
        """The telephone of somebody who was asked after a visit and has said this."""
        number = next(self._numbers)
        phone = f"+1500556{number:04d}"
        with self.app.app_context():
            world.served(self.clock.now(), ref=f"T-{number}", customer_ref=f"C-{number}", phone=phone)
            commit()
        self.run_due()
        for words in said:
            reply(self.app, phone, words, self.clock.now(), self.run_due)
        return phone

    def asked_whether_it_is_right(self, *said: str) -> str:
        """The telephone of somebody whose complaint was mended and who is asked whether it is."""
        number = next(self._numbers)
        phone = f"+1500557{number:04d}"
        with self.app.app_context():
            now, branch = self.clock.now(), db.session.scalars(select(Branch).where(Branch.code == "BJ-01")).one()
            person = Person(external_ref=f"R-{number}", name="Clara Wong", phone=PhoneNumber.trusted(phone))
            customer = identify(person, source="core", at=branch, now=now)
            case = complaint_received(customer, branch, "My card is gone.", ref=f"L-{number}", risk=0.1, now=now)
            assert case is not None
            done = resolve(case, by=case.owner, outcome="saved", root_cause="system", done_text="Done", now=now)
            assert isinstance(done, Done), done
            case.recovery_due_at = now
            commit()
        self.run_due()
        assert "has it been put right?" in received(self.app, phone)[-1]
        for each in said:
            reply(self.app, phone, each, self.clock.now(), self.run_due)
        return phone

    def is_asked(self, phone: str) -> str | None:
        """The question this telephone has open."""
        with self.app.app_context():
            dialogue = open_dialogue(phone)
            return dialogue.asking if dialogue is not None else None

    def gets_one_sane_answer(self, phone: str, text: str) -> str:
        """Any text is answered by exactly one text that a person could have written."""
        before = len(received(self.app, phone))
        answer = reply(self.app, phone, text, self.clock.now(), self.run_due)
        assert len(received(self.app, phone)) == before + 1, "not answered"
        assert answer.startswith(("Harbour Bank: ", "【海港银行】"))
        assert "{" not in answer
        assert segments(answer).count <= 2
        return answer


@pytest.fixture
def phones(app: Flask, clock: ManualClock, run_due: Run) -> Phones:
    return Phones(app, clock, run_due)


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
@HARD
@given(text=TEXTS)
def test_any_text_at_any_question_gets_one_sane_answer(phones: Phones, stage: str, text: str) -> None:
    said, question = STAGES[stage]
    phone = phones.asked(*said)
    assert phones.is_asked(phone) == question
    phones.gets_one_sane_answer(phone, text)


@pytest.mark.slow
@pytest.mark.parametrize("stage", RECOVERY)
@HARD
@given(text=TEXTS)
def test_any_text_when_asked_whether_it_is_right_gets_one_sane_answer(phones: Phones, stage: str, text: str) -> None:
    phone = phones.asked_whether_it_is_right(*RECOVERY[stage])
    assert phones.is_asked(phone) == "recovered"
    phones.gets_one_sane_answer(phone, text)


@pytest.mark.parametrize("text", EDGES)
def test_every_edge_at_the_score_and_when_asked_whether_it_is_right(phones: Phones, text: str) -> None:
    phones.gets_one_sane_answer(phones.asked(), text)
    phones.gets_one_sane_answer(phones.asked_whether_it_is_right(), text)


def test_the_reason_beside_a_no_reaches_the_case_that_comes_back(phones: Phones, app: Flask) -> None:
    answer = phones.gets_one_sane_answer(phones.asked_whether_it_is_right(), "3, the new card does not work, terrible")
    assert "It is open again" in answer
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert case.state == "reopened"
        assert "the new card does not work" in str(case.words)
        assert db.session.scalars(select(Answer.choice)).one() == "no"


def test_words_that_are_none_of_the_choices_are_put_before_a_person(phones: Phones, app: Flask) -> None:
    phone = phones.asked_whether_it_is_right("who knows")
    assert "We kept your words" in phones.gets_one_sane_answer(phone, "ask me again when it works")
    with app.app_context():
        said = db.session.scalars(select(FreeText.text).order_by(FreeText.id)).all()
        assert said == ["who knows", "ask me again when it works"]
