"""A customer's whole life with Heed, by the real doors, with words nobody else uses planted everywhere."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.types import TypeEngine

from app.auth.models import Grant, User
from app.auth.service import create_api_key
from app.cases.models import Case
from app.cases.queries import words_beside
from app.extensions import blind, commit, db
from app.tasks import run_due
from surveys.invitations.models import Invitation
from surveys.invitations.tokens import token_of
from surveys.people.merging import merge
from surveys.people.models import Customer, Merge
from surveys.responses.correcting import Says, correct_answer, correct_case
from surveys.responses.models import Answer
from tests import world
from tests.app.console.weeks import answered
from tests.conftest import ManualClock
from tests.phones import reply
from tests.world import MANAGER_PHONE

PHONE, OTHER_PHONE, MAIL = "+15005557301", "+15005557302", "quillandra@zephyr.example"
NAME, BORN = "Quillandra Zephyrine", "1971-03-09"
MARKERS = (
    *("quillandra", "zephyrine", BORN, PHONE, PHONE[1:], OTHER_PHONE, MAIL, "PURPLEREF", "ATTRIBUTED", "IAGREED"),
    *("marmalade", "rhubarb", "gooseberry", "parsnip", "turnip", "kohlrabi", "celeriac", "rutabaga"),
    *("琉璃瓦", "紫檀木"),
)


@dataclass(frozen=True)
class Life:
    """The company, and how to live in it."""

    app: Flask
    clock: ManualClock
    key: str

    def run_due(self) -> int:
        with self.app.app_context():
            return run_due(self.clock.now())

    def says(self, text: str, phone: str = PHONE) -> None:
        """A text from this phone, and all that comes of it."""
        reply(self.app, phone, text, self.clock.now(), self.run_due)

    def post(self, path: str, body: object, status: int = 201) -> None:
        """Another system tells us something."""
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = self.app.test_client().post(f"/api/v1/{path}", json=body, headers=headers)
        assert answer.status_code == status, answer.text

    def command(self, *args: str, text: str | None = None) -> Result:
        return self.app.test_cli_runner().invoke(args=list(args), input=text)


def begin(app: Flask, clock: ManualClock) -> Life:
    """A company with a reader of reports, in a week in which eleven others answer."""
    with app.app_context():
        made = world.build(clock.now())
        user = User(
            email="anna@harbour.example",
            name="Anna Reed",
            password_hash="x",
            session_key="x",
            staff_id=made.manager,
            created_at=clock.now(),
        )
        db.session.add(user)
        db.session.flush()
        db.session.add(Grant(user_id=user.id, role="branch_manager", branch_id=made.branch))
        for number in range(11):
            answered(clock.now(), number, 9 if number < 7 else 3, f"ordinary words {number}")
        key = create_api_key("core banking", now=clock.now())
        commit()
    return Life(app, clock, key)


def event(life: Life, ref: str = "PURPLEREF-1") -> dict[str, object]:
    """What the core system says of her visit."""
    consent = {"sms": True, "source": "form", "wording": "IAGREED to it", "proof": "sheet of Zephyrine"}
    return {
        "source": "core",
        "external_ref": ref,
        "touchpoint": "branch_visit",
        "occurred_at": "2026-11-20T13:50:00+08:00",
        "branch": "BJ-01",
        "customer": {
            "external_ref": "C-PURPLEREF",
            "name": NAME,
            "birth_date": BORN,
            "phone": PHONE,
            "email": MAIL,
            "language": "en",
            "consent": consent,
        },
        "attributes": {"note": "ATTRIBUTED to her"},
    }


def complaint(life: Life) -> dict[str, object]:
    """What she wrote to the complaints desk."""
    return {
        "source": "desk",
        "external_ref": "L-PURPLEREF",
        "branch": "BJ-01",
        "customer": {"external_ref": "C-PURPLEREF", "phone": PHONE},
        "text": "The rutabaga on the counter was spoilt and nobody cared. I will close my account.",
        "occurred_at": "2026-11-20T13:55:00+08:00",
    }


def live(life: Life) -> int:
    """From the first visit to a case half done; the id of the customer."""
    app = life.app
    life.post("service-events", event(life))
    with app.app_context():
        customer = db.session.scalars(select(Customer).where(Customer.name == NAME)).one().id
    rows = f"external_ref,name,phone\nPURPLEREF-old,{NAME},{OTHER_PHONE}\n"
    assert life.command("import-customers", "-", "--source", "cards", text=rows).exit_code == 0
    bought = "external_ref,date,amount\nPURPLEREF-old,2026-10-01,120.00\n"
    assert life.command("import-transactions", "-", "--source", "cards", text=bought).exit_code == 0
    with app.app_context():
        other = db.session.scalars(select(Customer.id).where(Customer.name == NAME, Customer.id != customer)).one()
        assert isinstance(merge(customer, other, now=life.clock.now()), Merge)
        commit()
    life.run_due()
    life.says("2", OTHER_PHONE)  # the survey went to the number that was told last
    life.says("The marmalade was missing and the queue endless, dreadful service, says Quillandra", OTHER_PHONE)
    page = _survey(app, customer)
    client = app.test_client()
    client.post(page, data={"question": "why", "answer": "等了五十分钟，琉璃瓦都掉了，服务太差。rhubarb"})
    life.run_due()
    with app.app_context():
        said = db.session.scalars(select(Answer).where(Answer.text.contains("琉璃瓦"))).one()
        correct_answer(said.response_id, said.id, Says("very_negative", "琉璃瓦"), by=1, now=life.clock.now())
        commit()
    life.says("3", OTHER_PHONE)
    life.says("And another thing: the gooseberry, and 紫檀木, still nobody called me")
    with app.app_context():
        code = db.session.scalars(select(Case).where(Case.customer_id == customer)).one().code
    life.says(f"OK {code}", MANAGER_PHONE)
    life.says(f"CALLED {code} she mentioned parsnip and turnip", MANAGER_PHONE)
    life.post("complaints", complaint(life))
    life.run_due()
    life.clock.at = life.clock.at.replace(day=23, hour=1)  # Monday, the report is out
    life.run_due()
    life.says("kohlrabi! when will somebody see to it?")
    life.says("STOP. celeriac is bad")
    _label_the_rest(life, customer)
    return customer


def _label_the_rest(life: Life, customer: int) -> None:
    """A manager says what the complaint means, and whatever else she wrote to her case."""
    life.run_due()
    with life.app.app_context():
        case = db.session.scalars(select(Case).where(Case.customer_id == customer).order_by(Case.id)).first()
        assert case is not None
        says, now = Says("negative", "rutabaga", "criticism"), life.clock.now()
        correct_case(case.id, words_beside(case) or "", says, opened_at=case.opened_at, by=1, now=now)
        commit()
    life.run_due()


def _survey(app: Flask, customer: int) -> str:
    with app.app_context():
        query = select(Invitation).where(Invitation.customer_id == customer).order_by(Invitation.id)
        return f"/s/{token_of(db.session.scalars(query).first())}"  # type: ignore[arg-type]


def everywhere() -> Iterator[tuple[str, str]]:
    """Every value of every column of every table as readable text, with the column's name."""
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            for column, value in zip(table.columns, row, strict=True):
                yield f"{table.name}.{column.name}", _readable(value, column.type)


def _readable(value: object, kind: TypeEngine[object]) -> str:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)


def found(markers: tuple[str, ...] = MARKERS) -> dict[str, set[str]]:
    """Where each marker still stands."""
    out: dict[str, set[str]] = {}
    for column, text in everywhere():
        for marker in markers:
            if marker.casefold() in text.casefold():
                out.setdefault(marker.casefold(), set()).add(column)
    return out


def hashes() -> set[str]:
    """The columns in which a keyed hash of one of her addresses stands."""
    wanted = {str(blind(address)) for address in (PHONE, OTHER_PHONE, MAIL)}
    return {column for column, text in everywhere() if any(hashed in text for hashed in wanted)}
