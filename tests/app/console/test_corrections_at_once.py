"""Corrections at the same moment: none is lost, the refit follows the last word, and no other company learns of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.extensions import commit, db, reading
from app.reports import render
from app.reports.service import report_for
from app.tasks import run_due as run_all
from config import Config
from surveys.people.queries import branch_by_code
from surveys.responses import learning
from surveys.responses.correcting import Says, correct_answer, take_back
from surveys.responses.correction_models import Correction, Refit
from surveys.responses.models import Answer
from surveys.scoring.model import MODEL_VERSION
from surveys.scoring.version import rules_digest
from tests.app.console import office
from tests.app.console.said import SAID, answer, corrects, says, scored
from tests.conftest import ManualClock


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(6) as pool:
        yield pool


def standing(app: Flask) -> list[Correction]:
    with app.app_context():
        found = list(db.session.scalars(select(Correction).where(Correction.ended_at.is_(None))))
        for one in found:
            db.session.expunge(one)
        return found


def test_six_managers_on_one_comment_leave_one_reading_and_six_rows(
    any_house: Flask, clock: ManualClock, others: ThreadPoolExecutor
) -> None:
    said = says(any_house, clock, 1, SAID)
    labels = ("very_negative", "negative", "neutral", "positive", "very_positive", "mixed")

    def work(label: str) -> None:
        with any_house.app_context():
            correct_answer(said.response_id, said.id, Says(label), by=labels.index(label) + 1, now=clock.now())
            commit()

    list(others.map(work, labels))
    stands = standing(any_house)
    with any_house.app_context():
        rows = db.session.scalars(select(Correction)).all()
    assert len(rows) == 6 and len(stands) == 1
    now = answer(any_house, SAID)
    assert now.corrected == stands[0].label
    assert now.machine_label == said.label, "the scorer's own reading is still the scorer's"


def test_corrections_of_several_comments_while_others_are_learnt_are_all_learnt(
    any_house: Flask, clock: ManualClock, others: ThreadPoolExecutor
) -> None:
    told = [says(any_house, clock, number, f"{SAID} {number}") for number in range(1, 6)]

    def work(number: int) -> None:
        with any_house.app_context():
            if number == len(told):
                run_all(clock.now())
            else:
                one = told[number]
                correct_answer(one.response_id, one.id, Says("positive", "sick"), by=number, now=clock.now())
                commit()

    list(others.map(work, range(len(told) + 1)))
    with any_house.app_context():
        run_all(clock.now())
        last = db.session.scalars(select(Refit).order_by(Refit.version.desc())).first()
        assert last is not None and last.corrections == 5
        assert learning.material() is None


def test_what_is_taken_back_while_it_is_learnt_is_taken_out_by_the_next_refit(
    any_house: Flask, clock: ManualClock
) -> None:
    said = says(any_house, clock, 1, SAID)
    with any_house.app_context():
        correct_answer(said.response_id, said.id, Says("very_positive", "sick"), by=1, now=clock.now())
        commit()
        with reading():
            found = learning.material()
        assert found is not None
        lesson = learning.taught(found)
        assert take_back(standing(any_house)[0].id, by=2, now=clock.now()) is not None
        commit()
        assert learning.keep(lesson, now=clock.now()) is not None
        commit()
        learning.look_again()
        assert learning.material() is not None, "it is not forgotten that it was taken back"
        run_all(clock.now())
        assert learning.current_version() == f"{MODEL_VERSION}+t2+r{rules_digest()}"
        assert db.session.get_one(Refit, 2).learnt == {"leans": {}, "whole": []}


def test_two_workers_learn_the_same_once(any_house: Flask, clock: ManualClock) -> None:
    corrects(any_house, clock, says(any_house, clock, 1, SAID), label="positive")
    said = says(any_house, clock, 2, "Fine and quick")
    with any_house.app_context():
        correct_answer(said.response_id, said.id, Says("negative"), by=1, now=clock.now())
        commit()
        lessons = []
        for _ in range(2):
            found = learning.material()
            assert found is not None
            lessons.append(learning.taught(found))
        kept = [learning.keep(lesson, now=clock.now()) is not None for lesson in lessons]
        commit()
    assert kept == [True, False]


def test_what_one_company_teaches_is_known_to_no_other(
    any_house: Flask, clock: ManualClock, sqlite_template: Path, tmp_path: Path
) -> None:
    other_path = tmp_path / "other.sqlite"
    other_path.write_bytes(sqlite_template.read_bytes())
    other = create_app(Config(environment="testing", database_url=f"sqlite:///{other_path}"), clock=clock)
    office.furnish(other, clock)
    corrects(any_house, clock, says(any_house, clock, 1, SAID), label="very_positive", phrase="sick", means="praise")
    assert scored(any_house, "Your counter was sick")["label"] in ("positive", "very_positive")
    assert scored(other, "Your counter was sick")["label"] in ("negative", "very_negative")
    theirs = says(other, clock, 1, SAID)
    assert (
        theirs.label in ("negative", "very_negative") and theirs.score_version == f"{MODEL_VERSION}+r{rules_digest()}"
    )
    with other.app_context():
        assert learning.current_tenant() is None
        assert db.session.scalars(select(Correction)).all() == []
        db.session.remove()
        db.engine.dispose()


def test_an_issued_report_stays_as_it_was_whatever_is_corrected_and_read_again(
    any_house: Flask, clock: ManualClock
) -> None:
    told = [says(any_house, clock, number, f"{SAID} {number}") for number in range(1, 6)]
    clock.at = clock.at.replace(day=23, hour=1)  # Monday, the report is out
    with any_house.app_context():
        run_all(clock.now())
    issued = report(any_house, clock)
    for one in told:
        corrects(any_house, clock, one, label="very_positive", phrase="sick", means="praise")
    assert "5 scored again." in any_house.test_cli_runner().invoke(args=["rescore"]).output
    with any_house.app_context():
        versions = set(db.session.scalars(select(Answer.score_version).where(Answer.text.is_not(None))))
    assert versions == {f"{MODEL_VERSION}+t5+r{rules_digest()}"}, "every stored score carries the version that made it"
    assert report(any_house, clock) == issued


def report(app: Flask, clock: ManualClock) -> str:
    with app.app_context(), reading():
        branch = branch_by_code("BJ-01")
        assert branch is not None
        return str(render.json(report_for(branch, "2026-W47", now=clock.now()), language="en"))
