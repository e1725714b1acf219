"""Every week new words that no theme knows are found, kept as rows, named in the report, and decided on once."""

import json

from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db, reading
from app.reports.emerging import decide, proposed
from app.reports.service import report_for
from app.reports.telling import tell
from app.tasks import sweep_emerging
from surveys.people.queries import branch_by_code
from surveys.understanding import books
from surveys.understanding.editing import with_theme
from surveys.understanding.models import EmergingState, EmergingTheme, EmergingWeek
from tests import world
from tests.app.console.weeks import answered
from tests.conftest import ManualClock

USUAL = ("The teller was kind", "I waited an hour", "柜员很热情")
NEW = ("The turnstile hurt me", "That turnstile again", "A turnstile blocked me", "Your turnstiles are too narrow")


def spoken(app: Flask, clock: ManualClock) -> None:
    """Sixty ordinary comments eight weeks ago and some last week, when four also spoke of a turnstile. It is Monday."""
    with app.app_context():
        world.build(clock.now())
        friday = clock.now()
        clock.advance(days=-56)
        for number in range(60):
            answered(clock.now(), number, 9, USUAL[number % 3])
        clock.at = friday
        for number in range(100, 115):
            answered(clock.now(), number, 9, USUAL[number % 3])
        for number, words in enumerate(NEW, 200):
            answered(clock.now(), number, 2, words, name="Ofelia Turn")
        commit()
    clock.advance(days=3)


def words_of(app: Flask) -> list[tuple[str, str]]:
    with app.app_context(), reading():
        return [(row.term, row.state) for row in db.session.scalars(select(EmergingTheme).order_by(EmergingTheme.id))]


def told_new_words(app: Flask, clock: ManualClock, language: str = "en") -> str:
    """What the company's report of the week says of them."""
    with app.app_context(), reading():
        company = branch_by_code("HB")
        assert company is not None
        told = tell(report_for(company, "2026-W47", now=clock.now()), language=language)
        return next((said for name, said in told.themes if name in ("New words", "新出现的词")), "")


def test_a_word_is_proposed_once_the_week_has_ended_with_its_figures_and_examples(
    any_app: Flask, clock: ManualClock
) -> None:
    spoken(any_app, clock)
    with any_app.app_context():
        assert sweep_emerging(clock.now()) == 1
        assert sweep_emerging(clock.now()) == 0
        (row,) = proposed(now=clock.now())
        assert (row.term, row.language, row.first_week) == ("turnstile", "en", "2026-W47")
        figures = row.figures
        assert (figures["comments"], figures["customers"], figures["unhappy"], figures["before"]) == (4, 4, 4, 0)
        assert (figures["of"], figures["of_before"]) == (19, 60)
        assert figures["g2"] > 10.83
        assert len(row.examples) == 4
        looked = db.session.scalars(select(EmergingWeek)).one()
        assert (looked.iso_week, looked.comments, looked.comments_before) == ("2026-W47", 19, 60)


def test_it_is_named_in_the_report_of_its_week(app: Flask, clock: ManualClock) -> None:
    spoken(app, clock)
    assert told_new_words(app, clock) == ""
    with app.app_context():
        sweep_emerging(clock.now())
    assert "“turnstile”" in told_new_words(app, clock)
    assert "“turnstile”" in told_new_words(app, clock, "zh-Hans")


def test_what_was_dismissed_is_neither_told_nor_proposed_again(app: Flask, clock: ManualClock) -> None:
    spoken(app, clock)
    with app.app_context():
        sweep_emerging(clock.now())
        (row,) = proposed(now=clock.now())
        assert decide(row, EmergingState.DISMISSED, now=clock.now(), by=1)
        assert not decide(row, EmergingState.ADOPTED, now=clock.now(), by=2)
        commit()
    assert told_new_words(app, clock) == ""
    clock.advance(days=7)
    with app.app_context():
        assert sweep_emerging(clock.now()) == 1
    assert words_of(app) == [("turnstile", "dismissed")]


def test_a_theme_that_knows_the_word_ends_the_proposal(app: Flask, clock: ManualClock) -> None:
    spoken(app, clock)
    with app.app_context():
        data, key = with_theme(books.data_of(None), {"en": "Way in"}, {"en": ["turnstile*"], "zh": []})
        books.save(data, deed={"deed": "add_theme", "theme": key, "subtheme": ""}, now=clock.now())
        books.publish(now=clock.now())
        commit()
        assert sweep_emerging(clock.now()) == 1
    assert words_of(app) == []


def test_what_was_adopted_and_taken_back_is_proposed_again(app: Flask, clock: ManualClock) -> None:
    spoken(app, clock)
    with app.app_context():
        sweep_emerging(clock.now())
        (row,) = proposed(now=clock.now())
        data, key = with_theme(books.data_of(None), {"en": "Way in"}, {"en": [row.term], "zh": []})
        books.save(data, deed={"deed": "adopt", "theme": key, "subtheme": key}, now=clock.now())
        assert decide(row, EmergingState.ADOPTED, now=clock.now(), by=1)
        commit()
        clock.advance(days=7)
        sweep_emerging(clock.now())
    assert words_of(app) == [("turnstile", "adopted")]
    with app.app_context():
        books.undo(now=clock.now())
        commit()
        clock.advance(days=7)
        sweep_emerging(clock.now())
    assert words_of(app) == [("turnstile", "proposed")]


def test_the_command_says_what_a_week_brought(app: Flask, clock: ManualClock) -> None:
    spoken(app, clock)
    runner = app.test_cli_runner()
    said = runner.invoke(args=["emerging-themes", "--week", "2026-W47"])
    assert said.exit_code == 0, said.output
    told = json.loads(said.output)
    assert (told["term"], told["customers"]) == ("turnstile", 4)
    assert words_of(app) == [("turnstile", "proposed")]
    wrong = runner.invoke(args=["emerging-themes", "--week", "2026-47"])
    assert wrong.exit_code != 0
    assert "2026-W47" in wrong.output


def test_names_of_own_themes_are_kept_with_an_issued_report(app: Flask, clock: ManualClock) -> None:
    from app.reports.figures import figures_from_json
    from app.reports.queries import week_figures

    spoken(app, clock)
    with app.app_context(), reading():
        company = branch_by_code("HB")
        assert company is not None
        figures = week_figures(company, "2026-W47", now=clock.now())
        assert figures.theme_names["waiting"]["en"] == "Waiting"
        kept = json.loads(json.dumps(figures.as_json()))
        assert figures_from_json(kept) == figures
        before = {key: value for key, value in kept.items() if key not in ("theme_names", "new_words")}
        assert figures_from_json(before).new_words == ()  # a report issued before there were any
