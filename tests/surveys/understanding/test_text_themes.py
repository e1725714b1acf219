"""Words that came without a question name themes by the company's own book, as answers do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from app.cases.models import Case
from app.cases.queries import case_page
from app.extensions import commit, db
from app.tasks import run_due
from surveys.responses.models import FreeText
from surveys.responses.rescoring import count_scored_by_another
from tests import world
from tests.app.console.office import furnish, sign_in
from tests.conftest import ManualClock
from tests.phones import text_in
from tests.surveys.understanding.test_books import published, write
from tests.world import CUSTOMER_PHONE

WORDS = "The teller was wonderful, but the lounge was awful and cold"


@pytest.fixture
def branch(any_app: Flask, clock: ManualClock) -> Flask:
    """Clara of Central was served a month ago, and nothing is asked of her any more."""
    furnish(any_app, clock)
    with any_app.app_context():
        world.served(clock.now(), ago=timedelta())
        commit()
    clock.advance(days=30)
    work(any_app, clock)
    return any_app


@pytest.fixture
def own_book(branch: Flask, clock: ManualClock) -> Flask:
    """The company published a theme of its own: the lounge."""
    publish_lounge(branch, clock)
    return branch


def publish_lounge(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        write(clock.now())
        commit()
    published(app, clock.now())


def work(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        run_due(clock.now())


def wrote(app: Flask, clock: ManualClock, words: str = WORDS) -> FreeText:
    """What Clara wrote, once it was read."""
    text_in(app, CUSTOMER_PHONE, words, clock.now())
    work(app, clock)
    return latest(app)


def latest(app: Flask) -> FreeText:
    with app.app_context():
        return db.session.scalars(select(FreeText).order_by(FreeText.id.desc()).limit(1)).one()


def felt(free: FreeText) -> dict[str, float]:
    return {theme["theme"]: theme["polarity"] for theme in free.themes}


def test_a_text_names_the_company_s_own_theme_and_each_theme_as_its_clause_feels(
    own_book: Flask, clock: ManualClock
) -> None:
    free = wrote(own_book, clock)
    assert free.book_version == "1"
    themes = felt(free)
    assert set(themes) == {"lounge", "staff_attitude"}
    assert themes["staff_attitude"] > 0 > themes["lounge"]
    page = sign_in(own_book, "manager").get("/console/texts").text
    assert "<span>Lounge</span>" in page


def test_old_texts_are_read_again_by_a_new_book_and_those_that_named_no_theme_yet(
    branch: Flask, clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    free = wrote(branch, clock)
    assert set(felt(free)) == {"staff_attitude"} and (free.book_version or "").startswith("built-in-1")
    publish_lounge(branch, clock)
    runner = branch.test_cli_runner()
    assert "1 scored again." in runner.invoke(args=["rescore"]).output
    assert latest(branch).book_version == "1" and "lounge" in felt(latest(branch))
    with branch.app_context():
        db.session.execute(update(FreeText).values(book_version=None, themes=[]))
        commit()
        assert count_scored_by_another() == 1
    assert "1 scored again." in runner.invoke(args=["rescore"]).output
    assert "lounge" in felt(latest(branch))
    assert "0 scored again." in runner.invoke(args=["rescore"]).output


def test_the_theme_of_a_text_gives_the_caller_the_words_to_begin_with(branch: Flask, clock: ManualClock) -> None:
    wrote(branch, clock, "I waited two hours in your queue and nobody came. Terrible. I am closing my account.")
    with branch.app_context():
        number = db.session.scalars(select(Case.id)).one()
        page = case_page(number, now=clock.now())
        assert page is not None and page.script.theme == "waiting"
        assert "You waited far too long" in page.script.opening["en"]
    assert "<span>Waiting</span>" in sign_in(branch, "manager").get(f"/console/cases/{number}").text


def test_the_version_in_use_is_asked_for_once_a_text(own_book: Flask, clock: ManualClock) -> None:
    asked: list[str] = []
    text_in(own_book, CUSTOMER_PHONE, WORDS, clock.now())
    with own_book.app_context():
        remember: Callable[..., None] = lambda *seen: asked.append(seen[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", remember)
        run_due(clock.now())
        event.remove(db.engine, "before_cursor_execute", remember)
    assert len([sql for sql in asked if "max(theme_books.number)" in sql]) <= 1
