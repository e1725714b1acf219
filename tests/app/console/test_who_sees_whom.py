"""Who sees a customer: the home branch, the branch that served them, and whoever looks after them; nobody else."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.auth.roles import Role
from app.auth.service import create_user
from app.cases.models import Case
from app.extensions import commit, db
from surveys.invitations.models import ServiceEvent
from surveys.people.models import Branch, Customer, Staff
from surveys.responses.models import Response
from tests import world
from tests.app.console.office import PASSWORD, send, sign_in
from tests.conftest import ManualClock
from tests.phones import reply

# Everybody is served and answers badly at one place, and is at home at another. `other` is a branch of another region.
PEOPLE = {
    "local": ("BJ-01", "BJ-01", None),
    "guest": ("BJ-02", "BJ-01", None),  # at home at Riverside, served at Central
    "away": ("BJ-01", "BJ-02", None),  # at home at Central, served at Riverside
    "stranger": ("SZ-01", "SZ-01", None),
    "owned": ("SZ-01", "SZ-01", "S-17"),  # far away, and looked after by the account manager
}
ROLES = ("manager", "neighbour", "regional", "account", "agent", "analyst", "admin", "auditor")
BOTH = {"local", "guest", "away"}
EVERYBODY = set(PEOPLE)
PAGE = {
    "manager": BOTH,
    "neighbour": {"guest", "away"},
    "regional": BOTH,
    "account": {"owned"},
    "agent": set[str](),
    "analyst": set[str](),
    "admin": EVERYBODY,
    "auditor": set[str](),
}
# Answers, events and cases belong to the place that served; whoever looks after the customer reads them too.
MOMENT = {
    "manager": {"local", "guest"},
    "neighbour": {"away"},
    "regional": BOTH,
    "account": {"owned"},
    "agent": set[str](),
    "analyst": EVERYBODY,
    "admin": EVERYBODY,
    "auditor": EVERYBODY,
}
NO_ANSWERS = {"auditor"}
NO_REASONS = {"account"}


@dataclass(frozen=True)
class Traces:
    """The ids of what a customer left behind."""

    customer: int
    response: int
    event: int
    case: int


@pytest.fixture
def traces(house: Flask, clock: ManualClock, run_due: Callable[[], int]) -> dict[str, Traces]:
    found = {}
    with house.app_context():
        root = db.session.scalars(select(Branch).where(Branch.code == "HB")).one()
        south = Branch(code="SOUTH", kind="region", names={"en": "Region South"}, parent_id=root.id)
        db.session.add(south)
        db.session.flush()
        far = Branch(code="SZ-01", kind="branch", names={"en": "Shenzhen"}, parent_id=south.id)
        db.session.add(far)
        db.session.flush()
        far.manager_id = world.staff("S-70", "Far Chief", "branch_manager", far, "+15005552070", clock.now()).id
        riverside = db.session.scalars(select(Branch).where(Branch.code == "BJ-02")).one()
        chief = world.staff("S-71", "Rita Chief", "branch_manager", riverside, "+15005552071", clock.now())
        riverside.manager_id = chief.id
        for number, (name, (home, served_at, owner)) in enumerate(PEOPLE.items()):
            world.served(
                clock.now(),
                ref=f"T-{name}",
                phone=f"+150055570{number:02d}",
                customer_ref=f"C-{name}",
                name=f"Person {name}",
                branch=served_at,
                owner=owner,
            )
            customer = db.session.scalars(select(Customer).where(Customer.name == f"Person {name}")).one()
            customer.branch_id = db.session.scalars(select(Branch.id).where(Branch.code == home)).one()
        commit()
    run_due()
    for number in range(len(PEOPLE)):
        reply(house, f"+150055570{number:02d}", "2", clock.now(), run_due)
    with house.app_context():
        for name in PEOPLE:
            who = db.session.scalars(select(Customer.id).where(Customer.name == f"Person {name}")).one()
            ids = [
                db.session.scalars(select(column).where(of == who)).one()
                for column, of in (
                    (Response.id, Response.customer_id),
                    (ServiceEvent.id, ServiceEvent.customer_id),
                    (Case.id, Case.customer_id),
                )
            ]
            found[name] = Traces(who, *ids)
    return found


def test_roles_by_places(house: Flask, traces: dict[str, Traces]) -> None:
    for role in ROLES:
        client = sign_in(house, role)

        def opened(path: str, client: FlaskClient = client) -> set[str]:
            status = {name: client.get(path.format(t=t)).status_code for name, t in traces.items()}
            assert set(status.values()) <= {200, 404}
            return {name for name, code in status.items() if code == 200}

        assert opened("/console/customers/{t.customer}") == PAGE[role], role
        assert opened("/console/cases/{t.case}") == MOMENT[role], role
        assert opened("/console/events/{t.event}") == (set() if role in NO_REASONS else MOMENT[role]), role
        if role != "analyst":  # who looks after nobody reads no single answer of a few
            assert opened("/console/answers/{t.response}") == (set() if role in NO_ANSWERS else MOMENT[role]), role


def test_a_part_of_a_name_finds_whom_one_may_see_and_nobody_else(house: Flask, traces: dict[str, Traces]) -> None:
    for role in ("manager", "neighbour", "regional", "account", "admin"):
        found = send(sign_in(house, role), "/console/customers", "/console/customers", words="Person")
        if found.status_code == 302:
            (only,) = PAGE[role]
            assert found.location == f"/console/customers/{traces[only].customer}"
            continue
        assert {name for name in traces if f"Person {name}" in found.text} == PAGE[role], role


@pytest.mark.parametrize("role", ["manager", "agent"])
def test_at_any_counter_an_exact_phone_shows_four_things_and_is_written_down(
    house: Flask, traces: dict[str, Traces], role: str
) -> None:
    page = send(sign_in(house, role), "/console/customers", "/console/customers", words="+15005557003").text
    assert "Person stranger" in page and "Shenzhen" in page and "yes, being looked after" in page
    assert "15005557003" not in page.replace('value="+15005557003"', "")
    assert f"/console/customers/{traces['stranger'].customer}" not in page
    with house.app_context():
        looks = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "customer.look_up")).all()
        assert [look.subject_id for look in looks] == [traces["stranger"].customer]


def test_whoever_holds_a_case_of_another_branch_may_open_it(house: Flask, traces: dict[str, Traces]) -> None:
    with house.app_context():
        case = db.session.get_one(Case, traces["stranger"].case)
        case.owner_id = db.session.scalars(select(Staff.id).where(Staff.code == "S-10")).one()
        commit()
    manager = sign_in(house, "manager")
    assert manager.get(f"/console/cases/{traces['stranger'].case}").status_code == 200
    assert manager.get(f"/console/customers/{traces['stranger'].customer}").status_code == 404


def test_an_account_manager_without_a_member_of_staff_sees_nobody(
    house: Flask, clock: ManualClock, traces: dict[str, Traces]
) -> None:
    with house.app_context():
        create_user(
            email="new@harbour.example",
            name="New",
            password=PASSWORD,
            role=Role.ACCOUNT_MANAGER,
            branch=db.session.scalars(select(Branch).where(Branch.code == "BJ-01")).one(),
            now=clock.now(),
        )
        commit()
    client = sign_in(house, "new")
    for t in traces.values():
        for path in (f"customers/{t.customer}", f"cases/{t.case}", f"answers/{t.response}"):
            assert client.get(f"/console/{path}").status_code == 404


def test_the_case_page_names_no_case_of_a_place_out_of_sight(
    house: Flask, clock: ManualClock, traces: dict[str, Traces]
) -> None:
    with house.app_context():
        here, there = db.session.get_one(Case, traces["local"].case), db.session.get_one(Case, traces["away"].case)
        there.state = "closed"
        db.session.flush()
        there.customer_id = here.customer_id
        commit()
    path = f'"/console/cases/{traces["away"].case}"'
    assert path not in sign_in(house, "manager").get(f"/console/cases/{traces['local'].case}").text
    assert path in sign_in(house, "regional").get(f"/console/cases/{traces['local'].case}").text
