"""Identify: find the one person behind a reference, a phone or an e-mail, or keep a new one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.extensions import blind, db, lock, settings
from notifications import EmailAddress, PhoneNumber
from surveys.people.models import Branch, Consent, ContactPoint, Customer, CustomerReference, Staff

SURVEYS = "service_surveys"


@dataclass(frozen=True, kw_only=True)
class ConsentGiven:
    """What another system says the customer agreed to, with the wording they saw."""

    sms: bool
    source: str = ""
    wording: str = ""


@dataclass(frozen=True, kw_only=True)
class Person:
    """What an event or a file says about a customer; None is "not said" and never erases what is known."""

    external_ref: str | None = None
    name: str | None = None
    phone: PhoneNumber | None = None
    email: EmailAddress | None = None
    language: str | None = None
    time_zone: str | None = None
    region: str | None = None
    branch: Branch | None = None
    owner: Staff | None = None
    consent: ConsentGiven | None = None
    demo: bool = False


def identify(person: Person, *, source: str, at: Branch, now: datetime) -> Customer:
    """The customer meant: by reference, phone or e-mail, else a new one. `at` lends its zone. Safe to run at once."""
    lock(*_identity_locks(person, source))
    customer = _known(person, source)
    if customer is None:
        customer = Customer(
            language=person.language or settings().default_language,
            time_zone=person.time_zone or at.time_zone,
            branch_id=(person.branch or at).id,
            demo=person.demo,
            created_at=now,
        )
        db.session.add(customer)
        db.session.flush()
    _learn(customer, person, source, now)
    _keep_consent(customer, person, source, now)
    return customer


def _identity_locks(person: Person, source: str) -> list[str]:
    names = []
    if person.external_ref:
        names.append(f"reference:{source}:{person.external_ref}")
    names += [f"address:{blind(key)}" for key in _keys(person)]
    return names


def _known(person: Person, source: str) -> Customer | None:
    if person.external_ref:
        found = db.session.scalar(
            select(Customer)
            .join(CustomerReference, CustomerReference.customer_id == Customer.id)
            .where(CustomerReference.source == source, CustomerReference.external_ref == person.external_ref)
        )
        if found:
            return found
    for key in _keys(person):
        # A reference of the same system says these are two people who share a telephone.
        known = [c for c in customers_at(key) if not _named_otherwise(c, person, source)]
        if known:
            return known[0]
    return None


def _keys(person: Person) -> list[str]:
    """What the indexes know a person by: the phone first, then the mailbox."""
    keys = [person.phone.e164] if person.phone else []
    return [*keys, person.email.key] if person.email else keys


def _named_otherwise(customer: Customer, person: Person, source: str) -> bool:
    if not person.external_ref:
        return False
    query = select(CustomerReference.id).where(
        CustomerReference.customer_id == customer.id, CustomerReference.source == source
    )
    return db.session.scalar(query.limit(1)) is not None


def customers_at(address: str) -> list[Customer]:
    """Everybody known at this phone (E.164) or mailbox (its key), oldest first."""
    query = (
        select(Customer)
        .join(ContactPoint, ContactPoint.customer_id == Customer.id)
        .where(ContactPoint.address_index == address)
        .order_by(Customer.id)
    )
    return list(db.session.scalars(query))


def _learn(customer: Customer, person: Person, source: str, now: datetime) -> None:
    for field in ("name", "language", "time_zone", "region"):
        value = getattr(person, field)
        if value and getattr(customer, field) != value:
            setattr(customer, field, value)
    if person.branch:
        customer.branch_id = person.branch.id
    if person.owner:
        customer.owner_id = person.owner.id
    if person.external_ref:
        _keep_reference(customer, source, person.external_ref)
    if person.phone:
        _keep_address(customer, "phone", person.phone.e164, person.phone.e164, person.phone.ends, now)
    if person.email:
        _keep_address(customer, "email", person.email.address, person.email.key, "", now)
    db.session.flush()


def _keep_reference(customer: Customer, source: str, external_ref: str) -> None:
    query = select(CustomerReference.id).where(
        CustomerReference.source == source, CustomerReference.external_ref == external_ref
    )
    if db.session.scalar(query) is None:
        db.session.add(CustomerReference(customer_id=customer.id, source=source, external_ref=external_ref))


def _keep_address(customer: Customer, kind: str, address: str, key: str, ends: str, now: datetime) -> None:
    query = select(ContactPoint.id).where(ContactPoint.customer_id == customer.id, ContactPoint.address_index == key)
    if db.session.scalar(query) is None:
        point = ContactPoint(
            customer_id=customer.id, kind=kind, address=address, address_index=key, ends=ends, created_at=now
        )
        db.session.add(point)


def _keep_consent(customer: Customer, person: Person, source: str, now: datetime) -> None:
    before = consent_line(customer.id)
    if person.consent is not None:
        given = person.consent
        if before is None or before.granted != given.sms or before.source == "service_relationship":
            # A withdrawal stands until the customer takes it back: another system's yes does not lift it.
            if before is not None and not before.granted and given.sms and before.source == "customer":
                return
            record_consent(
                customer.id, granted=given.sms, source=given.source or source, wording=given.wording, now=now
            )
    elif before is None and settings().policy.default_consent:
        record_consent(customer.id, granted=True, source="service_relationship", wording="", now=now)


def record_consent(customer_id: int, *, granted: bool, source: str, wording: str, now: datetime) -> None:
    """Add a line to the consent ledger for surveys by SMS."""
    line = Consent(
        customer_id=customer_id,
        purpose=SURVEYS,
        channel="sms",
        granted=granted,
        source=source[:40],
        wording=wording,
        at=now,
    )
    db.session.add(line)
    db.session.flush()


def consent_withdrawn(customer_id: int, *, wording: str, now: datetime) -> None:
    """The customer wants no more surveys: a line in the ledger, unless it says so already. May run twice."""
    before = consent_line(customer_id)
    if before is None or before.granted:
        record_consent(customer_id, granted=False, source="customer", wording=wording, now=now)


def consent_line(customer_id: int) -> Consent | None:
    """The line of the ledger that holds for surveys by SMS; None when nothing was ever said."""
    return db.session.scalar(
        select(Consent)
        .where(Consent.customer_id == customer_id, Consent.channel == "sms", Consent.purpose == SURVEYS)
        .order_by(Consent.id.desc())
        .limit(1)
    )
