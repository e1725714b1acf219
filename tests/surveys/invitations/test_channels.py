"""By which channel: the first in the programme's order that the customer can be reached by and agreed to."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import commit, db
from notifications import EmailAddress, PhoneNumber, is_opted_out
from notifications.models import Message, SimulatedMail
from notifications.optouts import resume_address, stop_address
from surveys.invitations.events import NewEvent, Received, record
from surveys.invitations.models import Programme
from surveys.people.models import ContactPoint
from surveys.people.service import ConsentGiven, Person
from surveys.responses.models import Response
from surveys.tasks import sweep_remind_and_expire
from tests.conftest import ManualClock
from tests.phones import received, reply
from tests.surveys.invitations.visits import invitations
from tests.world import CUSTOMER_PHONE

MAILBOX = "clara.wong@example.com"
Work = Callable[[], int]


def order(app: Flask, *channels: str, **values: Any) -> None:
    """The channels of the programme for branch visits, and what else it says."""
    with app.app_context():
        programme = db.session.scalars(select(Programme).where(Programme.key == "branch_visit")).one()
        programme.channels = list(channels)
        for name, value in values.items():
            setattr(programme, name, value)
        commit()


def served(
    app: Flask,
    clock: ManualClock,
    *,
    ref: str = "T-1",
    customer: str = "C-1",
    phone: str | None = CUSTOMER_PHONE,
    email: str | None = MAILBOX,
    consent: ConsentGiven | None = None,
    language: str = "en",
) -> dict[str, str]:
    """Clara was served; what each rule said."""
    person = Person(
        external_ref=customer,
        phone=PhoneNumber.trusted(phone) if phone else None,
        email=EmailAddress.trusted(email) if email else None,
        language=language,
        time_zone="Asia/Shanghai",
        consent=consent,
    )
    with app.app_context():
        now = clock.now()
        event = NewEvent(
            source="core",
            external_ref=ref,
            touchpoint="branch_visit",
            branch="BJ-01",
            occurred_at=now,
            person=person,
        )
        found = record(event, now=now)
        assert isinstance(found, Received)
        rules = {rule["rule"]: f"{rule['verdict']}: {rule['detail']}" for rule in found.event.rules}
        commit()
    return rules


def mails(app: Flask) -> list[SimulatedMail]:
    with app.app_context():
        found = list(db.session.scalars(select(SimulatedMail).order_by(SimulatedMail.id)))
        found = [mail for mail in found if mail.to_address == MAILBOX]
        db.session.expunge_all()
    return found


def token_in(text: str) -> str:
    found = re.search(r"/s/(\w{13})", text)
    assert found, text
    return found[1]


def test_a_text_with_the_link_alone_asks_no_number(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    order(bank, "sms_link")
    assert served(bank, clock)["no_channel"] == "pass: goes by sms_link"
    run_due()
    (text,) = received(bank, CUSTOMER_PHONE)
    assert "It takes a minute" in text and "/s/" in text and "STOP" in text
    reply(bank, CUSTOMER_PHONE, "9", clock.now(), run_due)  # some answer all the same
    with bank.app_context():
        assert db.session.scalars(select(Response.nps)).all() == [9]


def test_who_has_no_phone_is_asked_by_mail(bank: Flask, client: FlaskClient, clock: ManualClock, run_due: Work) -> None:
    order(bank, "sms", "email")
    assert served(bank, clock, phone=None)["no_channel"] == "pass: goes by email; sms: no address is known"
    run_due()
    (mail,) = mails(bank)
    assert mail.subject == "Harbour Bank: how did we do on 20 Nov?"
    assert mail.html is not None and "{" not in mail.html + mail.text
    assert "0 to 10: 0 is Not at all likely, 10 is Extremely likely." in mail.text
    chosen = re.findall(r'href="[^"]*/s/\w+\?a=(\d+)&amp;lang=en"', mail.html)
    assert chosen == [str(number) for number in range(11)]
    assert "<img" not in mail.html and len(mail.html) < 100_000
    page = client.get(f"/s/{token_in(mail.text)}?a=9&lang=en")
    assert "You chose 9 out of 10" in page.text


def test_the_same_in_chinese(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    order(bank, "email")
    served(bank, clock, language="zh-Hans")
    run_due()
    (mail,) = mails(bank)
    assert mail.subject == "海港银行：11月20日的服务怎么样？"
    assert "您有多大可能把海港银行推荐给朋友？" in mail.text
    assert 'lang="zh-Hans"' in (mail.html or "")
    assert "<wbr>推荐给朋友？</h1>" in (mail.html or "")


def test_an_answer_by_mail_ends_it_and_nobody_is_asked_again_by_text(
    bank: Flask, client: FlaskClient, clock: ManualClock, run_due: Work
) -> None:
    order(bank, "email")
    served(bank, clock)
    run_due()
    token = token_in(mails(bank)[0].text)
    client.post(f"/s/{token}", data={"question": "recommend", "answer": "9"})
    order(bank, "sms")
    clock.advance(days=30)
    assert served(bank, clock, ref="T-2")["frequency_cap"].startswith("stop: asked 30 days ago")
    assert served(bank, clock, ref="T-3", customer="C-2", email=None)["frequency_cap"].startswith("stop")


def test_who_stops_mails_is_asked_by_text_and_hears_what_was_stopped(
    bank: Flask, client: FlaskClient, clock: ManualClock, run_due: Work
) -> None:
    order(bank, "email", "sms", policy={"cap_days": 1, "answer_cap_days": 1})
    served(bank, clock)
    run_due()
    token = token_in(mails(bank)[0].text)
    assert "by e-mail?" in client.get(f"/s/{token}/stop").text
    done = client.post(f"/s/{token}/stop", data={"List-Unsubscribe": "One-Click"})
    assert "to this mailbox" in done.text
    assert invitations(bank)[0].state == "refused"
    with bank.app_context():
        assert is_opted_out(MAILBOX) and not is_opted_out(CUSTOMER_PHONE)
    clock.advance(days=3)
    assert served(bank, clock, ref="T-2")["no_channel"] == "pass: goes by sms; email: asked us to stop"
    run_due()
    assert len(mails(bank)) == 1 and len(received(bank, CUSTOMER_PHONE)) == 1


def test_stop_on_the_phone_ends_mails_too_unless_they_agreed_to_those(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    order(bank, "sms", "email", policy={"cap_days": 1, "answer_cap_days": 1})
    served(bank, clock)
    run_due()
    reply(bank, CUSTOMER_PHONE, "STOP", clock.now(), run_due)
    clock.advance(days=3)
    assert served(bank, clock, ref="T-2")["no_consent"] == "stop: no consent is on record"
    given = ConsentGiven(sms=False, email=True, source="branch_form")
    rules = served(bank, clock, ref="T-3", consent=given)
    assert rules["no_channel"] == "pass: goes by email; sms: asked us to stop"
    run_due()
    assert len(mails(bank)) == 1


def test_the_channel_is_chosen_again_when_the_message_leaves(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    order(bank, "sms", "email", delay_minutes=60)
    served(bank, clock)
    assert invitations(bank)[0].channel == "sms"
    with bank.app_context():
        for point in db.session.scalars(select(ContactPoint).where(ContactPoint.kind == "phone")):
            point.deliverable = False
        commit()
    clock.advance(hours=1)
    run_due()
    (asked,) = invitations(bank)
    assert asked.channel == "email" and len(mails(bank)) == 1
    assert {"rule": "no_channel", "verdict": "pass", "detail": "goes by email; sms: no address is known"} in (
        asked.rules or []
    )


def test_only_when_no_channel_is_left_nobody_is_asked(bank: Flask, clock: ManualClock) -> None:
    order(bank, "sms", "email")
    rules = served(bank, clock, phone=None, email=None)
    assert rules["no_channel"] == "stop: no address is known for sms, email"
    order(bank, "email")
    with bank.app_context():
        stop_address(MAILBOX, source="web", now=clock.now())
        commit()
    assert served(bank, clock, ref="T-2")["opted_out"] == "stop: this address asked us to stop"
    with bank.app_context():
        resume_address(MAILBOX, now=clock.now())
        commit()


def test_who_does_not_answer_the_text_is_reminded_by_mail(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    order(bank, "sms", reminder_channel="email", policy={"reminder_after_hours": 24})
    served(bank, clock)
    run_due()
    clock.advance(hours=23)
    run_due()
    assert mails(bank) == []
    clock.advance(hours=1)
    run_due()
    (mail,) = mails(bank)
    assert mail.subject == "A last time, Harbour Bank: how did we do on 20 Nov?"
    assert len(received(bank, CUSTOMER_PHONE)) == 1
    rules = invitations(bank)[0].reminder_rules
    assert rules is not None
    assert rules[0] == {"rule": "reminder", "verdict": "pass", "detail": "no answer has come; goes by email"}


def test_who_was_asked_by_mail_may_be_reminded_by_a_text_and_answer_it(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    order(bank, "email", reminder_channel="sms")
    served(bank, clock)
    run_due()
    clock.advance(hours=48)
    run_due()
    (text,) = received(bank, CUSTOMER_PHONE)
    assert "a last time" in text
    reply(bank, CUSTOMER_PHONE, "3", clock.now(), run_due)
    with bank.app_context():
        assert db.session.scalars(select(Response.nps)).all() == [3]


def test_whoever_stopped_the_text_is_not_reminded_by_mail(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    order(bank, "sms", reminder_channel="email")
    consent = ConsentGiven(sms=True, email=True, source="form")
    served(bank, clock, consent=consent)
    run_due()
    with bank.app_context():
        stop_address(CUSTOMER_PHONE, source="carrier", now=clock.now())
        commit()
    clock.advance(hours=48)
    run_due()
    assert mails(bank) == []
    (asked,) = invitations(bank)
    assert "reminder:opted_out" in asked.skip_reasons
    assert asked.reminder_rules is not None
    assert asked.reminder_rules[0]["detail"] == "the address they were asked at asked us to stop"


def test_a_programme_without_a_reminder_says_so(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    order(bank, "sms", reminder=False)
    served(bank, clock)
    run_due()
    (asked,) = invitations(bank)
    assert asked.remind_at is None
    assert asked.reminder_rules == [{"rule": "reminder", "verdict": "stop", "detail": "this programme does not remind"}]


def test_a_mailbox_that_does_not_exist_is_not_written_to_again(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    order(bank, "email")
    served(bank, clock)
    run_due()
    with bank.app_context():
        message = db.session.scalars(select(Message).where(Message.channel == "email")).one()
        message.state, message.error_code = "failed", "smtp_550"
        commit()
    run_due()
    assert invitations(bank)[0].state == "undeliverable"
    assert served(bank, clock, ref="T-2")["no_channel"] == "stop: no address is known for email"


def test_what_still_waits_when_the_hours_end_leaves_the_next_morning(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    from surveys.tasks import sweep_send_due_invitations

    served(bank, clock)
    with bank.app_context():
        sweep_send_due_invitations(clock.now())
    clock.advance(hours=7)  # 21:00: the worker comes back in the night
    run_due()
    assert received(bank, CUSTOMER_PHONE) == []
    assert invitations(bank)[0].state == "scheduled"
    clock.advance(hours=13)
    run_due()
    (text,) = received(bank, CUSTOMER_PHONE)
    assert "yesterday" in text


def test_a_new_record_with_a_telephone_that_was_stopped_gets_no_mail_by_default(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    order(bank, "sms", "email")
    served(bank, clock)
    run_due()
    reply(bank, CUSTOMER_PHONE, "STOP", clock.now(), run_due)
    clock.advance(days=100)
    rules = served(bank, clock, ref="T-2", customer="C-9", email="c.wong@example.com")
    assert rules["no_consent"] == "stop: no consent is on record"


def waits_over_night(app: Flask, clock: ManualClock, run_due: Work) -> None:
    """A reminder is due in the afternoon, and nothing takes it to the carrier before the hours are over."""
    run_due()
    clock.advance(hours=48)
    with app.app_context():
        assert sweep_remind_and_expire(clock.now()) == 1
    assert invitations(app)[0].state == "reminded"
    clock.advance(hours=10)
    run_due()
    assert (mails(app), invitations(app)[0].state, invitations(app)[0].reminded_at) == ([], "sent", None)


def test_a_reminder_that_could_not_leave_is_decided_again_in_the_morning(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    order(bank, "sms", reminder_channel="email")
    served(bank, clock)
    waits_over_night(bank, clock, run_due)
    clock.advance(hours=11)
    run_due()
    (mail,) = mails(bank)
    assert mail.subject.startswith("A last time")
    assert invitations(bank)[0].state == "reminded"
    clock.advance(hours=30)
    run_due()
    assert len(mails(bank)) == 1


def test_a_reminder_decided_again_goes_by_the_way_that_is_open_now(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    order(bank, "sms", reminder_channel="email")
    served(bank, clock)
    waits_over_night(bank, clock, run_due)
    with bank.app_context():
        stop_address(MAILBOX, source="web", now=clock.now())
        commit()
    clock.advance(hours=11)
    run_due()
    assert mails(bank) == []
    assert "a last time" in received(bank, CUSTOMER_PHONE)[-1]
    with bank.app_context():
        reminder = db.session.scalars(select(Message).where(Message.dedupe_key.endswith(":reminder"))).one()
        assert (reminder.channel, reminder.subject, reminder.html) == ("sms", None, None)


def test_whoever_answered_while_the_reminder_waited_is_not_reminded(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    order(bank, "sms", reminder_channel="email")
    served(bank, clock)
    waits_over_night(bank, clock, run_due)
    reply(bank, CUSTOMER_PHONE, "9", clock.now(), run_due)
    clock.advance(hours=11)
    run_due()
    assert mails(bank) == []
