"""Whom we ask and who serves them: the branch tree, staff, customers with their references, addresses and consent."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import BigId, BlindIndex, Encrypted, Model, UtcDateTime
from notifications.texts import fallbacks
from surveys.people.likeness import likeness


def name_in(names: Mapping[str, str], language: str) -> str:
    """What a place is called in this language or the nearest one there is; empty where nobody named it."""
    return next((names[tag] for tag in fallbacks(language) if names.get(tag)), "")


class BranchKind(StrEnum):
    """The level of a place in the tree."""

    COMPANY = "company"
    REGION = "region"
    BRANCH = "branch"


class Branch(Model):
    """A place in the tree, with its zone, hours and the people who answer for it."""

    __tablename__ = "branches"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"), index=True)
    time_zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    country: Mapped[str] = mapped_column(String(2), default="CN")
    place: Mapped[str] = mapped_column(String(8), default="CN")  # key of the table of legal sending windows
    subdivision: Mapped[str | None] = mapped_column(String(12))  # of the country, where it has holidays of its own
    phone: Mapped[str | None] = mapped_column(String(20))
    # Not set: as at the place above.
    opens_at: Mapped[str | None] = mapped_column(String(5))
    closes_at: Mapped[str | None] = mapped_column(String(5))
    weekdays: Mapped[str | None] = mapped_column(String(7))  # ISO weekdays that are open
    manager_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff.id", use_alter=True, name="fk_branches_manager_id"), index=True
    )
    on_call_id: Mapped[int | None] = mapped_column(  # takes what cannot wait while nobody else is there
        ForeignKey("staff.id", use_alter=True, name="fk_branches_on_call_id"), index=True
    )
    closed_on: Mapped[date | None] = mapped_column(Date)  # from this day it serves nobody; its history stays

    parent: Mapped["Branch | None"] = relationship(remote_side="Branch.id")
    manager: Mapped["Staff | None"] = relationship(foreign_keys=[manager_id])
    on_call: Mapped["Staff | None"] = relationship(foreign_keys=[on_call_id])
    closures: Mapped[list["Closure"]] = relationship(order_by="Closure.first_day")

    def name(self, language: str) -> str:
        """The name people know, in their language or the nearest one there is."""
        return name_in(self.names, language) or self.code

    def closed_by(self, day: date) -> bool:
        """Whether it serves nobody any more on that day."""
        return self.closed_on is not None and self.closed_on <= day


class Closure(Model):
    """Days, both ends included, on which a place and all below it are closed; or, against the calendar, open."""

    __tablename__ = "closures"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"), index=True)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    opens: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(120))


class Staff(Model):
    """Somebody who serves customers or answers for those who do."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(24))
    language: Mapped[str] = mapped_column(String(8), default="en")
    phone: Mapped[str | None] = mapped_column(Encrypted)
    phone_index: Mapped[str | None] = mapped_column(BlindIndex, index=True)
    phone_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    email: Mapped[str | None] = mapped_column(Encrypted)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"), index=True)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    left_on: Mapped[date | None] = mapped_column(Date)  # the first day they are no longer here
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when all that was theirs had gone to others

    branch: Mapped[Branch] = relationship(foreign_keys=[branch_id])
    manager: Mapped["Staff | None"] = relationship(foreign_keys=[manager_id], remote_side="Staff.id")
    deputy: Mapped["Staff | None"] = relationship(foreign_keys=[deputy_id], remote_side="Staff.id")
    successor: Mapped["Staff | None"] = relationship(foreign_keys=[successor_id], remote_side="Staff.id")
    absences: Mapped[list["Absence"]] = relationship(order_by="Absence.first_day")

    def absent_on(self, day: date) -> bool:
        """Whether they are away that day, or no longer with us."""
        return self.gone_by(day) or any(absence.covers(day) for absence in self.absences)

    def gone_by(self, day: date) -> bool:
        """Whether they have left by that day."""
        return self.left_on is not None and self.left_on <= day


class Absence(Model):
    """Days, both ends included, on which a member of staff is away; without a last day until they say so."""

    __tablename__ = "absences"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)

    def covers(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


class PhoneCode(Model):
    """The code that was texted to the phone of a member of staff, to see that it is theirs."""

    __tablename__ = "phone_codes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), unique=True)
    code: Mapped[str] = mapped_column(Encrypted)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)


