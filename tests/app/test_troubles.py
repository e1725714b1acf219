"""One row that cannot be done holds up nobody else, and is not forgotten."""

from flask import Flask
from sqlalchemy import delete, select

from app.extensions import Trouble, commit, db, one_by_one


def work(done: list[int], *, impossible: int | None) -> int:
    def do(ref: int) -> int:
        if ref == impossible:
            raise ValueError("a customer's words")
        done.append(ref)
        commit()
        return 1

    return one_by_one("story", [1, 2, 3], do)


def test_the_others_are_done_and_the_failed_one_waits(any_app: Flask) -> None:
    with any_app.app_context():
        done: list[int] = []
        assert work(done, impossible=2) == 2
        assert done == [1, 3]
        trouble = db.session.scalars(select(Trouble)).one()
        assert (trouble.work, trouble.ref, trouble.times, trouble.error) == ("story", 2, 1, "ValueError")
        db.session.rollback()
        assert work(done, impossible=2) == 2, "it is not tried again at once"
        assert db.session.scalars(select(Trouble.times)).one() == 1
        db.session.execute(delete(Trouble))
        commit()


def test_once_it_works_the_trouble_is_forgotten(any_app: Flask) -> None:
    with any_app.app_context():
        work([], impossible=2)
        trouble = db.session.scalars(select(Trouble)).one()
        first_pause, trouble.retry_at = trouble.retry_at, trouble.retry_at.replace(year=2020)
        commit()
        work([], impossible=2)
        trouble = db.session.scalars(select(Trouble)).one()
        assert trouble.times == 2
        assert trouble.retry_at > first_pause
        trouble.retry_at = trouble.retry_at.replace(year=2020)
        commit()
        done: list[int] = []
        assert work(done, impossible=None) == 3
        assert db.session.scalars(select(Trouble)).all() == []


def test_the_operator_sees_how_many_wait(app: Flask) -> None:
    with app.app_context():
        work([], impossible=3)
    assert 'heed_troubles{work="story"} 1.0' in app.test_client().get("/metrics").text
    with app.app_context():
        db.session.execute(delete(Trouble))
        commit()
