"""What is wrong with a row is said in Chinese as well, whatever stood in the row."""

import re
from datetime import date

import pytest

from surveys.people.import_rows import Repeats, read_customer, read_transaction
from surveys.people.table_rows import Refused, Row
from surveys.people.told import told

TODAY = date(2026, 11, 20)
WRONG = [
    {"external_ref": ""},
    {"external_ref": "C" * 121},
    {"external_ref": "C-1", "name": "n" * 121},
    {"external_ref": "C-1", "birth_date": "yesterday"},
    {"external_ref": "C-1", "birth_date": "2030-01-01"},
    {"external_ref": "C-1", "time_zone": "Mars/Base; 1"},
]
PHONES = ["12", "1.38E+10", "138001380001/13800138002", "010-12345678 ext 12", "+999 123 4567", "call me", "+86 138"]
MAILS = ["anna", "anna@", "a b@example.com", "a@example.com, b@example.com"]
PURCHASES = [
    {"external_ref": "C-1", "date": "2026-11-20", "amount": "¥5"},
    {"external_ref": "C-1", "date": "2026-11-20", "amount": "1.234"},
    {"external_ref": "C-1", "date": "2026-11-20", "amount": "9" * 20},
    {"external_ref": "C-1", "date": "20 Nov", "amount": "5"},
    {"external_ref": "C-1", "date": "2030-01-01", "amount": "5"},
]


def refused() -> list[str]:
    found: list[object] = [read_customer(Row(2, row, ()), default_country="CN", today=TODAY) for row in WRONG]
    people = [{"external_ref": "C-1", "phone": phone} for phone in PHONES]
    people += [{"external_ref": "C-1", "email": mail} for mail in MAILS]
    found += [read_customer(Row(2, row, ()), default_country="CN", today=TODAY) for row in people]
    found += [read_transaction(Row(2, row, ()), Repeats(), today=TODAY) for row in PURCHASES]
    assert all(isinstance(one, Refused) for one in found), found
    return [one.message for one in found if isinstance(one, Refused)]


@pytest.mark.parametrize("message", refused())
def test_every_refusal_has_its_chinese(message: str) -> None:
    said = told(message, "zh-Hans")
    assert re.search("[\u4e00-\u9fff]", said), message
    assert "{" not in said
    assert told(message, "en") == message


def test_what_nobody_has_written_yet_is_shown_as_it_is() -> None:
    assert told("something new; mend it", "zh-Hans") == "something new; mend it"