class Customer(Model):
    """One person, whatever accounts, branches and phones they have.

    A record found to be the same person as another says so in `merged_into_id`, always the living one; it is kept.
    """

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    birth_date: Mapped[str | None] = mapped_column(Encrypted)  # ISO
    likeness: Mapped[str | None] = mapped_column(BlindIndex, index=True)  # of name and birth date
    language: Mapped[str] = mapped_column(String(8))
    time_zone: Mapped[str] = mapped_column(String(40))
    region: Mapped[str | None] = mapped_column(String(8))  # overrides the branch's table of sending windows
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    tier: Mapped[str | None] = mapped_column(String(12))  # written by app.insights
    tier_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    value_cents: Mapped[int | None] = mapped_column(BigInteger)  # expected margin over 5 years
    customer_since: Mapped[date | None] = mapped_column(Date)
    demo: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    branch: Mapped[Branch | None] = relationship()
    owner: Mapped[Staff | None] = relationship()
    contact_points: Mapped[list["ContactPoint"]] = relationship(back_populates="customer", order_by="ContactPoint.id")


@event.listens_for(Customer, "before_insert")
@event.listens_for(Customer, "before_update")
def _keep_likeness(_mapper: Any, _connection: Any, customer: Customer) -> None:
    customer.likeness = likeness(customer.name or "", customer.birth_date)


class Ownership(Model):
    """Who looks after a customer from a day on, and until which day no longer; None is the branch itself."""

    __tablename__ = "ownerships"
    __table_args__ = (
        UniqueConstraint("customer_id", "since"),
        {"info": {"per_record": True}},  # two people's periods cannot be laid over each other: a merge moves none
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    since: Mapped[date] = mapped_column(Date, index=True)
    until: Mapped[date | None] = mapped_column(Date)  # the first day it holds no more

    staff: Mapped[Staff | None] = relationship()


class CustomerReference(Model):
    """What another system calls this customer."""

    __tablename__ = "customer_references"
    __table_args__ = (UniqueConstraint("source", "external_ref"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    source: Mapped[str] = mapped_column(String(40))
    external_ref: Mapped[str] = mapped_column(String(120))


class ContactPoint(Model):
    """A phone or e-mail of a customer, and whether it can be reached."""

    __tablename__ = "contact_points"
    __table_args__ = (
        UniqueConstraint("customer_id", "address_index"),
        Index("ix_contact_points_address_index", "address_index"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    kind: Mapped[str] = mapped_column(String(8))  # phone, email
    address: Mapped[str] = mapped_column(Encrypted)
    address_index: Mapped[str] = mapped_column(BlindIndex)
    ends: Mapped[str] = mapped_column(String(8), default="")  # the last four digits, to be recognised by
    deliverable: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    customer: Mapped[Customer] = relationship(back_populates="contact_points")


class Consent(Model):
    """One line of the consent ledger; lines are added, never changed. `line_that_holds` says which one counts.

    The database itself refuses a change, but for one: the words of somebody who was erased go, and `erased_at` says so.
    """

    __tablename__ = "consents"
    __table_args__ = (
        Index("ix_consents_customer_channel", "customer_id", "channel", "id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    purpose: Mapped[str] = mapped_column(String(24))
    channel: Mapped[str] = mapped_column(String(8))
    address_index: Mapped[str | None] = mapped_column(BlindIndex)
    granted: Mapped[bool]
    source: Mapped[str] = mapped_column(String(40))
    wording: Mapped[str] = mapped_column(Text, default="")
    wording_version: Mapped[str] = mapped_column(String(40), default="")
    proof: Mapped[str] = mapped_column(String(200), default="")  # what shows it: an event, a text that came in
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Merge(Model):
    """Two records found to be one person: what was moved to the one that stays, so that it can be moved back."""

    __tablename__ = "merges"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kept_id: Mapped[int] = mapped_column(BigId, index=True)  # no foreign keys: a merge is not itself moved by a merge
    gone_id: Mapped[int] = mapped_column(BigId, index=True)
    moved: Mapped[dict[str, list[int]]] = mapped_column(JSON)  # "table.column": ids of the rows
    filled: Mapped[list[str]] = mapped_column(JSON)  # fields the one that stays had empty
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TwoPeople(Model):
    """Two records that somebody looked at and said: these are not the same person. The lower id first."""

    __tablename__ = "two_people"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    first_id: Mapped[int] = mapped_column(BigId)
    second_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Transaction(Model):
    """What a customer did, for value and recency. Money in hundredths of the company's currency."""

    __tablename__ = "transactions"
    __table_args__ = (
        UniqueConstraint("source", "external_ref"),
        Index("ix_transactions_customer_id_on", "customer_id", "on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    source: Mapped[str] = mapped_column(String(40))
    external_ref: Mapped[str] = mapped_column(String(120))
    on: Mapped[date] = mapped_column(Date)
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    margin_cents: Mapped[int | None] = mapped_column(BigInteger)


class ImportRun(Model):
    """One import of a file: what it held, what was refused and why, so that the same file again changes nothing."""

    __tablename__ = "import_runs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    file_hash: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
