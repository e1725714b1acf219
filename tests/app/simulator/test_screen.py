"""The phones and the mailbox on the screen: what was carried can be read there, and answered as its owner would."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.auth.roles import Role
from app.auth.service import create_user
from app.extensions import blind, commit, db
from app.simulator.screen_views import linked
from notifications import EmailAddress, PhoneNumber, Purpose, is_opted_out, queue_email, queue_sms
from notifications.channels.simulator import advance
from notifications.delivery import sweep_due
from notifications.models import InboundMessage, SimulatedMessage
from surveys.people.models import Branch, ContactPoint, Customer
from tests import world
from tests.conftest import FRIDAY, ManualClock

CUSTOMER, MANAGER, STRANGER = "+15005551001", world.MANAGER_PHONE, "+15005559999"
INVITATION = "Harbour Bank: how was it, 0 to 10? Reply, or https://hb.example/s/Ab3. STOP to end"


@pytest.fixture
def company(app: Flask, clock: ManualClock) -> world.World:
    """A branch with its manager, and one customer whose phone has a survey on it."""
    with app.app_context():
        built = world.build(clock.now())
        customer = Customer(name="王敏", language="zh-Hans", time_zone="Asia/Shanghai", created_at=clock.now())
        db.session.add(customer)
        db.session.flush()
        db.session.add(
            ContactPoint(
                customer_id=customer.id, kind="phone", address=CUSTOMER, address_index=CUSTOMER, created_at=clock.now()
            )
        )
        send(CUSTOMER, INVITATION, "a", clock.now())
        send(MANAGER, "王敏 给了2分。今天17:00前请回电。", "b", clock.now())
        sweep_due(clock.now())
        return built


def send(phone: str, body: str, key: str, now: datetime) -> None:
    queue_sms(PhoneNumber.trusted(phone), body, purpose=Purpose.CASE, dedupe_key=key, now=now)
    commit()


@pytest.fixture
def reader(app: Flask, company: world.World, clock: ManualClock) -> FlaskClient:
    """Somebody who has signed in by the sign-in page."""
    with app.app_context():
        create_user(
            email="lin@bank.example",
            name="Lin",
            password="a long enough password",
            role=Role.ADMINISTRATOR,
            branch=db.session.get_one(Branch, company.company),
            now=clock.now(),
        )
        commit()
    client = app.test_client()
    form = {
        "csrf_token": token(client, "/console/sign-in"),
        "email": "lin@bank.example",
        "password": "a long enough password",
    }
    assert client.post("/console/sign-in", data=form).status_code == 302
    return client


def token(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).get_data(as_text=True))
    assert found is not None
    return found.group(1)


def page_of(app: Flask, phone: str) -> str:
    with app.app_context():
        return f"/simulator/phones/{blind(phone)}"


def test_only_those_who_signed_in_see_the_phones(app: Flask, company: world.World) -> None:
    for page in ("/simulator", page_of(app, CUSTOMER), "/simulator/mail"):
        answer = app.test_client().get(page)
        assert (answer.status_code, "sign-in" in answer.headers["Location"]) == (302, True)


def test_the_list_tells_staff_from_customers_the_latest_first(reader: FlaskClient) -> None:
    text = reader.get("/simulator?lang=en").get_data(as_text=True)
    assert text.index("Anna Reed") < text.index("王敏</b>")
    assert 'class="sim-kind staff">Staff' in text
    assert 'class="sim-kind customer">Customer' in text


def test_a_thread_counts_every_text_and_makes_its_link_tappable(app: Flask, reader: FlaskClient) -> None:
    text = reader.get(page_of(app, CUSTOMER) + "?lang=en").get_data(as_text=True)
    assert '<a href="https://hb.example/s/Ab3" target="_blank"' in text
    assert f"{len(INVITATION)}/160" in text
    assert "GSM-7" in text
    assert "1 segment" in text
    chinese = reader.get(page_of(app, MANAGER) + "?lang=zh-Hans").get_data(as_text=True)
    assert "UCS-2" in chinese
    assert "排队中" in chinese


def test_a_reply_comes_in_by_the_same_door_as_the_carriers(app: Flask, reader: FlaskClient) -> None:
    page = page_of(app, CUSTOMER)
    answer = reader.post(page, data={"csrf_token": token(reader, page), "body": "3 等太久"})
    assert answer.status_code == 303
    with app.app_context():
        kept = db.session.scalars(select(InboundMessage)).one()
        assert (kept.from_address, kept.body, kept.provider) == (CUSTOMER, "3 等太久", "simulator")
        assert app.extensions["heed.hurry"][-1] == ("app.handle_inbound", (kept.id,))
    assert "3 等太久" in reader.get(page).get_data(as_text=True)


def test_stop_from_the_screen_stops(app: Flask, reader: FlaskClient) -> None:
    page = page_of(app, CUSTOMER)
    reader.post(page, data={"csrf_token": token(reader, page), "body": "退订"})
    with app.app_context():
        assert is_opted_out(CUSTOMER)


def test_an_empty_reply_is_told_what_to_do_and_none_without_the_forms_token_is_taken(
    app: Flask, reader: FlaskClient
) -> None:
    page = page_of(app, CUSTOMER)
    answer = reader.post(page + "?lang=en", data={"csrf_token": token(reader, page), "body": "  "})
    assert answer.status_code == 422
    assert "Write something first" in answer.get_data(as_text=True)
    assert reader.post(page, data={"body": "9"}).status_code == 400
    with app.app_context():
        assert db.session.scalars(select(InboundMessage)).all() == []


def test_a_phone_is_opened_by_its_number_however_it_is_written(app: Flask, reader: FlaskClient) -> None:
    csrf = token(reader, "/simulator")
    found = reader.post("/simulator", data={"csrf_token": csrf, "number": "+1 500 555 1001"})
    assert found.headers["Location"] == page_of(app, CUSTOMER)
    for number in (STRANGER, "", "abc", "\x00"):
        assert reader.post("/simulator", data={"csrf_token": csrf, "number": number}).status_code == 422
    assert reader.get(page_of(app, STRANGER)).status_code == 404


def test_a_survey_without_a_link_offers_its_page_when_the_application_knows_it(app: Flask, reader: FlaskClient) -> None:
    app.extensions["heed.survey_link"] = lambda phone: f"https://hb.example/s/{phone.ends}"
    assert "https://hb.example/s/1001" in reader.get(page_of(app, CUSTOMER)).get_data(as_text=True)


def test_the_status_moves_as_the_carrier_carries(app: Flask, reader: FlaskClient) -> None:
    with app.app_context():
        for _ in range(2):
            advance(FRIDAY)
            commit()
    assert "delivered" in reader.get(page_of(app, CUSTOMER) + "?lang=en").get_data(as_text=True)


def test_a_mail_is_shown_where_it_can_do_no_harm(app: Flask, reader: FlaskClient) -> None:
    assert "No mail has been sent yet" in reader.get("/simulator/mail?lang=en").get_data(as_text=True)
    with app.app_context():
        queue_email(
            EmailAddress.trusted("anna@bank.example"),
            subject="Week 47 <b>",
            text="plain",
            html='<p class="x">"week"</p><script>alert(1)</script>',
            purpose=Purpose.REPORT,
            dedupe_key="m",
            now=FRIDAY,
        )
        commit()
        sweep_due(FRIDAY)
    text = reader.get("/simulator/mail/1").get_data(as_text=True)
    assert "Week 47 &lt;b&gt;" in text
    frame = re.search(r"<iframe[^>]*>", text)
    assert frame is not None
    assert "allow-scripts" not in frame.group()
    assert "allow-same-origin" not in frame.group()
    assert "<script>alert" not in text
    assert reader.get("/simulator/mail/2").status_code == 404


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("go to https://a.b/c.", 'go to <a href="https://a.b/c" target="_blank" rel="noopener">https://a.b/c</a>.'),
        ("<b>&https://a.b/?x=1&y", "&lt;b&gt;&amp;"),
        ("看https://a.b/s，谢谢", '看<a href="https://a.b/s" target="_blank" rel="noopener">https://a.b/s</a>，谢谢'),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_links_are_made_and_nothing_else_becomes_markup(body: str, shown: str) -> None:
    assert str(linked(body)).startswith(shown)


def test_a_text_of_any_kind_can_be_shown(app: Flask, reader: FlaskClient) -> None:
    page = page_of(app, CUSTOMER)
    csrf = token(reader, page)
    for body in ("nul \x00 inside", "长" * 4000, "</textarea><script>", "😀"):
        assert reader.post(page, data={"csrf_token": csrf, "body": body}).status_code == 303
    assert reader.get(page).status_code == 200
    with app.app_context():
        assert len(db.session.scalars(select(SimulatedMessage)).all()) == 6
