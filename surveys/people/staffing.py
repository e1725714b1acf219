"""Staff: who they are, who stands in for them, when they are away, and when they leave. What cannot be is a value."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update

from app.extensions import db, lock, settings
from notifications import AddressError, parse_email, parse_phone
from surveys.people.models import Absence, Branch, PhoneCode, Staff
from surveys.people.places import CODE
from surveys.people.queries import staff_by_code
from surveys.people.refusals import Wrong

ROLES = ("agent", "account_manager", "deputy", "branch_manager", "regional_manager")
LANGUAGES = ("en", "zh-Hans")
# What fits into the shortest text that names a colleague; a test compares it with the texts.
LONGEST_NAME = {"en": 20, "zh-Hans": 4}
LONGEST_EMAIL = 120


@dataclass(frozen=True, kw_only=True)
class StaffFacts:
    """Everything that is said of a member of staff; phone and e-mail as they were typed."""

    code: str
    name: str
    role: str
    branch: Branch | None
    language: str = "en"
    phone: str | None = None
    email: str | None = None
    manager: Staff | None = None
    deputy: Staff | None = None


def hire(facts: StaffFacts, *, today: date) -> Staff | list[Wrong]:
    """A new member of staff, or everything that is wrong. A phone gets no alerts before it is verified."""
    lock("staff")
    wrong = list(_wrong(facts, None, today))
    if wrong or facts.branch is None:
        return wrong
    person = Staff(code=facts.code)
    _write(person, facts)
    db.session.add(person)
    db.session.flush()
    return person


def change_staff(person: Staff, facts: StaffFacts, *, today: date) -> bool | list[Wrong]:
    """Whether anything changed, or all that is wrong. Another phone must be verified anew."""
    lock("staff")
    wrong = list(_wrong(facts, person, today))
    if wrong:
        return wrong
    _write(person, facts)
    changed = db.session.is_modified(person)
    db.session.flush()
    return changed


def add_absence(person: Staff, *, first: date, last: date | None) -> Absence | Wrong:
    """They are away on these days, both ends included; without a last one until that is said."""
    if last is not None and last < first:
        return Wrong("last_day", "days")
    for absence in person.absences:
        if (absence.last_day is None or first <= absence.last_day) and (last is None or absence.first_day <= last):
            return Wrong("first_day", "overlaps")
    absence = Absence(staff_id=person.id, first_day=first, last_day=last)
    person.absences.append(absence)
    db.session.flush()
    return absence


def leave(person: Staff, *, on: date, successor: Staff) -> Wrong | None:
    """From that day they are no longer here, and what is theirs goes to the successor. None when kept."""
    if person.settled_at is not None:
        return Wrong("left_on", "has_left")
    if successor.id == person.id or successor.gone_by(on):
        return Wrong("successor", "successor")
    person.left_on, person.successor_id, person.successor = on, successor.id, successor
    db.session.flush()
    return None


def stay(person: Staff) -> Wrong | None:
    """They do not leave after all. None when kept."""
    if person.settled_at is not None:
        return Wrong("left_on", "has_left")
    person.left_on = person.successor_id = None
    db.session.flush()
    return None


def settle(person: Staff, *, now: datetime) -> None:
    """The day has come: places, deputies and reports pass to the successor, and the phone is no longer ours."""
    heir = person.successor
    heir_id = heir.id if heir else None
    for column in (Branch.manager_id, Branch.on_call_id):
        db.session.execute(update(Branch).where(column == person.id).values({column: heir_id}))
    for role in (Staff.manager_id, Staff.deputy_id):
        others = role == person.id
        db.session.execute(update(Staff).where(others, Staff.id != heir_id).values({role: heir_id}))
        db.session.execute(update(Staff).where(others, Staff.id == heir_id).values({role: None}))
    if heir is not None:
        _untie(heir)
    person.phone_verified_at, person.settled_at = None, now
    db.session.flush()


def _untie(heir: Staff) -> None:
    """Whoever inherits may have come to stand above or behind themselves: those ties are cut."""
    db.session.expire_all()
    for field in ("manager", "deputy"):
        if _leads_to(getattr(heir, field), heir, field):
            setattr(heir, f"{field}_id", None)


def _write(person: Staff, facts: StaffFacts) -> None:
    country = facts.branch.country if facts.branch else settings().default_country
    phone = parse_phone(facts.phone, default_country=country).e164 if facts.phone else None
    email = parse_email(facts.email).address if facts.email else None
    values = {
        "code": facts.code,
        "name": facts.name.strip(),
        "role": facts.role,
        "language": facts.language,
        "branch_id": facts.branch.id if facts.branch else None,
        "manager_id": facts.manager.id if facts.manager else None,
        "deputy_id": facts.deputy.id if facts.deputy else None,
    }
    if person.phone != phone:
        values |= {"phone": phone, "phone_index": phone, "phone_verified_at": None}
        db.session.execute(delete(PhoneCode).where(PhoneCode.staff_id == person.id))
    if person.email != email:
        values["email"] = email
    for name, value in values.items():
        if getattr(person, name) != value:
            setattr(person, name, value)


def _wrong(facts: StaffFacts, person: Staff | None, today: date) -> Iterator[Wrong]:
    if not CODE.fullmatch(facts.code):
        yield Wrong("code", "code_empty")
    elif (known := staff_by_code(facts.code)) is not None and known is not person:
        yield Wrong("code", "code_taken", {"code": facts.code})
    yield from _wrong_name(facts.name.strip())
    if facts.role not in ROLES:
        yield Wrong("role", "role")
    if facts.language not in LANGUAGES:
        yield Wrong("language", "language")
    if facts.branch is None:
        yield Wrong("branch", "parent_empty")
    elif facts.branch.closed_by(today) and (person is None or person.branch_id != facts.branch.id):
        yield Wrong("branch", "parent_closed", {"place": facts.branch.code})
    yield from _wrong_addresses(facts, person)
    yield from _wrong_ties(facts, person, today)


def _wrong_name(name: str) -> Iterator[Wrong]:
    if not name:
        yield Wrong("name", "person_empty")
        return
    most = LONGEST_NAME["zh-Hans" if any("\u3400" <= sign <= "\u9fff" for sign in name) else "en"]
    if len(name) > most:
        yield Wrong("name", "name_long", {"name": name, "n": len(name), "most": most})


def _wrong_addresses(facts: StaffFacts, person: Staff | None) -> Iterator[Wrong]:
    country = facts.branch.country if facts.branch else settings().default_country
    try:
        phone = parse_phone(facts.phone, default_country=country) if facts.phone else None
    except AddressError:
        yield Wrong("phone", "phone")
    else:
        if phone is not None and (other := _with_phone(phone.e164, person)) is not None:
            yield Wrong("phone", "phone_taken", {"name": other.name})
    try:
        email = parse_email(facts.email).address if facts.email else ""
    except AddressError:
        yield Wrong("email", "email")
    else:
        if len(email) > LONGEST_EMAIL:
            yield Wrong("email", "email")


def _with_phone(phone: str, person: Staff | None) -> Staff | None:
    query = select(Staff).where(Staff.phone_index == phone, Staff.settled_at.is_(None))
    if person is not None:
        query = query.where(Staff.id != person.id)
    return db.session.scalar(query.limit(1))


def _wrong_ties(facts: StaffFacts, person: Staff | None, today: date) -> Iterator[Wrong]:
    for field, other in (("manager", facts.manager), ("deputy", facts.deputy)):
        if other is None:
            continue
        if other.gone_by(today):
            yield Wrong(field, "gone", {"name": other.name})
        elif person is not None and other.id == person.id:
            yield Wrong(field, f"self_{field}")
        elif person is not None and _leads_to(other, person, field):
            yield Wrong(field, f"{field}_cycle", {"name": other.name})


def _leads_to(start: Staff | None, end: Staff, tie: str) -> bool:
    """Whether following managers, or deputies, from the one comes to the other."""
    seen: set[int] = set()
    while start is not None and start.id not in seen:
        if start.id == end.id:
            return True
        seen.add(start.id)
        start = getattr(start, tie)
    return False


def due_to_settle(*, today: date) -> list[int]:
    """Ids of those whose last day is over and whose work has not gone to their successor yet."""
    query = select(Staff.id).where(Staff.left_on <= today, Staff.settled_at.is_(None), Staff.successor_id.is_not(None))
    return list(db.session.scalars(query.order_by(Staff.id)))


def stands_in_for(person: Staff) -> list[Staff]:
    """Whom they are the deputy of."""
    query = select(Staff).where(Staff.deputy_id == person.id, Staff.settled_at.is_(None))
    return list(db.session.scalars(query.order_by(Staff.name)))


def remove_absence(person: Staff, absence_id: int) -> bool:
    """They are not away after all. False when they have no absence by this number; may run twice."""
    absence = db.session.get(Absence, absence_id)
    if absence is None or absence.staff_id != person.id:
        return False
    db.session.delete(absence)
    db.session.flush()
    return True
