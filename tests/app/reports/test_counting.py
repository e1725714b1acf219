"""What the report counts of a week's questions, answers and comments, from the rows up."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db, reading
from app.reports.figures import Funnel
from app.reports.queries import week_figures
from app.reports.service import report_for
from app.reports.telling import tell
from app.reports.verbatims import KEPT_TO_QUOTE
from surveys.invitations.models import Invitation, InvitationState
from surveys.people.queries import branch_by_code
from surveys.questionnaires.flow import Given
from surveys.questionnaires.service import definition_of
from surveys.responses.models import Answer
from surveys.responses.service import record_answer
from tests import world
from tests.app.cases.unhappy import ANGRY, says, served, the_case, work
from tests.app.console.weeks import answered
from tests.conftest import ManualClock
from tests.world import MANAGER_PHONE


def funnel(app: Flask, clock: ManualClock, week: str) -> Funnel:
    """From asked to answered at Central."""
    with app.app_context(), reading():
        branch = branch_by_code("BJ-01")
        assert branch is not None
        return week_figures(branch, week, now=clock.now()).funnel


def told(app: Flask, clock: ManualClock, week: str) -> str:
    """The sentence about who answered."""
    with app.app_context(), reading():
        branch = branch_by_code("BJ-01")
        assert branch is not None
        return tell(report_for(branch, week, now=clock.now()), language="en").who_answered


def test_the_question_whether_it_was_put_right_is_no_visit_nor_an_answer_about_one(
    app: Flask, clock: ManualClock
) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "3")
    says(app, clock, f"DONE {the_case(app).code} 1", phone=MANAGER_PHONE)
    clock.advance(days=3)  # into week 48
    work(app, clock.now())
    says(app, clock, "1")  # yes, it is right
    with app.app_context(), reading():
        branch = branch_by_code("BJ-01")
        assert branch is not None
        figures = week_figures(branch, "2026-W48", now=clock.now())
    assert figures.recovery.yes == 1
    assert figures.funnel == Funnel()
    before = funnel(app, clock, "2026-W47")
    assert (before.service_events, before.invited, before.started, before.answers) == (1, 1, 1, 1)


def test_who_was_asked_on_friday_and_answered_on_monday_raises_fridays_rate_and_mondays_scores(
    app: Flask, clock: ManualClock
) -> None:
    with app.app_context():
        world.build(clock.now())
        commit()
        for number in range(1, 5):
            asked(clock, number)
        answer(1, clock, value=9)
        clock.advance(days=3)
        answer(2, clock, value=3)
        answer(3, clock, value=10)
        asked(clock, 5)
        commit()
    friday, monday = funnel(app, clock, "2026-W47"), funnel(app, clock, "2026-W48")
    assert (friday.invited, friday.started, friday.answers) == (4, 3, 1)
    assert (monday.invited, monday.started, monday.answers) == (1, 0, 2)
    assert told(app, clock, "2026-W47").startswith("Of 4 people asked in this week 3 answered: 75 in 100")
    assert told(app, clock, "2026-W48") == (
        "Of 1 person asked in this week 0 answered: 0 in 100, between 0 and 79. "
        "The scores and comments are from the 2 answers given in this week, whenever they were asked for."
    )


def test_finished_and_part_answers_are_of_those_asked_in_the_week_and_make_up_who_answered(
    app: Flask, clock: ManualClock
) -> None:
    with app.app_context():
        world.build(clock.now())
        commit()
        for number in range(1, 4):
            asked(clock, number)
        answer(1, clock, value=9)
        answer(2, clock, value=9, words="Quick and kind.")
        commit()
    found = funnel(app, clock, "2026-W47")
    assert (found.invited, found.started, found.completed, found.partial) == (3, 2, 1, 1)


def test_a_late_answer_is_shown_apart_and_counted_nowhere(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        commit()
        asked(clock, 1)
        asked(clock, 2)
        answer(1, clock, value=9)
        invitation(2).expires_at = clock.now() + timedelta(hours=1)
        clock.advance(hours=2)
        answer(2, clock, value=0, words="Nobody listened.")
        commit()
    with app.app_context(), reading():
        branch = branch_by_code("BJ-01")
        assert branch is not None
        figures = week_figures(branch, "2026-W47", now=clock.now())
    assert (figures.funnel.late, figures.funnel.answers, figures.funnel.started) == (1, 1, 1)
    assert (figures.nps.n, figures.nps.detractors, figures.comments) == (1, 0, ())
    assert "1 answer came after the survey had closed: read, but not counted here." in told(app, clock, "2026-W47")


def test_every_comment_is_counted_and_the_quotes_say_that_they_come_from_a_sample(
    app: Flask, clock: ManualClock
) -> None:
    few, every = 5, KEPT_TO_QUOTE + 5
    with app.app_context():
        world.build(clock.now())
        commit()
        happy, *_, unhappy = (answered(clock.now(), number, 9 if number < 10 else 0) for number in range(1, 11))
        wrote(happy, KEPT_TO_QUOTE, "Quick and friendly, number {}.", theme="staff_attitude", now=clock.now())
        # the last to write are the unhappy ones: a cut by age would lose exactly them
        wrote(unhappy, few, "Waited an hour for nothing, number {}.", theme="waiting", now=clock.now())
        commit()
    with app.app_context(), reading():
        branch = branch_by_code("BJ-01")
        assert branch is not None
        report = report_for(branch, "2026-W47", now=clock.now())
    assert (report.comments, report.comments_readable, report.comments_drawn) == (every, every, KEPT_TO_QUOTE)
    waiting = next(t for t in report.themes if t.theme == "waiting")
    assert (waiting.named.share.x, waiting.named.share.n, waiting.unhappy) == (few, every, few)
    note = tell(report, language="en").quotes_note
    assert note.endswith(f"of {KEPT_TO_QUOTE} drawn by chance from {every} comments.")
    assert f"从{every}条原话中随机抽取的{KEPT_TO_QUOTE}条里" in tell(report, language="zh").quotes_note


def asked(clock: ManualClock, number: int) -> None:
    """Customer `number` was served at Central and asked at once."""
    now = clock.now()
    world.served(now, ref=f"T-{number}", customer_ref=f"C-{number}", phone=f"+1500556{number:04d}")
    one = db.session.scalars(select(Invitation).order_by(Invitation.id.desc()).limit(1)).one()
    one.state, one.sent_at = InvitationState.SENT, now
    db.session.flush()


def invitation(number: int) -> Invitation:
    """What customer `number` was asked."""
    return db.session.get_one(Invitation, number)


def answer(number: int, clock: ManualClock, *, value: int, words: str = "") -> None:
    """Customer `number` answers."""
    one = invitation(number)
    definition = definition_of(one.version)
    record_answer(one, definition.first, Given(value=value), channel="sms", now=clock.now())
    if words:
        question = next(q for q in definition.questions if q.kind == "text")
        record_answer(one, question, Given(text=words), channel="sms", now=clock.now())


def wrote(response_id: int, count: int, words: str, *, theme: str, now: datetime) -> None:
    """This customer wrote so many more comments."""
    for number in range(count):
        text = words.format(number)
        themes = [{"theme": theme, "start": 0, "end": 1}]
        one = Answer(response_id=response_id, question_key=f"{theme}-{number}", kind="text", text=text, at=now)
        one.channel, one.language, one.themes, one.skipped = "sms", "en", themes, False
        db.session.add(one)
    db.session.flush()
