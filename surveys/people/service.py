"""Identify: find the one person behind a reference, a phone or an e-mail, or keep a new one."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, bindparam, or_, select

from app.extensions import Blind, blind, db, lock, settings
from notifications import EmailAddress, PhoneNumber
from surveys.people.consent import line_that_holds, may_write_to
from surveys.people.models import Branch, Consent, ContactPoint, Customer, CustomerReference, Staff
from surveys.people.ownership import set_owner, today_of

SURVEYS = "service_surveys"


@dataclass(frozen=True, kw_only=True)
class ConsentGiven:
    """What another system says the customer agreed to, with the wording they saw."""

    sms: bool
    email: bool | None = None  # None: nothing was said about mail
    source: str = ""
    wording: str = ""
    wording_version: str = ""
    proof: str = ""
    only_this_address: bool = False  # said about the phone or mailbox that comes with it, and no other


@dataclass(frozen=True, kw_only=True)
class Person:
    """What an event or a file says about a customer; None is "not said" and never erases what is known."""

    external_ref: str | None = None
    name: str | None = None
    birth_date: date | None = None
    phone: PhoneNumber | None = None
    email: EmailAddress | None = None
    language: str | None = None
    time_zone: str | None = None
    region: str | None = None
    branch: Branch | None = None
    owner: Staff | None = None
    consent: ConsentGiven | None = None
    demo: bool = False


def identify(person: Person, *, source: str, at: Branch, now: datetime, proof: str = "") -> Customer:
    """The customer meant: by reference, phone or e-mail, else a new one. `at` lends its zone. Safe to run at once.

    `proof` names what the consent came with, for the ledger, where the person's own consent names nothing better.
    """
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
    _keep_consent(customer, person, source, proof, now)
    return customer


def _identity_locks(person: Person, source: str) -> list[str]:
    names = []
    if person.external_ref:
        names.append(reference_lock(source, person.external_ref))
    return [*names, *(address_lock(blind(key)) for key in _keys(person))]


def reference_lock(source: str, external_ref: str) -> str:
    """The name to hold while deciding whose reference this is."""
    return f"reference:{source}:{external_ref}"


def address_lock(index: str) -> str:
    """The name to hold while deciding whose telephone or mailbox this is."""
    return f"address:{index}"


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


_AT = (
    select(Customer)
    .join(ContactPoint, ContactPoint.customer_id == Customer.id)
    .where(
        ContactPoint.address_index == bindparam("address", type_=ContactPoint.address_index.type),
        Customer.merged_into_id.is_(None),
    )
    .order_by(Customer.id)
)


def customers_at(address: str) -> list[Customer]:
    """Everybody known at this phone (E.164) or mailbox (its key), oldest first; the living record of each."""
    return list(db.session.scalars(_AT, {"address": address}))


def _learn(customer: Customer, person: Person, source: str, now: datetime) -> None:
    for field in ("name", "language", "time_zone", "region"):
        value = getattr(person, field)
        if value and getattr(customer, field) != value:
            setattr(customer, field, value)
    if person.birth_date and customer.birth_date != person.birth_date.isoformat():
        customer.birth_date = person.birth_date.isoformat()
    if person.branch:
        customer.branch_id = person.branch.id
    if person.owner and customer.owner_id != person.owner.id:
        today = today_of(now)
        set_owner(customer, person.owner, since=today, today=today)
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


def _keep_consent(customer: Customer, person: Person, source: str, proof: str, now: datetime) -> None:
    given = person.consent
    if given is not None:
        given = replace(given, source=given.source or source, proof=given.proof or proof)
        phone, mailbox = person.phone.e164 if person.phone else None, person.email.key if person.email else None
        _agreed(customer, "sms", given.sms, given, now, phone if given.only_this_address else None)
        if given.email is not None:
            _agreed(customer, "email", given.email, given, now, mailbox if given.only_this_address else None)
    elif consent_line(customer.id) is None and settings().policy.default_consent:
        record_consent(customer.id, granted=True, source="service_relationship", wording="", now=now, proof=proof)


def _agreed(
    customer: Customer, channel: str, granted: bool, given: ConsentGiven, now: datetime, address: str | None
) -> None:
    before = consent_line(customer.id, channel=channel, address=address)
    if before is not None and before.granted == granted and before.source != "service_relationship":
        return
    # A withdrawal stands until the customer takes it back: another system's yes does not lift it.
    if before is not None and not before.granted and granted and before.source == "customer":
        return
    record_consent(
        customer.id,
        granted=granted,
        channel=channel,
        source=given.source,
        wording=given.wording,
        wording_version=given.wording_version,
        proof=given.proof,
        address=address,
        now=now,
    )


def record_consent(
    customer_id: int,
    *,
    granted: bool,
    source: str,
    wording: str,
    now: datetime,
    channel: str = "sms",
    wording_version: str = "",
    proof: str = "",
    address: str | None = None,
) -> None:
    """Add a line to the consent ledger for surveys by this channel. `proof` names what shows it.

    `address` (E.164, a mailbox's key, or a Blind hash): said about this one alone.
    """
    line = Consent(
        customer_id=customer_id,
        purpose=SURVEYS,
        channel=channel,
        granted=granted,
        source=source[:40],
        wording=wording,
        wording_version=wording_version,
        proof=proof[:200],
        address_index=address,
        at=now,
    )
    db.session.add(line)
    db.session.flush()


def consent_withdrawn(customer_id: int, *, wording: str, now: datetime, channel: str = "sms", proof: str = "") -> None:
    """The customer wants no more surveys: a line in the ledger, unless it says so already. May run twice."""
    before = consent_line(customer_id, channel=channel)
    if before is None or before.granted:
        record_consent(
            customer_id, granted=False, source="customer", wording=wording, now=now, channel=channel, proof=proof
        )


def consents_to(customer_id: int, channel: str, address: str | None = None) -> bool:
    """Whether they may be asked by this channel, at this address (its keyed hash) when one is named.

    What was said about texts holds for mail, until mail has its own line: so STOP on the phone ends mails too, unless
    the customer agreed to those by themselves.
    """
    said = may_write_to(_lines(customer_id, channel), address)
    if said is None and channel != "sms":
        said = may_write_to(_lines(customer_id, "sms"), None)
    return bool(said)


def consent_line(customer_id: int, *, channel: str = "sms", address: str | None = None) -> Consent | None:
    """The line of the ledger that holds for surveys by this channel; None when nothing was ever said about it.

    Without an `address` the lines about one alone are left out, with one the others are. What was said under a record
    that was merged into this one counts too.
    """
    index = None if address is None else address if isinstance(address, Blind) else blind(address)
    return line_that_holds([line for line in _lines(customer_id, channel) if line.address_index == index])


def _lines(customer_id: int, channel: str) -> list[Consent]:
    lines = select(Consent).where(
        Consent.customer_id.in_(records_of(customer_id)), Consent.channel == channel, Consent.purpose == SURVEYS
    )
    return list(db.session.scalars(lines.order_by(Consent.id)))


ERASED = "erased:"


def erased_ref(source: str, external_ref: str) -> str:
    """What stands for a reference of somebody who was erased: it is known again when it comes again, not read."""
    return f"{ERASED}{blind(f'{source}:{external_ref}')}"


def is_erased_ref(external_ref: str) -> bool:
    """Whether this reference was made by `erased_ref`."""
    return external_ref.startswith(ERASED)


def records_of(customer_id: int) -> Select[int]:
    """The ids of all records of this person: the living one and those merged into it."""
    return select(Customer.id).where(or_(Customer.id == customer_id, Customer.merged_into_id == customer_id))
