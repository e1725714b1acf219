"""Who looks after a customer, and from which day: history is kept, plans take effect, portfolios change hands."""

from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from app.leavers import sweep_days
from surveys.people.import_rows import CustomerRow
from surveys.people.imports import keep_customers
from surveys.people.merging import merge, undo
from surveys.people.models import Customer, Merge, Staff
from surveys.people.ownership import hand_over_portfolio, history_of, owner_on, set_owner, today_of
from surveys.people.staffing import leave
from tests import world
from tests.conftest import ManualClock

TODAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)


def clara() -> Customer:
    return db.session.scalars(select(Customer)).one()


def staff(code: str) -> Staff:
    return db.session.scalars(select(Staff).where(Staff.code == code)).one()


def told(customer: Customer) -> list[tuple[str | None, date, date | None]]:
    """Every period, the earliest first."""
    periods = reversed(history_of(customer.id))
    return [(p.staff.code if p.staff else None, p.since, p.until) for p in periods]


def test_an_event_that_names_the_owner_begins_a_period(any_app: Flask, clock: ManualClock) -> None:
    with any_app.app_context():
        world.build(clock.now())
        world.served(clock.now(), owner="S-17")
        clock.advance(days=3)
        world.served(clock.now(), ref="T-2", owner="S-17")
        world.served(clock.now(), ref="T-3", owner="S-11")
        commit()
        assert told(clara()) == [("S-17", TODAY, MONDAY), ("S-11", MONDAY, None)]
        assert clara().owner is staff("S-11")
        assert owner_on(clara(), TODAY) is staff("S-17")
        assert owner_on(clara(), TODAY - timedelta(days=1)) is None


def test_a_change_for_monday_takes_effect_on_monday(any_app: Flask, clock: ManualClock) -> None:
    with any_app.app_context():
        world.build(clock.now())
        world.served(clock.now(), owner="S-17")
        set_owner(clara(), staff("S-11"), since=MONDAY, today=TODAY)
        commit()
        assert sweep_days(clock.now()) == 0
        assert clara().owner is staff("S-17")
        assert owner_on(clara(), MONDAY) is staff("S-11")
        clock.advance(days=2, hours=9, minutes=59)  # Sunday 23:59 in Shanghai
        assert sweep_days(clock.now()) == 0
        clock.advance(minutes=1)
        assert sweep_days(clock.now()) == 1
        assert sweep_days(clock.now()) == 0
        assert clara().owner is staff("S-11")


def test_what_is_planned_stays_planned_when_another_system_names_an_owner_today(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        world.served(clock.now(), owner="S-17")
        set_owner(clara(), staff("S-11"), since=MONDAY, today=TODAY)
        world.served(clock.now(), ref="T-2", owner="S-10")
        commit()
        assert told(clara()) == [("S-10", TODAY, MONDAY), ("S-11", MONDAY, None)]
        assert clara().owner is staff("S-10")


def test_a_customer_goes_back_to_the_branch(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        world.served(clock.now(), owner="S-17")
        assert set_owner(clara(), None, since=MONDAY, today=MONDAY)
        commit()
        assert clara().owner is None
        assert owner_on(clara(), MONDAY) is None
        assert owner_on(clara(), TODAY) is staff("S-17")


def test_a_portfolio_changes_hands_on_a_day(any_app: Flask, clock: ManualClock) -> None:
    with any_app.app_context():
        world.build(clock.now())
        for number in range(3):
            world.served(
                clock.now(), ref=f"T-{number}", customer_ref=f"C-{number}", phone=f"+1500555100{number}", owner="S-17"
            )
        world.served(clock.now(), ref="T-9", customer_ref="C-9", phone="+15005551009", owner="S-10")
        handed = hand_over_portfolio(staff("S-17"), staff("S-11"), since=MONDAY, today=TODAY)
        commit()
        assert handed == 3
        owners = [c.owner.code for c in db.session.scalars(select(Customer).order_by(Customer.id)) if c.owner]
        assert owners == ["S-17", "S-17", "S-17", "S-10"]
        clock.advance(days=3)
        assert sweep_days(clock.now()) == 3
        db.session.expire_all()
        owners = [c.owner.code for c in db.session.scalars(select(Customer).order_by(Customer.id)) if c.owner]
        assert owners == ["S-11", "S-11", "S-11", "S-10"]


def test_a_file_that_names_owners_writes_periods_and_the_same_file_again_none(
    any_app: Flask, clock: ManualClock
) -> None:
    def kept(owner: str) -> None:
        row = CustomerRow(line=2, external_ref="C-1", owner=owner)
        assert keep_customers([row], source="core", now=clock.now()).refused == []
        commit()

    with any_app.app_context():
        world.build(clock.now())
        kept("S-17")
        kept("S-17")
        clock.advance(days=3)
        kept("S-11")
        assert told(clara()) == [("S-17", TODAY, MONDAY), ("S-11", MONDAY, None)]
        assert clara().owner is staff("S-11")
        assert today_of(clock.now()) == MONDAY


def test_a_merge_takes_over_the_owner_and_gives_them_back(any_app: Flask, clock: ManualClock) -> None:
    with any_app.app_context():
        world.build(clock.now())
        kept = world.served(clock.now(), customer_ref="C-1").event.customer
        gone = world.served(
            clock.now(), ref="T-2", customer_ref="C-2", phone="+15005551002", owner="S-17"
        ).event.customer
        done = merge(kept.id, gone.id, now=clock.now())
        assert isinstance(done, Merge)
        commit()
        assert sweep_days(clock.now()) == 0
        assert (kept.owner, owner_on(kept, TODAY)) == (staff("S-17"), staff("S-17"))
        assert told(gone) == [("S-17", TODAY, None)]
        undo(done.id, now=clock.now())
        commit()
        assert sweep_days(clock.now()) == 0
        assert (kept.owner, owner_on(kept, TODAY)) == (None, None)
        assert owner_on(gone, TODAY) is staff("S-17")


def test_whoever_left_is_named_in_vain_their_successor_has_the_customer(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        leave(staff("S-17"), on=TODAY, successor=staff("S-11"))
        leave(staff("S-11"), on=TODAY, successor=staff("S-10"))
        world.served(clock.now(), owner="S-17")
        keep_customers([CustomerRow(line=2, external_ref="C-1", owner="S-17")], source="core", now=clock.now())
        commit()
        sweep_days(clock.now())
        assert told(clara()) == [("S-10", TODAY, None)]
        assert clara().owner is staff("S-10")
