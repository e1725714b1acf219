"""A small company for stories: two branches in one region, people with phones, and live programmes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.extensions import db
from notifications import PhoneNumber
from surveys.invitations.events import NewEvent, Received, record
from surveys.invitations.models import Programme, Touchpoint
from surveys.people.models import Branch, Staff
from surveys.people.service import Person
from surveys.questionnaires.models import SurveyVersion
from surveys.questionnaires.service import library, publish

MANAGER_PHONE = "+15005552001"
DEPUTY_PHONE = "+15005552002"
REGION_PHONE = "+15005552003"
OWNER_PHONE = "+15005552004"
CUSTOMER_PHONE = "+15005551001"


@dataclass
class World:
    """The ids of what a story speaks about."""

    company: int
    region: int
    branch: int
    other_branch: int
    manager: int
    deputy: int
    regional: int
    account_manager: int


def build(now: datetime) -> World:
    """Builds the company in the current session; the story commits."""
    company = Branch(code="HB", kind="company", names={"en": "Harbour Bank", "zh-Hans": "海港银行"})
    db.session.add(company)
    db.session.flush()
    region = Branch(code="NORTH", kind="region", names={"en": "Region North", "zh-Hans": "北区"}, parent_id=company.id)
    db.session.add(region)
    db.session.flush()
    central = _branch("BJ-01", "Central", "中心支行", region)
    riverside = _branch("BJ-02", "Riverside", "滨江支行", region)
    regional = staff("S-01", "Lin Yue", "regional_manager", region, REGION_PHONE, now, language="zh-Hans")
    manager = staff("S-10", "Anna Reed", "branch_manager", central, MANAGER_PHONE, now)
    deputy = staff("S-11", "Ben Shaw", "deputy", central, DEPUTY_PHONE, now)
    account_manager = staff("S-17", "Zhou Min", "account_manager", central, OWNER_PHONE, now, language="zh-Hans")
    manager.deputy_id, manager.manager_id = deputy.id, regional.id
    account_manager.deputy_id, account_manager.manager_id = deputy.id, manager.id
    central.manager_id, riverside.manager_id, region.manager_id = manager.id, manager.id, regional.id
    programmes(now)
    db.session.flush()
    return World(
        company=company.id,
        region=region.id,
        branch=central.id,
        other_branch=riverside.id,
        manager=manager.id,
        deputy=deputy.id,
        regional=regional.id,
        account_manager=account_manager.id,
    )


def _branch(code: str, english: str, chinese: str, parent: Branch) -> Branch:
    branch = Branch(
        code=code,
        kind="branch",
        names={"en": english, "zh-Hans": chinese},
        parent_id=parent.id,
        phone="+861055550100",
    )
    db.session.add(branch)
    db.session.flush()
    return branch


def staff(
    code: str, name: str, role: str, branch: Branch, phone: str | None, now: datetime, *, language: str = "en"
) -> Staff:
    """Somebody with a verified phone and an e-mail."""
    person = Staff(
        code=code,
        name=name,
        role=role,
        language=language,
        phone=phone,
        phone_index=phone,
        phone_verified_at=now,
        email=f"{code.lower()}@harbour.example",
        branch_id=branch.id,
    )
    db.session.add(person)
    db.session.flush()
    return person


def programmes(now: datetime) -> None:
    """Live programmes for every ready questionnaire; the touchpoint has the questionnaire's key."""
    for key, definition in library().items():
        version = publish(definition, now=now)
        assert isinstance(version, SurveyVersion), version
        touchpoint = Touchpoint(key=key, names=definition["names"])
        db.session.add(touchpoint)
        db.session.flush()
        db.session.add(
            Programme(
                key=key,
                names=definition["names"],
                touchpoint_id=touchpoint.id,
                survey_id=version.survey_id,
                policy={"exempt_from_caps": True} if key == "case_resolved" else {},
            )
        )
    db.session.flush()


def served(
    now: datetime,
    *,
    ref: str = "T-1",
    phone: str | None = CUSTOMER_PHONE,
    customer_ref: str | None = "C-1",
    language: str = "en",
    name: str = "Clara Wong",
    branch: str = "BJ-01",
    touchpoint: str = "branch_visit",
    owner: str | None = None,
    complaint: bool = False,
    ago: timedelta = timedelta(minutes=5),
) -> Received:
    """A customer was served a few minutes ago; the story commits."""
    event = NewEvent(
        source="core",
        external_ref=ref,
        touchpoint=touchpoint,
        branch=branch,
        occurred_at=now - ago,
        owner=owner,
        complaint=complaint,
        person=Person(
            external_ref=customer_ref,
            name=name,
            phone=PhoneNumber.trusted(phone) if phone else None,
            language=language,
            time_zone="Asia/Shanghai",
        ),
    )
    received = record(event, now=now)
    assert isinstance(received, Received), received
    return received
