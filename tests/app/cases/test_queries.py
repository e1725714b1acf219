"""Who to call next, everything on one case, and what the customer sees of it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.cases.models import Case
from app.cases.queries import case_page, open_counts, status_for_invitation, worklist
from app.extensions import commit, db, reading
from surveys.invitations.models import Invitation
from surveys.people.models import Customer
from tests import world
from tests.app.cases.unhappy import ANGRY, says, served, the_case, work
from tests.conftest import ManualClock
from tests.phones import received
from tests.world import MANAGER_PHONE


def test_the_worklist_puts_broken_deadlines_first_then_value_at_risk_and_need(app: Flask, clock: ManualClock) -> None:
    built = served(app, clock)
    with app.app_context():
        for n in range(2, 12):
            phone = f"+150055511{n:02d}"
            world.served(clock.now(), ref=f"T-{n}", phone=phone, customer_ref=f"C-{n}", name=f"Guest {n}")
        commit()
        work(app, clock.now())
    for n in range(2, 12):
        says(app, clock, str(n % 4), phone=f"+150055511{n:02d}")
    with app.app_context():
        cases = list(db.session.scalars(select(Case).order_by(Case.id)))
        for n, case in enumerate(cases):
            case.customer.value_cents, case.risk = 100_00 * n, 0.5 - 0.04 * n
        late = cases[4].id
        cases[4].contact_by = clock.now() + timedelta(seconds=30)
        commit()
    clock.advance(minutes=1)
    with app.app_context(), reading():
        items = worklist({built.branch}, now=clock.now())
        assert len(items) == 10
        assert [i.lane for i in items].count("by_need") == 3
        assert (items[0].lane, items[0].overdue, items[0].case.id) == ("overdue", True, late)
        value = [i.at_risk_cents for i in items if i.lane == "by_value"]
        assert value == sorted(value, reverse=True)
        need = [i for i in items if i.lane == "by_need"]
        assert need[0].case.customer.value_cents == 0  # worth nothing, most likely to leave: never crowded out
        assert worklist({built.other_branch}, now=clock.now()) == []
        assert open_counts({built.branch}, now=clock.now()).overdue == 1
        assert open_counts({built.branch}, now=clock.now(), own_staff_id=built.deputy).open == 0


def test_the_case_page_shows_the_words_with_what_decided_and_what_to_say(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, f"2 {ANGRY}")
    case_id = the_case(app).id
    with app.app_context(), reading():
        page = case_page(case_id, now=clock.now())
        assert page is not None
        assert page.said[0].text == ANGRY
        assert page.said[0].deciding
        assert all(0 <= start < end <= len(ANGRY) for start, end, _ in page.said[0].deciding)
        assert page.script.opening["en"].startswith("Hello, this is the manager of Harbour Bank, Central.")
        assert page.script.opening["zh-Hans"].startswith("您好，我是海港银行中心支行的行长")
        assert len(page.script.steps["en"]) == len(page.script.steps["zh-Hans"])
        assert page.reach is not None
        assert page.history[0].kind == "opened"
        assert case_page(999, now=clock.now()) is None


@pytest.mark.parametrize(
    ("language", "heading", "labels"),
    [
        ("en", "The manager of Central will call you before 17:00", ["You told us", "The manager of Central reads it"]),
        ("zh-Hans", "会在17:00前|给您打电话", ["您告诉了我们", "中心支行行长会看"]),
    ],
)
def test_the_customer_sees_what_is_done_what_happens_now_and_by_when(
    app: Flask, clock: ManualClock, language: str, heading: str, labels: list[str]
) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1")
    with app.app_context(), reading():
        invitation = db.session.scalars(select(Invitation)).one()
        status = status_for_invitation(invitation, now=clock.now(), language=language)
        assert status is not None
        assert heading in status.heading
        assert [step.label for step in status.steps][:2] == labels
        assert [step.state for step in status.steps] == ["done", "now", "", "", ""]
    says(app, clock, f"OK {the_case(app).code}", phone=MANAGER_PHONE)
    with app.app_context(), reading():
        status = status_for_invitation(db.session.scalars(select(Invitation)).one(), now=clock.now())
        assert status is not None
        assert [step.state for step in status.steps] == ["done", "done", "now", "", ""]


def test_an_answer_without_a_case_has_no_status(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "10")
    with app.app_context(), reading():
        assert status_for_invitation(db.session.scalars(select(Invitation)).one(), now=clock.now()) is None


def test_the_customer_is_shown_no_time_that_is_over(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1")
    clock.advance(days=20)
    with app.app_context(), reading():
        status = status_for_invitation(db.session.scalars(select(Invitation)).one(), now=clock.now())
        assert status is not None
        assert status.heading == "We are late, and we are sorry. Central calls you as soon as possible."
        assert status.promised is None
        assert all("before" not in step.when for step in status.steps)


def test_the_customer_is_not_told_that_it_was_put_right_when_it_was_not(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "STOP")
    says(app, clock, f"DONE {the_case(app).code} 1 lost", phone=MANAGER_PHONE)
    with app.app_context(), reading():
        status = status_for_invitation(db.session.scalars(select(Invitation)).one(), now=clock.now())
        assert status is not None
        assert status.heading == "We have closed this"
        assert "Closed" in [step.label for step in status.steps]


def test_nothing_about_a_case_names_the_customer_in_a_text_to_staff(app: Flask, clock: ManualClock) -> None:
    served(app, clock, name="Clara Wongbury")
    says(app, clock, f"2 {ANGRY}")
    with app.app_context():
        assert db.session.scalars(select(Customer)).one().name == "Clara Wongbury"
    assert all("Clara" not in text and "Wongbury" not in text for text in received(app, MANAGER_PHONE))
