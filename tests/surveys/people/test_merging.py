"""Two records of one person become one and, when it was a mistake, two again: nothing is lost either way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.extensions import commit, db
from notifications.optouts import stop_address
from surveys.invitations.models import ServiceEvent
from surveys.people.merging import NotMerged, merge, undo
from surveys.people.models import Consent, ContactPoint, Customer, CustomerReference, Merge, Transaction
from surveys.people.service import consent_line, customers_at, record_consent
from tests import world
from tests.conftest import ManualClock
from tests.surveys.invitations.visits import visit
from tests.surveys.people.folk import known, living, proposed

FIRST, SECOND = "+15005551001", "+15005551002"


@pytest.fixture
def company(any_app: Flask, clock: ManualClock) -> Flask:
    """The bank, on each database."""
    with any_app.app_context():
        world.build(clock.now())
        commit()
    return any_app


def owners(model: type[ContactPoint] | type[CustomerReference] | type[Transaction] | type[ServiceEvent]) -> list[int]:
    return list(db.session.scalars(select(model.customer_id).order_by(model.id)))


def done(result: Merge | NotMerged) -> Merge:
    assert isinstance(result, Merge), result
    return result


def bought(customer_id: int, ref: str, clock: ManualClock) -> None:
    db.session.add(
        Transaction(customer_id=customer_id, source="core", external_ref=ref, on=clock.now().date(), amount_cents=100)
    )


def test_everything_moves_and_exactly_that_moves_back(company: Flask, clock: ManualClock) -> None:
    now = clock.now()
    with company.app_context():
        kept = known(now, "C-1", name="", phone=FIRST)
        gone = known(now, "C-2", name="Clara Wong", born="1980-05-17", phone=SECOND, email="clara@example.com")
        bought(gone, "P-1", clock)
        visit(now, "T-1", customer="C-2", phone=SECOND)
        commit()
        merged = done(merge(kept, gone, now=now))
        commit()
        for model in (ContactPoint, CustomerReference, Transaction, ServiceEvent):
            assert set(owners(model)) == {kept}
        person = db.session.get_one(Customer, kept)
        assert (person.name, person.birth_date) == ("Clara Wong", "1980-05-17")
        assert set(merged.filled) == {"name", "birth_date"}
        assert not living(gone)

        bought(kept, "P-2", clock)
        known(now, "C-2", name="Clara Lim")
        commit()
        done(undo(merged.id, now=now))
        commit()
        assert owners(Transaction) == [gone, kept]
        assert owners(CustomerReference) == [kept, gone]
        assert owners(ContactPoint) == [kept, gone, gone]
        assert owners(ServiceEvent) == [gone]
        person = db.session.get_one(Customer, kept)
        assert (person.name, person.birth_date) == ("Clara Lim", None), "what was learnt since stays"
        assert db.session.get_one(Customer, gone).name == "Clara Wong"
        assert living(gone)
        assert undo(merged.id, now=now) == NotMerged("undone_before")


def test_whatever_system_speaks_of_either_means_the_living_one(company: Flask, clock: ManualClock) -> None:
    now = clock.now()
    with company.app_context():
        kept = known(now, "C-1", phone=FIRST)
        gone = known(now, "C-2", phone=FIRST, email="clara@example.com")
        commit()
        merge(kept, gone, now=now)
        commit()
        assert known(now, "C-2") == kept
        assert known(now, phone=FIRST) == kept
        assert known(now, email="CLARA@example.com", source="desk") == kept
        assert [c.id for c in customers_at(FIRST)] == [kept]
        assert proposed() == []
        assert db.session.scalar(select(func.count()).select_from(Customer)) == 2


def test_a_file_never_brings_back_the_one_that_went(company: Flask, clock: ManualClock) -> None:
    now = clock.now()
    with company.app_context():
        gone = known(now, phone=FIRST, source="desk")
        kept = known(now, "C-9", phone=FIRST)
        assert gone == kept
        other = known(now, "C-1", phone=FIRST)
        merge(other, kept, now=now)
        commit()
    rows = f"external_ref,name,phone\nC-9,Clara Wong,{FIRST}\nC-1,Clara Wong,{FIRST}\nC-7,Somebody,{FIRST}\n"
    said = company.test_cli_runner().invoke(args=["import-customers", "-"], input=rows)
    assert "1 new" in said.output
    with company.app_context():
        assert db.session.get_one(Customer, kept).merged_into_id == other
        assert db.session.scalar(select(func.count()).where(ContactPoint.customer_id == kept)) == 1


def test_a_merge_of_a_merge_leads_to_the_one_that_lives(company: Flask, clock: ManualClock) -> None:
    now = clock.now()
    with company.app_context():
        first, second, third = (known(now, ref) for ref in ("C-1", "C-2", "C-3"))
        early = done(merge(second, first, now=now))
        late = done(merge(third, second, now=now))
        commit()
        assert {db.session.get_one(Customer, one).merged_into_id for one in (first, second)} == {third}
        assert known(now, "C-1") == third
        assert undo(early.id, now=now) == NotMerged("merged_later")
        done(undo(late.id, now=now))
        done(undo(early.id, now=now))
        commit()
        assert [known(now, ref) for ref in ("C-1", "C-2", "C-3")] == [first, second, third]
        assert all(living(one) for one in (first, second, third))


def test_who_is_gone_cannot_be_merged_again_nor_anybody_with_themselves(company: Flask, clock: ManualClock) -> None:
    now = clock.now()
    with company.app_context():
        one, two = known(now, "C-1"), known(now, "C-2")
        assert merge(one, one, now=now) == NotMerged("same")
        merge(one, two, now=now)
        assert merge(one, two, now=now) == merge(two, one, now=now) == NotMerged("merged_before")


@pytest.mark.parametrize("who", ["kept", "gone"])
def test_what_either_withdrew_stays_withdrawn(company: Flask, clock: ManualClock, who: str) -> None:
    now = clock.now()
    with company.app_context():
        ids = {"kept": known(now, "C-1", phone=FIRST), "gone": known(now, "C-2", phone=SECOND)}
        record_consent(ids[who], granted=False, source="customer", wording="STOP", now=now)
        other = ids["gone" if who == "kept" else "kept"]
        record_consent(other, granted=True, source="branch form", wording="I agree", now=now + timedelta(days=1))
        merged = done(merge(ids["kept"], ids["gone"], now=now))
        commit()
        line = consent_line(ids["kept"])
        assert line is not None and not line.granted
        known(now, "C-1", consent=True)
        assert "no_consent" in stopped(clock, "T-2")
        record_consent(ids["kept"], granted=True, source="customer", wording="START", now=now)
        line = consent_line(ids["kept"])
        assert line is not None and line.granted, "their own word lifts it"
        undo(merged.id, now=now)
        line = consent_line(ids["gone"])
        assert line is not None and line.granted is (who == "kept"), "the other's ledger is as it was"


def stopped(clock: ManualClock, ref: str, *, customer: str = "C-1", phone: str = FIRST) -> list[str]:
    """The rules that stop us from asking about this visit."""
    rules = visit(clock.now(), ref, customer=customer, phone=phone).event.rules
    return [rule["rule"] for rule in rules if rule["verdict"] == "stop"]


def test_the_cap_counts_what_either_was_asked(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> None:
    with app.app_context():
        world.build(clock.now())
        visit(clock.now(), "T-1", customer="C-2", phone=SECOND)
        commit()
    run_due()
    clock.advance(days=1)
    with app.app_context():
        kept, gone = known(clock.now(), "C-1", phone=FIRST), known(clock.now(), "C-2")
        merged = done(merge(kept, gone, now=clock.now()))
        assert "frequency_cap" in stopped(clock, "T-2")
        undo(merged.id, now=clock.now())
        assert "frequency_cap" not in stopped(clock, "T-4", phone="+15005551003")


def test_two_who_share_a_phone_share_its_cap_and_its_stop(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    with app.app_context():
        world.build(clock.now())
        visit(clock.now(), "T-1", customer="C-1", phone=FIRST)
        commit()
    run_due()
    clock.advance(days=1)
    with app.app_context():
        assert "frequency_cap" in stopped(clock, "T-2", customer="C-2", phone=FIRST)
        stop_address(FIRST, source="sms", now=clock.now())
        assert "opted_out" in stopped(clock, "T-3", customer="C-3", phone=FIRST)


def test_the_ledger_of_consent_says_what_was_read_and_what_proves_it(company: Flask, clock: ManualClock) -> None:
    with company.app_context():
        clara = known(clock.now(), "C-1")
        line = consent_line(clara)
        assert line is not None
        assert (line.source, line.proof, line.granted) == ("service_relationship", "event core:T-1", True)


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE consents SET granted = NOT granted",
        "UPDATE consents SET wording = ''",
        "UPDATE consents SET wording = '', proof = '', erased_at = '2026-11-20', customer_id = 2",
        "UPDATE consents SET wording = 'I agree', proof = '', erased_at = '2026-11-20'",
        "DELETE FROM consents",
    ],
)
def test_the_database_refuses_to_rewrite_the_consent_ledger(company: Flask, clock: ManualClock, deed: str) -> None:
    with company.app_context():
        clara, _ = known(clock.now(), "C-1"), known(clock.now(), "C-2")
        record_consent(clara, granted=False, source="customer", wording="STOP", now=clock.now())
        commit()
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(deed))
        db.session.rollback()
        assert db.session.scalar(select(func.count()).where(Consent.wording == "STOP")) == 1
