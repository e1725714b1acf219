"""A manager corrects, and from the next comment on Heed reads the word as the company means it."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import event, select

from app.extensions import commit, db
from app.tasks import run_due as run_all
from surveys.responses.correction_models import Correction, Refit
from surveys.responses.learning import current_tenant, current_version, look_again, material
from surveys.responses.models import FreeText
from surveys.scoring.model import MODEL_VERSION
from surveys.scoring.version import rules_digest
from tests.app.console.office import send, sign_in
from tests.app.console.said import SAID, answer, corrects, says, scored
from tests.conftest import ManualClock
from tests.phones import reply

Run = Callable[[], int]
UNHAPPY, HAPPY = ("negative", "very_negative"), ("positive", "very_positive")


def test_the_next_comment_is_read_as_the_company_means_it_until_it_is_taken_back(
    any_house: Flask, clock: ManualClock
) -> None:
    first = says(any_house, clock, 1, SAID)
    assert first.label in UNHAPPY and first.score_version == f"{MODEL_VERSION}+r{rules_digest()}"
    corrects(any_house, clock, first, label="very_positive", phrase="sick", means="praise")
    second = says(any_house, clock, 2, "Your counter was sick")
    assert second.label in HAPPY
    assert second.score_version == f"{MODEL_VERSION}+t1+r{rules_digest()}"
    assert scored(any_house, "Your counter was sick")["label"] in HAPPY, "the command and the console share it"

    done = any_house.test_cli_runner().invoke(args=["rescore"])
    assert "1 scored again." in done.output
    again = answer(any_house, SAID)
    assert (again.label, again.corrected) == ("very_positive", "very_positive"), "what a person said still holds"
    assert again.machine_label in HAPPY, "and beside it what Heed reads now"

    path = f"/console/answers/{first.response_id}"
    send(sign_in(any_house, "manager"), path, "/console/corrections/1/take-back")
    with any_house.app_context():
        run_all(clock.now())
        assert current_version() == f"{MODEL_VERSION}+t2+r{rules_digest()}"
    assert scored(any_house, "Your counter was sick")["label"] in UNHAPPY


def test_words_without_a_question_are_read_so_too(any_house: Flask, clock: ManualClock) -> None:
    corrects(any_house, clock, says(any_house, clock, 1, SAID), label="very_positive", phrase="sick", means="praise")

    def run() -> int:
        with any_house.app_context():
            return run_all(clock.now())

    clock.advance(days=40)
    reply(any_house, "+15005551201", "Your new lobby is sick", clock.now(), run)
    run()
    with any_house.app_context():
        for free in db.session.scalars(select(FreeText)):
            assert free.label in HAPPY and free.score_version == f"{MODEL_VERSION}+t1+r{rules_digest()}"


def test_a_refit_is_a_row_that_says_what_it_stands_on_and_only_the_latest_keeps_words(
    any_house: Flask, clock: ManualClock
) -> None:
    said = says(any_house, clock, 1, SAID)
    corrects(any_house, clock, said, label="very_positive", phrase="sick", means="praise")
    corrects(any_house, clock, said, label="positive", phrase="sick", means="praise")
    with any_house.app_context():
        rows = list(db.session.scalars(select(Refit).order_by(Refit.version)))
        assert [(row.version, row.base, row.corrections, row.strength) for row in rows] == [
            (1, MODEL_VERSION, 1, 1.0),
            (2, MODEL_VERSION, 1, 1.0),
        ]
        assert rows[0].learnt == {}
        assert "sick" in rows[1].learnt["leans"]["en"]["phrases"]
        assert rows[1].figures["golden"]["zh"]["n"] == 200
        assert rows[1].figures["own"]["en"]["n"] == 1
        assert all(row.learned_at for row in db.session.scalars(select(Correction)))
        assert material() is None, "all is learnt"


def test_a_process_asks_for_the_version_once_in_a_while_and_not_for_every_comment(
    any_house: Flask, clock: ManualClock
) -> None:
    corrects(any_house, clock, says(any_house, clock, 1, SAID), label="very_positive")
    with any_house.app_context():
        look_again()
        asked: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        tenants = {id(current_tenant()) for _ in range(50)}
    assert len(tenants) == 1
    assert len([statement for statement in asked if "refits" in statement]) == 2, "the version, and its row"


def test_another_shipped_model_is_taught_anew(any_house: Flask, clock: ManualClock) -> None:
    corrects(any_house, clock, says(any_house, clock, 1, SAID), label="very_positive", phrase="sick", means="praise")
    with any_house.app_context():
        db.session.scalars(select(Refit)).one().base = "1"
        commit()
        look_again()
        assert current_version() == f"{MODEL_VERSION}+r{rules_digest()}", (
            "what was learnt on another model is not laid on this one"
        )
        run_all(clock.now())
        assert current_version() == f"{MODEL_VERSION}+t2+r{rules_digest()}"
