"""What a person may ask to see is all there, in one file; the ledger of consent is evidence one can open safely."""

import csv
import io
import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.extensions import commit, db
from surveys.people.models import Customer
from surveys.people.service import record_consent
from tests import world
from tests.app.privacy.life import MARKERS, NAME, PHONE, Life, begin, live
from tests.conftest import ManualClock


@pytest.fixture
def life(app: Flask, clock: ManualClock) -> Life:
    """The company."""
    return begin(app, clock)


def test_everything_she_ever_told_us_is_in_the_file(life: Life, tmp_path: Path) -> None:
    customer = live(life)
    out = tmp_path / "her.json"
    assert life.command("export-customer", "core:C-PURPLEREF", "--out", str(out)).exit_code == 0
    text = out.read_text("utf-8")
    assert [marker for marker in MARKERS if marker.casefold() not in text.casefold()] == []
    told = json.loads(text)
    assert told["customer"] == customer
    assert {ref["external_ref"] for ref in told["references"]} == {"C-PURPLEREF", "PURPLEREF-old"}
    visit = next(event for event in told["events"] if event["external_ref"] == "PURPLEREF-1")
    assert len(visit["rules"]) == 13
    answers = visit["invitations"][0]["responses"][0]["answers"]
    assert any(answer["revisions"] for answer in answers)
    assert [c["phrase"] for answer in answers for c in answer["corrections"]] == ["琉璃瓦"], "how it was read"
    assert [c["phrase"] for case in told["cases"] for c in case["corrections"]] == ["rutabaga"]
    assert {"sent", "received"} == {
        "sent" if told["messages_sent"] else "",
        "received" if told["messages_received"] else "",
    }
    assert told["cases"][0]["journal"][0]["kind"] == "opened"
    assert told["merges"][0]["kept_id"] == customer
    assert told["opt_outs"]
    for secret in ("nonce", "token_hash", "address_index"):
        assert secret not in text
    with life.app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "customer.export")).one()
        assert (entry.subject_id, entry.detail) == (customer, {})


def test_nothing_of_anybody_else_is_in_it(life: Life) -> None:
    live(life)
    with life.app.app_context():
        world.served(life.clock.now(), ref="T-son", phone=PHONE, customer_ref="C-son", name="Tom Sawyer")
        commit()
    life.run_due()
    text = life.command("export-customer", "core:C-PURPLEREF").output
    assert NAME in text
    assert "ordinary words" not in text
    assert "Tom Sawyer" not in text and "C-son" not in text


@pytest.mark.parametrize("who", ["core:nobody", "999", "x", "9" * 40, ":", "core:"])
def test_nobody_is_nobody(life: Life, who: str) -> None:
    said = life.command("export-customer", who)
    assert said.exit_code != 0
    assert said.output.startswith(f"Error: There is no customer {who!r}.")


def test_a_record_that_was_merged_away_stands_for_the_living_one(life: Life) -> None:
    customer = live(life)
    with life.app.app_context():
        gone = db.session.scalars(select(Customer.id).where(Customer.merged_into_id == customer)).one()
    assert json.loads(life.command("export-customer", str(gone)).output)["customer"] == customer


def ledger(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_ledger_is_a_file_that_no_spreadsheet_runs(life: Life, tmp_path: Path) -> None:
    customer = live(life)
    with life.app.app_context():
        for bad in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1"):
            record_consent(customer, granted=True, source="customer", wording=bad, now=life.clock.now())
        commit()
    out = tmp_path / "consents.csv"
    assert life.command("export-consents", "--customer", "cards:PURPLEREF-old", "--out", str(out)).exit_code == 0
    lines = ledger(out.read_bytes().decode("utf-8"))
    assert [line["wording"] for line in lines[-5:]] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1"]
    first = lines[0]
    assert (first["granted"], first["wording"], first["proof"]) == ("yes", "IAGREED to it", "sheet of Zephyrine")
    hers = "core:C-PURPLEREF cards:PURPLEREF-old desk:C-PURPLEREF"
    assert {line["references"] for line in lines} == {hers}, "also of the record that was merged away"
    stop = next(line for line in lines if line["granted"] == "no")
    assert stop["source"] == "customer" and stop["proof"].startswith("text ")
    everybody = ledger(life.command("export-consents").output)
    assert len(everybody) == len(lines) + 11


def test_after_erasure_the_ledger_says_that_the_words_are_gone(life: Life) -> None:
    customer = live(life)
    life.command("erase-customer", str(customer), "--yes")
    lines = ledger(life.command("export-consents", "--customer", str(customer)).output)
    assert {(line["wording"], line["proof"], line["references"]) for line in lines} == {("", "", "")}
    assert all(line["words_erased_at"] for line in lines)
    assert {line["granted"] for line in lines} == {"yes", "no"}
