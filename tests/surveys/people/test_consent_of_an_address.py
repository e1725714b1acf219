"""Consent may speak of one telephone alone: then the others are asked, or nobody is."""

import csv
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import blind, commit, db
from app.tasks import run_due
from notifications import PhoneNumber
from surveys.invitations.events import NewEvent, Received, record
from surveys.people.consent_file import consent_file
from surveys.people.models import Consent
from surveys.people.service import ConsentGiven, Person, consents_to
from tests import world
from tests.conftest import ManualClock
from tests.phones import received

WORK, HOME = "+15005551701", "+15005551702"


def served(clock: ManualClock, ref: str, phone: str, consent: ConsentGiven | None = None) -> Received:
    """Dora is served and gives this number."""
    person = Person(
        external_ref="C-D",
        name="Dora Lane",
        phone=PhoneNumber.trusted(phone),
        language="en",
        time_zone="Asia/Shanghai",
        consent=consent,
    )
    event = NewEvent(
        source="core",
        external_ref=ref,
        touchpoint="branch_visit",
        branch="BJ-01",
        occurred_at=clock.now() - timedelta(minutes=5),
        person=person,
    )
    got = record(event, now=clock.now())
    assert isinstance(got, Received)
    commit()
    return got


@pytest.fixture
def company(app: Flask, clock: ManualClock) -> Flask:
    with app.app_context():
        world.build(clock.now())
        commit()
    return app


NOT_HERE = ConsentGiven(sms=False, source="branch form", wording="Not on this number.", only_this_address=True)


def test_the_number_they_do_not_want_to_be_asked_at_gives_way_to_the_other(company: Flask, clock: ManualClock) -> None:
    with company.app_context():
        served(clock, "T-1", HOME)
        run_due(clock.now())
        clock.advance(days=100)
        run_due(clock.now())
        got = served(clock, "T-2", WORK, NOT_HERE)
        assert got.event.decision == "scheduled"
        run_due(clock.now())
    asked = [text for text in received(company, HOME) if "how likely" in text]
    assert len(asked) >= 2, "asked at home, both times"
    assert received(company, WORK) == []


def test_with_no_other_number_nobody_is_asked_and_the_ledger_says_why(company: Flask, clock: ManualClock) -> None:
    with company.app_context():
        got = served(clock, "T-1", WORK, NOT_HERE)
        assert (got.event.decision, [r["rule"] for r in got.event.rules if r["verdict"] == "stop"]) == (
            "skipped",
            ["no_consent"],
        )
        line = db.session.scalars(select(Consent)).one()
        assert (line.address_index, line.granted, line.wording) == (blind(WORK), False, "Not on this number.")


def test_it_is_taken_back_for_that_number_alone(company: Flask, clock: ManualClock) -> None:
    with company.app_context():
        got = served(clock, "T-1", WORK, NOT_HERE)
        customer = got.event.customer_id
        served(clock, "T-2", WORK, replace(NOT_HERE, sms=True, wording="Here after all."))
        assert consents_to(customer, "sms", blind(WORK))
        assert not consents_to(customer, "sms", blind(HOME)), "about that one nothing was said"


def test_a_no_to_everything_holds_for_a_number_with_a_yes_of_its_own(company: Flask, clock: ManualClock) -> None:
    with company.app_context():
        got = served(clock, "T-1", WORK, replace(NOT_HERE, sms=True))
        served(clock, "T-2", WORK, ConsentGiven(sms=False, source="branch form"))
        assert not consents_to(got.event.customer_id, "sms", blind(WORK))


def test_the_evidence_names_the_number_a_line_speaks_of(company: Flask, clock: ManualClock) -> None:
    with company.app_context():
        got = served(clock, "T-1", WORK, NOT_HERE)
        header, line = list(csv.reader("".join(consent_file(got.event.customer_id)).lstrip("\ufeff").splitlines()))
    told = dict(zip(header, line, strict=True))
    assert (told["granted"], told["wording"], told["address"]) == ("no", "Not on this number.", f"'{WORK}")
