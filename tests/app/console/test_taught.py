"""Who taught Heed what stands on the page of its figures, with the way back: nobody makes it worse unseen."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.extensions import commit, db
from app.tasks import run_due as run_all
from surveys.responses.accuracy import accuracy
from surveys.responses.correction_models import Correction, Refit
from surveys.responses.learning import current_version
from surveys.scoring.model import MODEL_VERSION
from surveys.scoring.version import rules_digest
from tests.app.console.office import send, sign_in
from tests.app.console.said import SAID, corrects, says
from tests.conftest import ManualClock

PATH = "/console/accuracy"
Run = Callable[[], int]


@pytest.fixture
def taught(house: Flask, clock: ManualClock) -> Flask:
    """The manager turned one comment round and explained a word of it, and labelled another."""
    corrects(house, clock, says(house, clock, 1, SAID), label="very_positive", phrase="sick", means="praise")
    corrects(house, clock, says(house, clock, 2, "Fine and quick"), label="neutral")
    return house


def test_the_words_the_people_and_the_last_corrections_are_told(taught: Flask) -> None:
    page = sign_in(taught, "admin").get(PATH).text
    for words in ("What it was taught", "It is praise here", "Who taught it", "The last corrections", "Take all back"):
        assert words in page
    row = page.split("Who taught it")[1].split("</table>")[0]
    assert "Manager" in row and 'hold">2<' in row and 'read">1<' in row
    assert 'href="/console/corrections/1"' in page
    assert "the same, as shipped" in page and "Of the latest 2 comments" in page
    analyst = sign_in(taught, "analyst").get(PATH).text
    assert "It is praise here" in analyst
    for words in ("/console/corrections/", "Take all back", "The last corrections"):
        assert words not in analyst
    neighbour = sign_in(taught, "neighbour").get(PATH).text
    assert "The last corrections" not in neighbour, "they are about comments of another branch"


def test_an_administrator_takes_back_all_that_one_person_taught(taught: Flask, clock: ManualClock) -> None:
    path = f"{PATH}/people/{taught_by(taught)}/take-back"
    assert send(sign_in(taught, "manager"), PATH, path).status_code == 404
    admin = sign_in(taught, "admin")
    assert send(admin, PATH, path).status_code == 303
    assert "2 corrections are taken back." in admin.get(PATH).text
    with taught.app_context():
        run_all(clock.now())
        assert all(row.ended_at for row in db.session.scalars(select(Correction)))
        assert current_version() == f"{MODEL_VERSION}+t3+r{rules_digest()}"
        deeds = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "correction")).all()
        assert list(deeds) == ["reading.take_back"] * 2
    assert 'over">2<' in admin.get(PATH).text


def taught_by(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(Correction.by)).first() or 0


@pytest.mark.parametrize(
    ("strength", "lexicon", "told", "chinese"),
    [
        (0.5, 1.0, "Of what it guessed from whole comments 50\u00a0% is used", "只采用了50\u00a0%"),
        (0.0, 1.0, "Nothing is used of what it guessed", "推断出的内容未被采用"),
        (0.5, 0.25, "weigh less than they should (25\u00a0%)", "只按25\u00a0%计入"),
        (0.0, 0.0, "Nothing of what it learnt is used", "所学内容未被采用"),
    ],
)
def test_what_is_held_back_is_said(taught: Flask, strength: float, lexicon: float, told: str, chinese: str) -> None:
    with taught.app_context():
        row = db.session.get_one(Refit, 2)
        row.strength, row.lexicon = strength, lexicon
        commit()
    admin = sign_in(taught, "admin")
    assert told in admin.get(PATH).text
    assert chinese in admin.get(f"{PATH}?lang=zh-Hans").text


def test_what_it_costs_on_the_golden_set_is_said(taught: Flask) -> None:
    with taught.app_context():
        row = db.session.get_one(Refit, 2)
        golden = {name: dict(found) for name, found in row.figures["golden"].items()}
        golden["en"]["macro_f1"] -= 0.03
        row.figures = {**row.figures, "golden": golden}
        commit()
    page = sign_in(taught, "manager").get(PATH).text
    assert "Comments in English: what it learnt costs" in page


def test_old_comments_are_read_again_from_the_page(taught: Flask, run_due: Run) -> None:
    admin = sign_in(taught, "admin")
    assert "were read by another version" in admin.get(PATH).text
    assert send(admin, PATH, f"{PATH}/rescore").status_code == 303
    assert "Old comments are read again: 0 of 2." in admin.get(PATH).text
    run_due()
    assert "Every stored comment was read by the version of today." in admin.get(PATH).text


def test_versions_on_an_earlier_shipped_model_keep_their_figures(taught: Flask) -> None:
    with taught.app_context():
        db.session.get_one(Refit, 1).base = "2"
        commit()
        assert [one.version for one in accuracy()] == [f"{MODEL_VERSION}+t2", MODEL_VERSION, "2+t1"]
    assert "<b>2+t1</b>" in sign_in(taught, "manager").get(PATH).text
