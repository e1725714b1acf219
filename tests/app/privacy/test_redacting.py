"""New rules of redaction come with an upgrade: what was kept under older ones is read again, copies and all."""

import json

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.auth.models import AuditEntry
from app.cases.models import Case, CaseEvent
from app.extensions import commit, db
from app.privacy.models import Redaction
from app.privacy.redacting import begin_again, is_due, read_on
from app.reports.models import WeeklyReport
from app.tasks import sweep_old, sweep_redaction
from config import PolicyNumbers
from notifications.models import Message
from surveys.responses.correction_models import Correction
from surveys.responses.learning import current_version
from surveys.responses.models import Answer, AnswerRevision, FreeText, Response
from surveys.scoring.redaction import REDACTION_VERSION
from tests.app.privacy.life import Life, begin, found, live
from tests.conftest import ManualClock

CARD = "4111 1111 1111 1111"
SPOKEN = ("marmalade", "rhubarb", "gooseberry", "kohlrabi", "celeriac", "rutabaga")


@pytest.fixture
def life(any_app: Flask, clock: ManualClock) -> Life:
    """A customer's life, kept under rules that let a card number pass wherever she spoke of food."""
    life = begin(any_app, clock)
    live(life)
    life.says("Do you know what a kohlrabi costs by now?", "+15005557399")
    with life.app.app_context():
        for model, column in ((Answer, "text"), (AnswerRevision, "text"), (FreeText, "text"), (Case, "words")):
            for row in db.session.scalars(select(model)):
                setattr(row, column, _with_a_card(getattr(row, column)))
        for correction in db.session.scalars(select(Correction)):
            correction.words, correction.phrase = map(_with_a_card, (correction.words, correction.phrase))
        for line in db.session.scalars(select(CaseEvent).where(CaseEvent.kind == "customer_wrote")):
            line.note = _with_a_card(line.note)
        for report in db.session.scalars(select(WeeklyReport)):
            report.figures = json.loads(_with_a_card(json.dumps(report.figures)) or "")
        commit()
    return life


def _with_a_card(words: str | None) -> str | None:
    for spoken in SPOKEN if words else ():
        words = (words or "").replace(spoken, CARD)
    return words


def places() -> set[str]:
    return {column for where in found((CARD,)).values() for column in where}


def figures() -> list[object]:
    rows = [select(Response.nps, Response.csat).order_by(Response.id), select(Case.state, Case.level).order_by(Case.id)]
    counted = [db.session.scalar(select(func.count()).select_from(one)) for one in (Case, Message, Answer)]
    return [*(tuple(row) for query in rows for row in db.session.execute(query)), *counted]


def test_a_number_that_older_rules_let_pass_is_taken_out_wherever_it_was_copied(life: Life) -> None:
    with life.app.app_context():
        before = figures()
        assert {
            "answers.text",
            "cases.words",
            "case_events.note",
            "free_texts.text",
            "weekly_reports.figures",
        } <= places()
        assert sweep_redaction(life.clock.now()) == 0, "by the same rules nothing is read twice"
        db.session.scalars(select(Redaction)).one().rules = "0"  # what stood there when the new rules came
        commit()
        assert sweep_redaction(life.clock.now()) == 1
        assert places() == {"answers.original"}, "encrypted, for the one role that may read it"
        hidden = db.session.scalars(select(Answer).where(Answer.text.contains("[card]"))).all()
        assert hidden
        for answer in hidden:
            assert answer.original is not None
            assert answer.original.replace(CARD, "[card]") == answer.text
            assert answer.score_version == current_version()
            assert all(end <= len(answer.text or "") for _, end, _ in answer.deciding)
        assert figures() == before, "no case is opened, nobody is told"
        line = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "words.redact_again")).all()[-1]
        assert line.detail["rules"] == str(REDACTION_VERSION)
        assert line.detail["changed"] >= 5
        assert sweep_redaction(life.clock.now()) == 0


def test_it_goes_on_where_it_was_stopped(life: Life) -> None:
    policy = PolicyNumbers()
    with life.app.app_context():
        begin_again(policy)
        commit()
        half = read_on(policy, most=2, now=life.clock.now())
        commit()
        assert half.finished_at is None
        assert is_due(policy)
        read = half.seen
        while half.finished_at is None:
            half = read_on(policy, most=2, now=life.clock.now())
            assert half.seen <= read + 2, "each row once"
            read = half.seen
            commit()
        assert not is_due(policy)
        assert places() == {"answers.original"}


def test_the_command_reads_everything_now_and_says_how_much(life: Life) -> None:
    said = life.command("redact-again")
    assert said.exit_code == 0, said.output
    with life.app.app_context():
        run = db.session.scalars(select(Redaction)).one()
        assert said.output.strip() == f"{run.seen:,} read again, {run.changed:,} changed."
        assert run.changed >= 5
        assert places() == {"answers.original"}


def test_where_originals_are_not_kept_none_is_written_and_those_there_are_go(life: Life) -> None:
    without = PolicyNumbers(keep_original_days=0)
    with life.app.app_context():
        db.session.scalars(select(Answer).where(Answer.text.is_not(None))).first().original = "call +15005550199"  # type: ignore[union-attr]
        commit()
        while read_on(without, most=100, now=life.clock.now()).finished_at is None:
            commit()
        assert places() == set()
        assert db.session.scalars(select(Answer.id).where(Answer.original.is_not(None))).all() == []
        assert db.session.scalars(select(Redaction.rules)).all()[-1].endswith("without originals")


def test_what_was_taken_out_is_forgotten_in_its_time_and_the_words_stay(life: Life) -> None:
    life.command("redact-again")
    life.clock.advance(days=91)
    with life.app.app_context():
        sweep_old(life.clock.now())
        assert places() == set()
        assert db.session.scalars(select(Answer).where(Answer.text.contains("[card]"))).all()
