"""From a bad answer to somebody's phone: once, to the right person, with everything they need."""

from datetime import date
from threading import Barrier, Thread

from flask import Flask
from sqlalchemy import func, select

from app.cases.models import Case, CaseOrigin
from app.cases.service import complaint_received, review_outcome
from app.extensions import commit, db
from notifications.models import Message
from surveys.invitations.models import Hold
from surveys.people.models import Branch, Customer, Staff
from surveys.people.staffing import add_absence
from surveys.responses.models import Response
from tests import world
from tests.app.cases.unhappy import ANGRY, kinds, says, served, staff_of, the_case, work
from tests.conftest import ManualClock
from tests.phones import mails, received
from tests.world import CUSTOMER_PHONE, DEPUTY_PHONE, MANAGER_PHONE, OWNER_PHONE


def test_the_alert_says_who_how_bad_where_and_by_when(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2")
    case = the_case(app)
    (alert,) = received(app, MANAGER_PHONE)
    # Friday 14:00 in Shanghai, 24 hours without the weekend: Monday 14:00.
    assert alert == (
        f"Heed {case.code}: C. W. (new) 2/10 Central, no words yet. Call by Mon 14:00. "
        f"Reply OK {case.code}, or ? {case.code} for more."
    )
    assert (case.priority, case.critical, case.reasons) == (2, True, ["very_low_score"])


def test_the_mail_leads_to_the_case_in_the_console(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, f"2 {ANGRY}")
    case = the_case(app)
    (mail,) = mails(app, "s-10@harbour.example")
    assert f"http://127.0.0.1:5000/console/cases/{case.id}" in mail.text
    assert ANGRY in mail.text
    assert mail.html is not None
    assert ANGRY in mail.html
    assert "<script" not in mail.html


def test_words_after_half_an_hour_or_after_ok_ring_nobody_again(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2")
    clock.advance(minutes=31)
    says(app, clock, ANGRY)
    assert len(received(app, MANAGER_PHONE)) == 1
    assert the_case(app).words == ANGRY


def test_words_after_ok_are_kept_without_a_second_alert(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2")
    says(app, clock, f"OK {the_case(app).code}", phone=MANAGER_PHONE)
    says(app, clock, ANGRY)
    assert [t for t in received(app, MANAGER_PHONE) if "now wrote" in t] == []
    assert the_case(app).words == ANGRY


def test_words_make_a_case_more_urgent_and_never_less(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "5")
    before = the_case(app)
    assert (before.priority, before.critical) == (3, False)
    says(app, clock, "I will sue you, my lawyer has the papers")
    after = the_case(app)
    assert (after.priority, after.critical) == (1, True)
    assert after.contact_by < before.contact_by
    assert "legal_threat" in after.reasons
    assert "raised" in kinds(after)


def test_an_account_manager_hears_of_their_own_customer_in_their_language(app: Flask, clock: ManualClock) -> None:
    served(app, clock, owner="S-17", language="zh-Hans", name="陈静")
    says(app, clock, "2 等了五十分钟")
    (alert,) = received(app, OWNER_PHONE)
    code = the_case(app).code
    assert alert == (f"【海港银行】{code} 陈姓客户(新)2分(满分10)：“等了五十分钟”。周一14:00前回电。请回复 收到 {code}")
    assert received(app, MANAGER_PHONE) == []


def test_who_is_away_is_stood_in_for(app: Flask, clock: ManualClock) -> None:
    built = served(app, clock)
    with app.app_context():
        add_absence(staff_of(built.manager), first=date(2026, 11, 16), last=None)
        commit()
    says(app, clock, "2")
    assert received(app, MANAGER_PHONE) == []
    assert len(received(app, DEPUTY_PHONE)) == 1
    assert the_case(app).level == 1


def test_a_branch_where_nobody_answers_for_anything_opens_nothing_and_loses_nothing(
    app: Flask, clock: ManualClock
) -> None:
    served(app, clock)
    with app.app_context():
        for branch in db.session.scalars(select(Branch)):
            branch.manager_id = None
        commit()
    says(app, clock, "2")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == 0
        assert db.session.scalars(select(Response)).one().nps == 2


def test_a_second_bad_answer_joins_the_open_case_and_the_customer_is_not_asked_meanwhile(
    app: Flask, clock: ManualClock
) -> None:
    built = served(app, clock)
    says(app, clock, "5")
    with app.app_context():
        customer = db.session.scalars(select(Customer)).one()
        branch = db.session.get_one(Branch, built.branch)
        for _ in range(2):
            complaint_received(customer, branch, "The fee was wrong again.", ref="L-1", risk=0.1, now=clock.now())
        commit()
        assert db.session.scalar(select(func.count()).select_from(CaseOrigin)) == 2
        assert db.session.scalars(select(Hold.reason).where(Hold.until.is_(None))).all() == ["open_case"]
        again = world.served(clock.now(), ref="T-2")
        assert again.event.decision == "skipped"
        commit()
    work(app, clock.now())
    case = the_case(app)
    assert case.words == "The fee was wrong again."
    assert "complaint" in case.reasons
    assert len([t for t in received(app, MANAGER_PHONE) if "again" in t]) == 1


def test_a_complaint_by_letter_rings_without_a_number(app: Flask, clock: ManualClock) -> None:
    built = served(app, clock)
    with app.app_context():
        customer = db.session.scalars(select(Customer)).one()
        branch = db.session.get_one(Branch, built.branch)
        complaint_received(customer, branch, "My card was swallowed.", ref="L-1", risk=0.1, now=clock.now())
        commit()
    work(app, clock.now())
    (alert,) = received(app, MANAGER_PHONE)
    assert 'C. W. (new) wrote to Central: "My card was swallowed." Call by' in alert


def test_five_reviews_of_one_answer_at_once_open_one_case(any_app: Flask, clock: ManualClock) -> None:
    served(any_app, clock)
    with any_app.app_context():
        from surveys.invitations.models import Invitation
        from surveys.questionnaires.flow import Given
        from surveys.questionnaires.service import definition_of
        from surveys.responses.service import Recorded, record_answer

        invitation = db.session.scalars(select(Invitation)).one()
        question = definition_of(invitation.version).first
        recorded = record_answer(invitation, question, Given(value=1), channel="web", now=clock.now())
        assert isinstance(recorded, Recorded)
        response_id = recorded.response_id
        commit()
    together = Barrier(5)
    failures: list[BaseException] = []

    def review() -> None:
        try:
            with any_app.app_context():
                together.wait()
                review_outcome(db.session.get_one(Response, response_id), risk=lambda: 0.1, now=clock.now())
                commit()
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=review) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with any_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == 1
        assert db.session.scalar(select(func.count()).select_from(CaseOrigin)) == 1
        alerts = select(func.count()).select_from(Message).where(Message.subject_kind == "case")
        assert db.session.scalar(alerts) == 2  # one text, one mail


def test_an_opted_out_customer_is_still_looked_after(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", "STOP")
    code = the_case(app).code
    before = len(received(app, CUSTOMER_PHONE))
    says(app, clock, f"OK {code}", phone=MANAGER_PHONE)
    assert the_case(app).state == "acknowledged"
    assert len(received(app, CUSTOMER_PHONE)) == before


def test_a_colleague_who_stops_the_texts_keeps_the_mail_and_others_are_told(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "STOP", phone=MANAGER_PHONE)
    assert any("stopped SMS alerts" in m.subject for m in mails(app, "s-10@harbour.example"))
    assert any("Anna Reed" in m.text for m in mails(app, "s-01@harbour.example"))
    texts = len(received(app, MANAGER_PHONE))
    says(app, clock, "1")
    assert len(received(app, MANAGER_PHONE)) == texts
    assert any("is unhappy" in m.subject for m in mails(app, "s-10@harbour.example"))


def test_somebody_without_a_verified_phone_gets_mail_alone(app: Flask, clock: ManualClock) -> None:
    built = served(app, clock)
    with app.app_context():
        db.session.get_one(Staff, built.manager).phone_verified_at = None
        commit()
    says(app, clock, "1")
    assert received(app, MANAGER_PHONE) == []
    assert len(mails(app, "s-10@harbour.example")) == 1
