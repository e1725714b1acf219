"""Records are joined while their visits come in, and by two people at once: nothing is left behind, nothing fails."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from app.extensions import commit, db
from surveys.invitations.models import ServiceEvent
from surveys.people.merging import NotMerged, merge
from surveys.people.models import Customer, CustomerReference, Merge
from tests import world
from tests.conftest import ManualClock
from tests.surveys.invitations.visits import visit
from tests.surveys.people.folk import known

VISITS = 12
FIRST, SECOND = "+15005551001", "+15005551002"


def two_records(app: Flask, clock: ManualClock) -> tuple[int, int]:
    with app.app_context():
        world.build(clock.now())
        ids = known(clock.now(), "C-1", phone=FIRST), known(clock.now(), "C-2", phone=SECOND)
        commit()
        return ids


def test_a_visit_that_comes_in_meanwhile_belongs_to_the_one_who_stays(any_app: Flask, clock: ManualClock) -> None:
    kept, gone = two_records(any_app, clock)

    def visited(number: int) -> None:
        with any_app.app_context():
            visit(clock.now(), f"T-{number}", customer="C-2", phone=SECOND)
            commit()

    def joined() -> None:
        with any_app.app_context():
            assert isinstance(merge(kept, gone, now=clock.now()), Merge)
            commit()

    with ThreadPoolExecutor(4) as pool:
        work = [pool.submit(visited, number) for number in range(VISITS // 2)]
        work.append(pool.submit(joined))
        work += [pool.submit(visited, number) for number in range(VISITS // 2, VISITS)]
        for one in work:
            one.result()
    with any_app.app_context():
        whose = db.session.scalars(select(ServiceEvent.customer_id)).all()
        assert whose == [kept] * VISITS
        assert set(db.session.scalars(select(CustomerReference.customer_id))) == {kept}
        assert db.session.scalar(select(func.count()).select_from(Customer)) == 2


def test_two_people_who_say_it_at_once_in_either_direction_are_heard_once(any_app: Flask, clock: ManualClock) -> None:
    one, two = two_records(any_app, clock)

    def joined(pair: tuple[int, int]) -> str:
        with any_app.app_context():
            done = merge(*pair, now=clock.now())
            commit()
            return done.code if isinstance(done, NotMerged) else "merged"

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(joined, [(one, two), (two, one)] * 2))
    assert sorted(said) == ["merged", "merged_before", "merged_before", "merged_before"]
    with any_app.app_context():
        assert db.session.scalar(select(func.count()).where(Customer.merged_into_id.is_not(None))) == 1
