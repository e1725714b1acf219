"""Answers that may not be the customer's own are marked for a second look; they count all the same."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from app.reports.iso_weeks import iso_week_at
from app.reports.queries import week_figures
from app.tasks import run_due
from surveys.invitations.models import Invitation
from surveys.invitations.tokens import token_of
from surveys.people.models import Branch, Staff
from surveys.responses.integrity import sameness
from surveys.responses.keeping import forget_old_devices
from surveys.responses.models import Answer, Response
from tests import world
from tests.app.console import office
from tests.app.console.office import sign_in
from tests.conftest import ManualClock
from tests.phones import reply

Run = Callable[[], int]
PHONE = "Mozilla/5.0 (Linux; Android 14) Mobile"
LONG = "The teller explained every line of the form and never once looked at the clock"


class House:
    """Customers who were asked, and answer on devices of their own or of somebody else."""

    def __init__(self, app: Flask, clock: ManualClock, run_due: Run) -> None:
        self.app, self.clock, self.run_due, self.asked = app, clock, run_due, 0
        office.furnish(app, clock)

    def ask(self, phone: str | None = None) -> str:
        """One more customer is asked; the path of their survey."""
        self.asked += 1
        with self.app.app_context():
            number = phone or f"+1500555{7000 + self.asked}"
            world.served(self.clock.now(), ref=f"T-{self.asked}", customer_ref=f"C-{self.asked}", phone=number)
            commit()
        self.run_due()
        with self.app.app_context():
            latest = db.session.scalars(select(Invitation).order_by(Invitation.id.desc()).limit(1)).one()
            return f"/s/{token_of(latest)}"

    def answers(self, path: str, words: str = "", *, browser: str = "", seconds: float = 20) -> None:
        """A score, and words so many seconds later."""
        headers = {"User-Agent": browser or f"Browser {path}"}
        client = self.app.test_client()
        client.post(path, data={"question": "recommend", "answer": "9"}, headers=headers)
        self.clock.advance(seconds=seconds)
        if words:
            client.post(path, data={"question": "why", "answer": words}, headers=headers)
        self.run_due()

    def doubts(self) -> list[list[str]]:
        """What is noted on each response, in the order in which they came."""
        with self.app.app_context():
            return list(db.session.scalars(select(Response.doubts).order_by(Response.id)))


@pytest.fixture
def house(any_app: Flask, clock: ManualClock) -> House:
    """On each database."""

    def run() -> int:
        with any_app.app_context():
            return run_due(clock.now())

    return House(any_app, clock, run)


def test_the_third_customer_on_one_device_makes_all_three_worth_a_second_look(house: House) -> None:
    for _ in range(2):
        house.answers(house.ask(), browser=PHONE)
    assert house.doubts() == [[], []], "two of a family share a telephone"
    house.answers(house.ask(), browser=PHONE)
    house.answers(house.ask())
    assert house.doubts() == [["same_device"]] * 3 + [[]]


def test_a_week_later_the_device_may_be_anybodys(house: House) -> None:
    for _ in range(2):
        house.answers(house.ask(), browser=PHONE)
    house.clock.advance(days=8)
    house.answers(house.ask(), browser=PHONE)
    assert house.doubts() == [[], [], []]


def test_the_same_sentence_from_two_customers_marks_both_and_a_common_one_neither(house: House) -> None:
    house.answers(house.ask(), LONG)
    house.answers(house.ask(), "Very good service, thank you")
    house.answers(house.ask(), "very good service, thank you!")
    assert house.doubts() == [[], [], []]
    house.answers(house.ask(), f"{LONG.upper()}!!")
    assert house.doubts() == [["same_words"], [], [], ["same_words"]]


def test_a_sentence_that_is_there_within_two_seconds_was_not_typed(house: House) -> None:
    house.answers(house.ask(), LONG, seconds=1.5)
    house.answers(house.ask(), "柜员很耐心，一直解释到我听懂为止", seconds=1.5)
    house.answers(house.ask(), "Quick and kind, always", seconds=2.5)
    house.answers(house.ask(), "Quick", seconds=1)
    assert house.doubts() == [["too_fast"], ["too_fast"], [], []]


def test_texts_that_a_carrier_delivers_together_are_not_fast(house: House) -> None:
    house.ask("+15005557777")
    reply(house.app, "+15005557777", "9", house.clock.now(), house.run_due)
    reply(house.app, "+15005557777", LONG, house.clock.now(), house.run_due)
    assert house.doubts() == [[]]


def test_whoever_works_here_is_recognised_by_their_telephone_and_by_where_they_signed_in(house: House) -> None:
    with house.app.app_context():
        manager = db.session.scalars(select(Staff).where(Staff.code == "S-10")).one()
        assert manager.phone is not None
        number = manager.phone
    sign_in(house.app, "manager")
    browser = house.app.test_client().environ_base["HTTP_USER_AGENT"]
    house.answers(house.ask(), browser=browser)
    house.answers(house.ask(number))
    assert house.doubts() == [["staff_device"], ["staff_phone"]]


def test_the_report_counts_them_the_list_shows_them_and_the_answer_says_why(house: House) -> None:
    house.answers(house.ask(), LONG, seconds=1)
    house.answers(house.ask(), "I came for a card and left with one")
    manager = sign_in(house.app, "manager")
    with house.app.app_context():
        branch = db.session.scalars(select(Branch).where(Branch.code == "BJ-01")).one()
        week = iso_week_at(house.clock.now(), branch.time_zone)
        figures = week_figures(branch, week, now=house.clock.now()).funnel
        assert (figures.answers, figures.doubted) == (2, 1), "it counts all the same"
        doubted = db.session.scalars(select(Response.id).order_by(Response.id)).first()
    assert "1 answer is worth a second look" in manager.get(f"/console/answers?week={week}").text
    listed = manager.get(f"/console/answers?week={week}&state=doubted").text
    assert LONG in listed
    assert "left with one" not in listed
    page = manager.get(f"/console/answers/{doubted}").text
    assert "The words were there within two seconds" in page


def test_the_device_is_forgotten_after_a_month_and_what_was_noted_stays(house: House) -> None:
    for _ in range(3):
        house.answers(house.ask(), LONG, browser=PHONE)
    noted = house.doubts()
    with house.app.app_context():
        assert forget_old_devices(house.clock.advance(days=31), most=2) == 2
        assert forget_old_devices(house.clock.now(), most=2) == 1
        commit()
        assert db.session.scalars(select(Response.device).where(Response.device.is_not(None))).all() == []
        assert LONG not in "".join(filter(None, db.session.scalars(select(Answer.sameness))))
    assert house.doubts() == noted


@pytest.mark.parametrize("text", [None, "", "Good", "很好", "Very good service, thank you", "服务态度很好"])
def test_what_people_say_by_chance_is_not_looked_for(app: Flask, text: str | None) -> None:
    with app.app_context():
        assert sameness(text) is None
