"""The demo bank as a first visitor finds it."""

import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from shutil import copy
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.auth.models import User
from app.auth.service import check_sign_in
from app.cases.models import Case, CaseEvent
from app.cases.policy import LIVE
from app.demo.arrangements import UNVERIFIED
from app.demo.comments import MIDDLE, NEGATIVE, POSITIVE, Comments, phrases
from app.demo.guide import PASSWORD, SIGN_INS, STEPS, guide_text
from app.demo.moods import THEMES
from app.demo.seed import seed_demo
from app.extensions import commit, db
from app.insights.metrics import NpsCounts
from config import Config
from notifications import EmailAddress, PhoneNumber
from notifications.gsm import segments
from notifications.models import Message, OptOut, SimulatedMail, SimulatedMessage, State
from surveys.invitations.models import Invitation, InvitationState, ServiceEvent, Touchpoint
from surveys.people.models import Branch, ContactPoint, Customer, Staff, Transaction
from surveys.questionnaires.checks import faults
from surveys.questionnaires.diff import diff
from surveys.questionnaires.models import SurveyDraft
from surveys.questionnaires.service import latest_version
from surveys.responses.models import Answer, FreeText, Response
from tests.conftest import ManualClock
from tests.world import served

MONDAY_MORNING = datetime(2026, 11, 23, 1, 35, tzinfo=UTC)  # 09:35 in Shanghai
FRIDAY_NIGHT = datetime(2026, 11, 20, 15, 10, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
HAN = re.compile(r"[\u4e00-\u9fff]")


def seeded(template: Path, path: Path, now: datetime, **size: int) -> Flask:
    """A bank in a database of its own."""
    copy(template, path)
    app = create_app(Config(environment="testing", database_url=f"sqlite:///{path}"), clock=ManualClock(now))
    with app.app_context():
        seed_demo(now=now, **size)
        commit()
    return app


def closed(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def bank(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole demo bank on a Monday morning."""
    begun = time.process_time()
    app = seeded(sqlite_template, tmp_path_factory.mktemp("bank") / "heed.sqlite", MONDAY_MORNING)
    print(f"seeded in {time.process_time() - begun:.1f} CPU seconds")
    yield app
    closed(app)


@pytest.fixture
def session(bank: Flask) -> Iterator[None]:
    """Reading in the whole demo bank."""
    with bank.app_context():
        yield
        db.session.rollback()


def inventory(app: Flask) -> str:
    """What a visitor could tell two banks apart by: people, decisions, answers, words, cases and their history."""
    queries = {
        "people": select(
            Customer.name, Customer.language, Customer.tier, Customer.value_cents, Customer.customer_since
        ).order_by(Customer.id),
        "phones": select(ContactPoint.address).order_by(ContactPoint.id),
        "money": select(Transaction.on, Transaction.amount_cents).order_by(Transaction.id),
        "events": select(
            ServiceEvent.external_ref, ServiceEvent.occurred_at, ServiceEvent.decision, ServiceEvent.rules
        ).order_by(ServiceEvent.id),
        "asked": select(Invitation.state, Invitation.sent_at, Invitation.customer_id).order_by(Invitation.id),
        "answers": select(Answer.value, Answer.choice, Answer.text, Answer.polarity, Answer.at).order_by(Answer.id),
        "cases": select(Case.code, Case.state, Case.priority, Case.reasons, Case.opened_at, Case.owner_id).order_by(
            Case.id
        ),
        "history": select(CaseEvent.kind, CaseEvent.at, CaseEvent.note).order_by(CaseEvent.id),
        "texts": select(Message.dedupe_key, Message.body, Message.created_at).order_by(Message.id),
    }
    with app.app_context():
        found = {name: [list(map(str, row)) for row in db.session.execute(query)] for name, query in queries.items()}
        db.session.rollback()
        return json.dumps(found, ensure_ascii=False)


def test_the_same_seed_and_day_give_the_same_bank_and_another_seed_another(
    sqlite_template: Path, tmp_path: Path
) -> None:
    found = []
    for number, seed in enumerate((1, 1, 2)):
        app = seeded(sqlite_template, tmp_path / f"{number}.sqlite", FRIDAY_NIGHT, seed=seed, customers=1800, weeks=2)
        found.append(inventory(app))
        closed(app)
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_on_postgresql_life_goes_on_after_seeding(pg_app: Flask, clock: ManualClock) -> None:
    with pg_app.app_context():
        seed_demo(now=clock.now(), customers=1200, weeks=1)
        commit()
        received = served(clock.now(), ref="T-NEW", phone="+15005559999", customer_ref="C-NEW")
        commit()
        assert received.status == "new"
        assert received.invitation is not None


@pytest.mark.usefixtures("session")
def test_the_bank_has_the_size_that_was_promised() -> None:
    assert db.session.scalar(select(func.count()).select_from(Customer)) == 6000
    assert Counter(db.session.scalars(select(Branch.kind))) == {"company": 1, "region": 2, "branch": 6}
    staff = db.session.scalars(select(Staff).where(Staff.code == "S-17")).one()
    assert (staff.branch.code, staff.role) == ("BJ-01", "account_manager")
    assert set(db.session.scalars(select(Customer.demo))) == {True}


@pytest.mark.usefixtures("session")
def test_every_place_and_person_has_a_name_that_fits_into_a_text() -> None:
    for branch in db.session.scalars(select(Branch)):
        assert len(branch.names["en"]) <= 16 or branch.kind != "branch"
        assert len(branch.names["zh-Hans"]) <= 6
    for staff in db.session.scalars(select(Staff)):
        assert len(staff.name) <= (4 if HAN.search(staff.name) else 20)
        assert staff.phone is not None
        assert (staff.phone_verified_at is None) == (staff.code == UNVERIFIED), "one is left for a visitor to verify"


@pytest.mark.usefixtures("session")
def test_nobody_in_it_can_be_reached_by_a_real_text_or_mail() -> None:
    for kind, address in db.session.execute(select(ContactPoint.kind, ContactPoint.address)):
        parsed = PhoneNumber.trusted(address) if kind == "phone" else EmailAddress.trusted(address)
        assert parsed.is_simulated
    for staff in db.session.scalars(select(Staff)):
        assert PhoneNumber.trusted(staff.phone or "").is_simulated
        assert EmailAddress.trusted(staff.email or "").is_simulated


def weekly_answers() -> dict[tuple[str, date], list[Response]]:
    """Answers by branch and the Monday of their week; the recovery question is no survey of its own."""
    query = (
        select(Response, Branch.code)
        .join(Branch, Branch.id == Response.branch_id)
        .join(Touchpoint, Touchpoint.id == Response.touchpoint_id)
        .where(Touchpoint.key != "case_resolved", Response.late.is_(False))
    )
    found = defaultdict(list)
    for response, code in db.session.execute(query):
        day = response.answered_at.astimezone(ZONE).date()
        found[code, day - timedelta(days=day.weekday())].append(response)
    return found


@pytest.mark.usefixtures("session")
def test_every_full_week_has_about_twenty_answers_a_branch() -> None:
    this_monday = MONDAY_MORNING.astimezone(ZONE).date()
    weeks = {place: answers for place, answers in weekly_answers().items() if place[1] < this_monday}
    assert len({monday for _, monday in weeks}) == 13
    assert len(weeks) == 6 * 13
    sizes = [len(answers) for answers in weeks.values()]
    assert min(sizes) >= 13
    assert 18 <= sum(sizes) / len(sizes) <= 22


def nps(answers: list[Response]) -> float:
    scores = [a.nps for a in answers if a.nps is not None]
    counts = NpsCounts(
        promoters=sum(s >= 9 for s in scores),
        passives=sum(7 <= s <= 8 for s in scores),
        detractors=sum(s <= 6 for s in scores),
    )
    return 100 * (counts.promoters - counts.detractors) / len(scores)


@pytest.mark.usefixtures("session")
def test_one_branch_is_falling_one_is_rising_and_the_whole_is_credible() -> None:
    monday = MONDAY_MORNING.astimezone(ZONE).date()
    lately: dict[str, list[Response]] = defaultdict(list)
    before: dict[str, list[Response]] = defaultdict(list)
    everybody = []
    for (code, week), answers in weekly_answers().items():
        everybody += answers
        (lately if week >= monday - timedelta(weeks=3) else before)[code] += answers
    assert 20 <= nps(everybody) <= 45
    assert nps(lately["BJ-04"]) < nps(before["BJ-04"]) - 25
    assert nps(lately["BJ-05"]) > nps(before["BJ-05"]) + 25


@pytest.mark.usefixtures("session")
def test_cases_stand_in_every_state_with_their_history() -> None:
    states = Counter(db.session.scalars(select(Case.state)))
    assert set(states) == {"open", "acknowledged", "contacted", "resolved", "closed", "dismissed", "reopened"}
    assert {"saved", "lost"} <= set(db.session.scalars(select(Case.outcome)))
    assert {"yes", "no", "partly"} <= set(db.session.scalars(select(Case.recovery)))
    assert {"waiting", "staff", "fees", "system"} <= set(db.session.scalars(select(Case.root_cause)))
    kinds = set(db.session.scalars(select(CaseEvent.kind)))
    assert {"opened", "acknowledged", "contacted", "breached", "handed_up", "resolved", "recovery", "reopened"} <= kinds
    for case in db.session.scalars(select(Case)):
        assert case.history[0].kind == "opened"
        assert all(event.at <= MONDAY_MORNING for event in case.history)


@pytest.mark.usefixtures("session")
def test_the_managers_first_screen_has_somebody_to_call_with_the_clock_running() -> None:
    query = select(Case).join(Branch, Branch.id == Case.branch_id).where(Branch.code == "BJ-01", Case.state.in_(LIVE))
    live = list(db.session.scalars(query))
    assert len(live) >= 6
    running = [c for c in live if c.state == "open" and c.acknowledge_by > MONDAY_MORNING and c.level == 0]
    assert any(MONDAY_MORNING - c.opened_at < timedelta(hours=1) for c in running)
    assert any(c.contact_by < MONDAY_MORNING and c.contacted_at is None for c in live)  # overdue
    assert any(c.level == 3 for c in live)  # with the region
    assert {"en", "zh"} <= {c.words_language for c in live}
    assert any(c.owner.code == "S-17" for c in live)


@pytest.mark.usefixtures("session")
def test_nothing_falls_due_the_moment_heed_is_started() -> None:
    live = Case.state.in_(LIVE)
    late = [
        select(func.count()).where(Case.next_check_at <= MONDAY_MORNING, live),
        select(func.count()).where(Case.recovery_due_at <= MONDAY_MORNING),
        select(func.count()).where(Invitation.remind_at <= MONDAY_MORNING),
        select(func.count()).where(Invitation.state == "scheduled", Invitation.send_at <= MONDAY_MORNING),
        select(func.count()).where(Message.state == State.QUEUED),
        select(func.count()).where(Response.review_due.is_(True)),
    ]
    assert [db.session.scalar(query) for query in late] == [0] * len(late)


@pytest.mark.usefixtures("session")
def test_invitations_stand_where_a_running_bank_has_them() -> None:
    states = set(db.session.scalars(select(Invitation.state)))
    assert states >= {
        InvitationState.COMPLETED,
        InvitationState.PARTIAL,
        InvitationState.EXPIRED,
        InvitationState.REMINDED,
        InvitationState.REFUSED,
        InvitationState.SKIPPED,
        InvitationState.UNDELIVERABLE,
    }
    skipped = {reason for reasons in db.session.scalars(select(Invitation.skip_reasons)) for reason in reasons}
    assert {"frequency_cap", "opted_out", "no_consent", "no_channel", "stale_event", "sampling"} <= skipped
    assert all(len(rules) == 13 for rules in db.session.scalars(select(ServiceEvent.rules)))
    assert db.session.scalar(select(func.count()).select_from(OptOut))
    assert db.session.scalar(select(func.count()).where(FreeText.seen_at.is_(None)))
    asked = Counter(
        db.session.scalars(
            select(Invitation.customer_id)
            .join(ServiceEvent, ServiceEvent.id == Invitation.service_event_id)
            .where(Invitation.sent_at.is_not(None), ServiceEvent.source != "heed")
        )
    )
    assert set(asked.values()) == {1}  # nobody is asked twice within 90 days


@pytest.mark.usefixtures("session")
def test_comments_are_bilingual_and_do_not_repeat() -> None:
    said = Counter(db.session.scalars(select(Answer.text).where(Answer.text.is_not(None))))
    long = {text: times for text, times in said.items() if text and len(text) > 16}
    assert sum(long.values()) > 800
    assert sum(times for times in long.values() if times > 1) <= 6
    chinese = sum(times for text, times in said.items() if text and HAN.search(text))
    assert 0.4 < chinese / sum(said.values()) < 0.8


@pytest.mark.usefixtures("session")
def test_words_sound_the_way_the_number_does() -> None:
    rows = db.session.execute(select(Response.nps, Response.polarity).where(Response.polarity.is_not(None)))
    felt = [(score, polarity) for score, polarity in rows if score is not None and polarity is not None]
    low = [polarity for score, polarity in felt if score <= 6]
    high = [polarity for score, polarity in felt if score >= 9]
    assert sum(p < 0 for p in low) / len(low) > 0.85
    assert sum(p > 0 for p in high) / len(high) > 0.9


@pytest.mark.usefixtures("session")
def test_every_text_to_a_customer_fits_one_segment_but_for_a_long_local_address() -> None:
    for text in db.session.scalars(select(Message).where(Message.channel == "sms")):
        if text.template.startswith("case_") and text.purpose == "escalation":
            continue  # words in another alphabet may cost a second one there
        body = text.body.replace("{link}", "https://hb.example/" + "x" * 4)
        assert segments(body).count == 1, text.template


@pytest.mark.usefixtures("session")
def test_the_simulated_phones_and_the_mailbox_hold_the_last_days() -> None:
    texts = list(db.session.scalars(select(SimulatedMessage).order_by(SimulatedMessage.id)))
    assert len(texts) > 150
    assert [t.created_at for t in texts] == sorted(t.created_at for t in texts)
    assert not any("{link}" in t.body for t in texts)
    manager = db.session.scalars(select(Staff).where(Staff.code == "S-10")).one()
    assert any(t.phone_index == manager.phone_index for t in texts)
    assert db.session.scalar(select(func.count()).select_from(SimulatedMail))


@pytest.mark.usefixtures("session")
def test_everybody_on_the_list_can_sign_in() -> None:
    assert db.session.scalar(select(func.count()).select_from(User)) == len(SIGN_INS)
    for sign_in in SIGN_INS:
        user = check_sign_in(sign_in.email, PASSWORD, source="test")
        assert isinstance(user, User)
        assert (user.language, [g.role for g in user.grants]) == (sign_in.language, [sign_in.role])


def test_the_guide_says_in_both_languages_where_to_go() -> None:
    text = guide_text("http://127.0.0.1:5000", seeded=True)
    assert all(sign_in.email in text for sign_in in SIGN_INS)
    assert PASSWORD in text
    for step in STEPS:
        assert step.title["en"] in text
        assert step.title["zh-Hans"] in text
    assert "create-user" in guide_text("http://127.0.0.1:5000", seeded=False)


@pytest.mark.usefixtures("session")
def test_every_address_the_guide_names_is_there(bank: Flask) -> None:
    routes = {rule.rule for rule in bank.url_map.iter_rules()}
    assert {step.path for step in STEPS if step.path} <= routes


def test_the_phrase_bank_is_wide_in_both_languages() -> None:
    for language in ("en", "zh"):
        bank = phrases(language)
        for theme in THEMES:
            for mood in (NEGATIVE, POSITIVE, MIDDLE):
                parts = sum(len(lines) for lines in bank["themes"][theme][mood].values())
                assert parts + len(bank[mood]["openers"]) + len(bank[mood]["closers"]) >= 60, (language, theme, mood)


def test_a_thousand_comments_hardly_repeat_one_another() -> None:
    comments = Comments(Random(7))
    said = Counter(
        comments.comment(language, mood, theme)
        for language in ("en", "zh-Hans")
        for mood in (NEGATIVE, POSITIVE)
        for theme in THEMES
        for _ in range(30)
    )
    assert max(times for text, times in said.items() if len(text) > 16) == 1
    assert not any("{" in text for text in said)


def test_one_questionnaire_is_being_written_so_that_its_draft_can_be_looked_at(bank: Flask) -> None:
    with bank.app_context():
        (draft,) = db.session.scalars(select(SurveyDraft)).all()
        live = latest_version(draft.survey_id)
        assert live is not None
        assert [change.question for change in diff(live.definition, draft.definition)][:1] == ["effort"]
        assert faults(draft.definition) == ()
        assert [deed["deed"] for deed in draft.past] == ["add_question", "move_question"]
