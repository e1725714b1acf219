"""A company's own themes: written as a draft, published in versions that never change, in use at once everywhere."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from app.extensions import commit, db, reading
from app.tasks import run_due
from surveys.responses import rescoring
from surveys.responses.models import Answer, Response
from surveys.scoring.themes import standard_book, standard_data
from surveys.understanding import books
from surveys.understanding.editing import renamed, theme_of, with_theme, with_word
from surveys.understanding.models import Rescoring, RescoringState, ThemeBookVersion
from tests import world
from tests.conftest import ManualClock
from tests.phones import reply

BUILT_IN = standard_book().version
LOUNGE = {"en": "Lounge", "zh-Hans": "贵宾室"}
WORDS = "Terrible, the lounge was cold and I waited an hour"


def write(now: datetime, *, word: str = "lounge") -> None:
    """A draft with a theme of their own."""
    data, key = with_theme(books.data_of(books.number_in_use()), LOUNGE, {"en": [word], "zh": ["贵宾室"]})
    books.save(data, deed={"deed": "add_theme", "theme": key, "subtheme": ""}, now=now, by=1)


def published(app: Flask, now: datetime) -> int:
    """The number of what was written, frozen."""
    with app.app_context():
        version = books.publish(now=now, by=1)
        assert isinstance(version, ThemeBookVersion)
        commit()
        return version.number


def told(app: Flask, clock: ManualClock, ref: str, words: str = WORDS) -> Answer:
    """What a customer wrote, once it was read."""
    phone = f"+1500555100{ref[-1]}"
    with app.app_context():
        if not db.session.scalar(select(Response.id).limit(1)):
            world.build(clock.now())
        world.served(clock.now(), ref=ref, customer_ref=ref, phone=phone)
        commit()
        run_due(clock.now())

    def due() -> int:
        with app.app_context():
            return run_due(clock.now())

    reply(app, phone, "2", clock.now(), due)
    reply(app, phone, words, clock.now(), due)
    with app.app_context():
        written = select(Answer).where(Answer.text.is_not(None)).order_by(Answer.id.desc()).limit(1)
        return db.session.scalars(written).one()


def keys(answer: Answer) -> set[str]:
    return {theme["theme"] for theme in answer.themes}


def test_nothing_is_read_by_a_draft_and_the_first_version_holds_from_the_next_answer_on(
    any_app: Flask, clock: ManualClock
) -> None:
    first = told(any_app, clock, "T-1")
    assert (first.book_version, keys(first)) == (BUILT_IN, {"waiting"})
    with any_app.app_context():
        write(clock.now())
        commit()
    second = told(any_app, clock, "T-2")
    assert (second.book_version, keys(second)) == (BUILT_IN, {"waiting"})
    assert published(any_app, clock.now()) == 1
    third = told(any_app, clock, "T-3")
    assert (third.book_version, keys(third)) == ("1", {"waiting", "lounge"})
    assert {"theme": "lounge", "parts": ["lounge"]}.items() <= third.themes[0].items()


def test_old_answers_keep_what_was_found_until_they_are_read_again(any_app: Flask, clock: ManualClock) -> None:
    told(any_app, clock, "T-1")
    with any_app.app_context():
        write(clock.now())
        commit()
    published(any_app, clock.now())
    with any_app.app_context():
        answer = db.session.scalars(select(Answer).where(Answer.text.is_not(None))).one()
        assert (answer.book_version, keys(answer)) == (BUILT_IN, {"waiting"})
        assert rescoring.count_scored_by_another() == 1
        run = rescoring.ask(now=clock.now(), by=1)
        assert rescoring.ask(now=clock.now(), by=1).id == run.id
        commit()
        run_due(clock.now())
        run = db.session.scalars(select(Rescoring)).one()
        assert (run.state, run.total, run.done, run.percent) == (RescoringState.DONE, 1, 1, 100)
        answer = db.session.scalars(select(Answer).where(Answer.text.is_not(None))).one()
        assert (answer.book_version, keys(answer)) == ("1", {"waiting", "lounge"})
        response = db.session.scalars(select(Response)).one()
        assert {theme["theme"] for theme in response.themes} == {"waiting", "lounge"}
        assert rescoring.count_scored_by_another() == 0


def test_the_command_reads_them_again_too(app: Flask, clock: ManualClock) -> None:
    told(app, clock, "T-1")
    with app.app_context():
        write(clock.now())
        commit()
    published(app, clock.now())
    assert "1 scored again." in app.test_cli_runner().invoke(args=["rescore"]).output
    assert "0 scored again." in app.test_cli_runner().invoke(args=["rescore"]).output
    with app.app_context():
        assert db.session.scalars(select(Answer.book_version).where(Answer.text.is_not(None))).one() == "1"


def test_another_process_reads_by_the_new_version_at_once(any_app: Flask, clock: ManualClock) -> None:
    from app import create_app
    from config import Config

    other = create_app(Config(environment="testing", database_url=any_app.extensions["heed.config"].database_url))
    with other.app_context():
        assert "lounge" not in books.book_in_use().themes
        db.session.remove()
    with any_app.app_context():
        write(clock.now())
        commit()
    published(any_app, clock.now())
    with other.app_context():
        assert books.book_in_use().version == "1"
        assert "lounge" in books.book_in_use().themes
        db.session.remove()
        db.engine.dispose()


def test_the_version_in_use_costs_no_statement_of_its_own(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        write(clock.now())
        commit()
    published(app, clock.now())
    told(app, clock, "T-1")
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *seen: asked.append(seen[2]))
    told(app, clock, "T-2")
    alone = [sql for sql in asked if "FROM theme_book" in sql and "FROM responses" not in sql]
    assert alone == []


def test_a_version_never_changes_and_the_next_one_begins_from_it(any_app: Flask, clock: ManualClock) -> None:
    with any_app.app_context():
        assert books.publish(now=clock.now()) is None
        write(clock.now())
        commit()
    assert published(any_app, clock.now()) == 1
    with any_app.app_context():
        assert books.draft() is None
        data = with_word(books.data_of(1), "lounge", "lounge", "sofa", language="en")
        books.save(data, deed={"deed": "change_part", "theme": "lounge", "subtheme": "lounge"}, now=clock.now())
        commit()
    assert published(any_app, clock.now()) == 2
    with any_app.app_context():
        assert [version.number for version in books.versions()] == [2, 1]
        assert theme_of(books.data_of(1), "lounge")["subthemes"][0]["words"]["en"] == ["lounge"]  # type: ignore[index]
        assert books.data_of(None) == standard_data()[1]


def test_faults_stand_in_the_way(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        write(clock.now(), word="lo*")
        wrong = books.publish(now=clock.now(), tongue="en")
        assert isinstance(wrong, tuple)
        assert [fault.code for fault in wrong] == ["short_stem"]
        assert books.number_in_use() is None


def test_every_deed_is_taken_back_in_turn_and_the_first_takes_the_draft_with_it(
    any_app: Flask, clock: ManualClock
) -> None:
    with any_app.app_context():
        write(clock.now())
        found = books.draft()
        assert found is not None
        data = renamed(found.definition, "fees", {"en": "Prices"}, off=True)
        books.save(data, deed={"deed": "switch_theme", "theme": "fees", "subtheme": ""}, now=clock.now())
        commit()
        assert books.undo(now=clock.now()) == books.Undone("switch_theme", "fees", "")
        commit()
        found = books.draft()
        assert found is not None
        assert not theme_of(found.definition, "fees").get("off")  # type: ignore[union-attr]
        assert books.undo(now=clock.now()) == books.Undone("add_theme", "lounge", "")
        commit()
        assert books.draft() is None
        assert books.undo(now=clock.now()) is None


@pytest.fixture
def quiet(app: Flask) -> Callable[[], int]:
    def count() -> int:
        with app.app_context(), reading():
            return rescoring.count_scored_by_another()

    return count


@pytest.mark.parametrize("before", [None, "built-in-1"])
def test_answers_read_before_the_built_in_book_had_a_digest_are_read_again_once(
    app: Flask, clock: ManualClock, quiet: Callable[[], int], before: str | None
) -> None:
    told(app, clock, "T-1")
    assert quiet() == 0
    with app.app_context():
        db.session.execute(update(Answer).values(book_version=before))
        commit()
    assert quiet() == 1
    assert "1 scored again." in app.test_cli_runner().invoke(args=["rescore"]).output
    assert quiet() == 0
