"""The demo bank itself: places, the people who work there, who may sign in, and what is asked after which moment."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.auth.models import Grant, User
from app.auth.roles import Role
from app.auth.service import create_user
from app.demo.guide import PASSWORD, SIGN_INS
from app.extensions import db
from surveys.invitations.models import Programme, Touchpoint
from surveys.people.models import Branch, Staff
from surveys.people.queries import staff_by_code
from surveys.questionnaires.editing import added, moved
from surveys.questionnaires.flow import Definition, read_definition
from surveys.questionnaires.models import SurveyVersion
from surveys.questionnaires.questions import Kind
from surveys.questionnaires.service import library, publish, save_draft
from surveys.questionnaires.starters import starter

STAFF_PHONES = "+1500555{:04d}"  # the carrier's test numbers: they ring nowhere
MAIL = "harbour.example"

# Code, English and Chinese name (at most 16 and 6 characters: they stand in texts), region, how it does.
BRANCHES = (
    ("BJ-01", "Central", "中心支行", "NORTH"),
    ("BJ-02", "Riverside", "滨江支行", "NORTH"),
    ("BJ-03", "University", "大学城支行", "NORTH"),
    ("BJ-04", "North Gate", "北门支行", "SOUTH"),
    ("BJ-05", "Tech Park", "科技园支行", "SOUTH"),
    ("BJ-06", "Harbour East", "东港支行", "SOUTH"),
)
REGIONS = (
    ("NORTH", "Region North", "北区", "S-01", "林悦", "zh-Hans"),
    ("SOUTH", "Region South", "南区", "S-02", "Helen Marsh", "en"),
)
# Per branch: manager, deputy, two account managers, three at the counters. Codes run on from S-10, so S-17 is at BJ-01.
PEOPLE = {
    "BJ-01": (
        ("S-10", "陈丽华", "branch_manager", "zh-Hans"),
        ("S-11", "Anna Reed", "deputy", "en"),
        ("S-17", "周敏", "account_manager", "zh-Hans"),
        ("S-12", "Daniel Cole", "account_manager", "en"),
        ("S-13", "孙小梅", "agent", "zh-Hans"),
        ("S-14", "何伟", "agent", "zh-Hans"),
        ("S-15", "Grace Lim", "agent", "en"),
    ),
    "BJ-02": (
        ("S-20", "Martin Hughes", "branch_manager", "en"),
        ("S-21", "吴倩", "deputy", "zh-Hans"),
        ("S-22", "郑凯", "account_manager", "zh-Hans"),
        ("S-23", "Lucy Tan", "account_manager", "en"),
        ("S-24", "马琳", "agent", "zh-Hans"),
        ("S-25", "许强", "agent", "zh-Hans"),
    ),
    "BJ-03": (
        ("S-30", "黄志远", "branch_manager", "zh-Hans"),
        ("S-31", "Owen Price", "deputy", "en"),
        ("S-32", "高洁", "account_manager", "zh-Hans"),
        ("S-33", "Nina Rao", "account_manager", "en"),
        ("S-34", "罗欣", "agent", "zh-Hans"),
        ("S-35", "谢军", "agent", "zh-Hans"),
    ),
    "BJ-04": (
        ("S-40", "宋建国", "branch_manager", "zh-Hans"),
        ("S-41", "唐颖", "deputy", "zh-Hans"),
        ("S-42", "Peter Vogel", "account_manager", "en"),
        ("S-43", "韩雪", "account_manager", "zh-Hans"),
        ("S-44", "曹亮", "agent", "zh-Hans"),
        ("S-45", "邓萍", "agent", "zh-Hans"),
    ),
    "BJ-05": (
        ("S-50", "Sarah Khan", "branch_manager", "en"),
        ("S-51", "萧宁", "deputy", "zh-Hans"),
        ("S-52", "潘婷", "account_manager", "zh-Hans"),
        ("S-53", "Hugo Silva", "account_manager", "en"),
        ("S-54", "蒋莹", "agent", "zh-Hans"),
        ("S-55", "Kate Brooks", "agent", "en"),
    ),
    "BJ-06": (
        ("S-60", "叶宏", "branch_manager", "zh-Hans"),
        ("S-61", "Rachel Ng", "deputy", "en"),
        ("S-62", "任杰", "account_manager", "zh-Hans"),
        ("S-63", "Tom Jensen", "account_manager", "en"),
        ("S-64", "姚兰", "agent", "zh-Hans"),
        ("S-65", "石磊", "agent", "zh-Hans"),
    ),
}
SAMPLING = {"call_centre": 0.85}


@dataclass(frozen=True)
class Worker:
    """One colleague, as the generator needs them."""

    id: int
    code: str
    role: str
    language: str
    phone: str


@dataclass(frozen=True)
class Place:
    """A branch with its people and whoever stands above it."""

    id: int
    code: str
    names: dict[str, str]
    manager: Worker
    deputy: Worker
    region: Worker
    account_managers: tuple[Worker, ...]
    counter: tuple[Worker, ...]


@dataclass(frozen=True)
class Asked:
    """A touchpoint with its programme and the version that is asked."""

    key: str
    touchpoint_id: int
    programme_id: int
    version_id: int
    sampling_rate: float
    definition: Definition


@dataclass
class Company:
    """The demo bank, by ids."""

    root_id: int
    places: tuple[Place, ...] = ()
    asked: dict[str, Asked] = field(default_factory=dict)

    def place(self, code: str) -> Place:
        """The branch with this code."""
        return next(place for place in self.places if place.code == code)


def build(*, since: datetime) -> Company:
    """Add the bank to the session: it has stood since that moment."""
    root = _branch("HB", "company", "Harbour Bank", "海港银行", None)
    company = Company(root.id)
    regions = {}
    for code, english, chinese, staff_code, name, language in REGIONS:
        place = _branch(code, "region", english, chinese, root)
        chief = _staff(staff_code, name, "regional_manager", language, place, since)
        place.manager_id = chief.id
        regions[code] = (place, chief)
    company.places = tuple(_open_branch(row, regions, since) for row in BRANCHES)
    company.asked = {key: _ask(key, definition, since) for key, definition in library().items()}
    _being_written(since)
    _sign_ins(since)
    db.session.flush()
    return company


def _being_written(now: datetime) -> None:
    """The next version of one questionnaire, begun and not published: a draft to look at, a change to undo."""
    live = library()["call_centre"]
    effort = {"key": "effort", **starter(Kind.CES), "optional": True}
    longer = added(live, effort)
    save_draft("call_centre", longer, now, deed={"deed": "add_question", "question": "effort"})
    first = moved(longer, "effort", up=True)
    save_draft("call_centre", first, now, deed={"deed": "move_question", "question": "effort"})


def _branch(code: str, kind: str, english: str, chinese: str, parent: Branch | None) -> Branch:
    branch = Branch(
        code=code,
        kind=kind,
        names={"en": english, "zh-Hans": chinese},
        parent_id=parent.id if parent else None,
        phone="+861055550100",
        weekdays=None if parent else "1234567",
    )
    db.session.add(branch)
    db.session.flush()
    return branch


def _staff(code: str, name: str, role: str, language: str, branch: Branch, since: datetime) -> Staff:
    phone = STAFF_PHONES.format(2000 + int(code[2:]))
    person = Staff(
        code=code,
        name=name,
        role=role,
        language=language,
        phone=phone,
        phone_index=phone,
        phone_verified_at=since,
        email=f"{code.lower()}@{MAIL}",
        branch_id=branch.id,
    )
    db.session.add(person)
    db.session.flush()
    return person


def _open_branch(row: tuple[str, str, str, str], regions: dict[str, tuple[Branch, Staff]], since: datetime) -> Place:
    code, english, chinese, region = row
    parent, chief = regions[region]
    branch = _branch(code, "branch", english, chinese, parent)
    people = [_staff(*person, branch, since) for person in PEOPLE[code]]
    manager, deputy = people[0], people[1]
    branch.manager_id = manager.id
    manager.deputy_id, manager.manager_id = deputy.id, chief.id
    for person in people[1:]:
        person.manager_id = manager.id
        if person.role == "account_manager":
            person.deputy_id = deputy.id
    workers = [_worker(person) for person in people]
    return Place(
        id=branch.id,
        code=code,
        names=branch.names,
        manager=workers[0],
        deputy=workers[1],
        region=_worker(chief),
        account_managers=tuple(w for w in workers if w.role == "account_manager"),
        counter=tuple(w for w in workers if w.role == "agent"),
    )


def _worker(person: Staff) -> Worker:
    return Worker(person.id, person.code, person.role, person.language, person.phone or "")


def _ask(key: str, definition: dict[str, Any], since: datetime) -> Asked:
    version = publish(definition, now=since)
    assert isinstance(version, SurveyVersion), version  # ours are without faults
    touchpoint = Touchpoint(key=key, names=definition["names"])
    db.session.add(touchpoint)
    db.session.flush()
    rate = SAMPLING.get(key, 1.0)
    programme = Programme(
        key=key,
        names=definition["names"],
        touchpoint_id=touchpoint.id,
        survey_id=version.survey_id,
        sampling_rate=rate,
        reminder=key != "case_resolved",
        policy={"exempt_from_caps": True} if key == "case_resolved" else {},
    )
    db.session.add(programme)
    db.session.flush()
    return Asked(key, touchpoint.id, programme.id, version.id, rate, read_definition(definition))


def _sign_ins(since: datetime) -> None:
    """Everybody has the one printed password, so it is hashed once: hashing is made to be slow."""
    hashed = None
    for sign_in in SIGN_INS:
        place = db.session.scalars(select(Branch).where(Branch.code == sign_in.branch)).one()
        staff = staff_by_code(sign_in.staff) if sign_in.staff else None
        if hashed is None:
            hashed = create_user(
                email=sign_in.email,
                name=staff.name if staff else sign_in.name,
                password=PASSWORD,
                role=Role(sign_in.role),
                branch=place,
                staff=staff,
                language=sign_in.language,
                now=since,
            ).password_hash
            continue
        user = User(
            email=sign_in.email,
            name=staff.name if staff else sign_in.name,
            password_hash=hashed,
            language=sign_in.language,
            staff_id=staff.id if staff else None,
            session_key=secrets.token_hex(16),
            created_at=since,
        )
        user.grants = [Grant(role=Role(sign_in.role).value, branch_id=place.id)]
        db.session.add(user)
