"""Customers and their transactions from files of other systems: the same file again changes nothing.

Each function writes one batch, which its door commits. Who a customer is follows the order of `service.identify`: their
reference, then their phone, then their e-mail.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select

from app.extensions import Blind, blind, db, plan_afresh, settings
from notifications import EmailAddress, PhoneNumber
from surveys.people.import_rows import CustomerRow, Purchase
from surveys.people.likeness import likeness
from surveys.people.models import (
    Branch,
    Consent,
    ContactPoint,
    Customer,
    CustomerReference,
    ImportRun,
    Staff,
    Transaction,
)
from surveys.people.ownership import assign, today_of
from surveys.people.queries import company
from surveys.people.service import SURVEYS
from surveys.people.table_rows import Refused

REFUSED_LINES = 1000  # that a run names
HOME_ZONE = "Asia/Shanghai"  # for a company without a tree of branches yet


@dataclass
class Outcome:
    """What a batch did: rows that were new, changed something or changed nothing, and those refused."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: list[Refused] = field(default_factory=list)
    new_lines: list[int] = field(default_factory=list)  # of one batch

    def add_new(self, line: int) -> None:
        """Count the row of this line as new."""
        self.new += 1
        self.new_lines.append(line)

    def add(self, other: "Outcome") -> None:
        """Count another batch in."""
        self.new += other.new
        self.changed += other.changed
        self.same += other.same
        self.refused += [Refused(one.line, one.message) for one in other.refused]  # without what stood in them


def keep_customers(rows: Sequence[CustomerRow], *, source: str, now: datetime) -> Outcome:
    """Insert or update these customers of one system. May run any number of times; raises IntegrityError when somebody
    keeps one of them at the same moment: then roll back and call it again."""
    plan_afresh()
    batch = _Customers(rows, source, now)
    for row in rows:
        batch.take(row)
    return batch.write()


class _Customers:
    """One batch of customers: what is known is read at once, what is new is written at once."""

    def __init__(self, rows: Sequence[CustomerRow], source: str, now: datetime) -> None:
        self.source, self.now, self.outcome = source, now, Outcome()
        self.branches = _by_code(Branch, {row.branch for row in rows if row.branch})
        self.owners = _by_code(Staff, {row.owner for row in rows if row.owner})
        root = company()
        self.zone = root.time_zone if root else HOME_ZONE
        # Made once: a keyed hash for every comparison would take longer than the database does.
        self.indexes = {key: blind(key) for row in rows for key in map(_key, _addresses(row))}
        self.by_ref = _customers_by_reference({row.external_ref for row in rows}, source)
        self.by_address = self._unnamed(rows)
        ids = {*self.by_ref.values(), *self.by_address.values()}
        self.known = {c.id: c for c in db.session.scalars(select(Customer).where(Customer.id.in_(ids)))}
        self.addresses: set[tuple[int | str, str]] = {  # a new one's reference stands for its id
            (customer_id, str(index))
            for customer_id, index in db.session.execute(
                select(ContactPoint.customer_id, ContactPoint.address_index).where(ContactPoint.customer_id.in_(ids))
            )
        }
        self.consented: set[int | str] = set(
            db.session.scalars(
                select(Consent.customer_id).where(
                    Consent.customer_id.in_(ids), Consent.channel == "sms", Consent.purpose == SURVEYS
                )
            )
        )
        self.fresh: dict[str, dict[str, Any]] = {}  # new customers by their reference
        self.points: list[tuple[int | str, dict[str, Any]]] = []  # of a customer id, or of a new one's reference
        self.references: list[tuple[int | str, str]] = []
        self.consents: list[int | str] = []
        self.owners_now: dict[int | str, int] = {}

    def _unnamed(self, rows: Sequence[CustomerRow]) -> dict[str, int]:
        """Customers at these addresses whom this system has not named yet: the oldest at each, by keyed hash.

        One it has named otherwise is another person who shares the telephone.
        """
        unknown = [row for row in rows if row.external_ref not in self.by_ref]
        addresses = {self._index(address) for row in unknown for address in _addresses(row)}
        named = select(CustomerReference.customer_id).where(CustomerReference.source == self.source)
        merged = select(Customer.id).where(Customer.merged_into_id.is_not(None))
        query = select(ContactPoint.address_index, ContactPoint.customer_id).where(
            ContactPoint.address_index.in_(addresses),
            ContactPoint.customer_id.not_in(named),
            ContactPoint.customer_id.not_in(merged),
        )
        found: dict[str, int] = {}
        for index, customer_id in db.session.execute(query.order_by(ContactPoint.customer_id)):
            found.setdefault(str(index), customer_id)
        return found

    def _index(self, address: PhoneNumber | EmailAddress) -> Blind:
        return self.indexes[_key(address)]

    def take(self, row: CustomerRow) -> None:
        """Decide what one row means; nothing is written yet."""
        for code, known, what in ((row.branch, self.branches, "branch"), (row.owner, self.owners, "owner")):
            if code and code not in known:
                person = "a branch" if what == "branch" else "a member of staff"
                self.outcome.refused.append(
                    Refused(row.line, f"{what} {code!r} is not the code of {person}; correct it or leave it out")
                )
                return
        who: int | str
        said = self._said(row)
        if row.external_ref in self.fresh:
            who, changed = row.external_ref, self._renew(self.fresh[row.external_ref], said)
        else:
            customer = self._known(row)
            if customer is None:
                who, changed = row.external_ref, False
                self._begin(row, said)
            else:
                who, changed = customer.id, self._learn(customer, said)
                changed |= self._keep_reference(customer.id, row)
        if "owner_id" in said:
            self.owners_now[who] = said["owner_id"]
        changed |= self._keep_addresses(who, row)
        changed |= self._keep_consent(who)
        if row.external_ref in self.fresh and self.fresh[row.external_ref]["line"] == row.line:
            self.outcome.add_new(row.line)
        elif changed:
            self.outcome.changed += 1
        else:
            self.outcome.same += 1

    def _known(self, row: CustomerRow) -> Customer | None:
        found = self.by_ref.get(row.external_ref)
        for address in _addresses(row):
            if found is None:
                found = self.by_address.get(self._index(address))
        return self.known.get(found) if found is not None else None

    def _said(self, row: CustomerRow) -> dict[str, Any]:
        values = {
            "name": row.name,
            "language": row.language,
            "time_zone": row.time_zone,
            "region": row.region,
            "birth_date": row.birth_date.isoformat() if row.birth_date else None,
            "branch_id": self.branches.get(row.branch or "", (None, None))[0],
            "owner_id": self.owners.get(row.owner or "", (None, None))[0],
        }
        return {name: value for name, value in values.items() if value is not None}

    def _begin(self, row: CustomerRow, said: dict[str, Any]) -> None:
        zone = self.branches[row.branch][1] if row.branch else None
        self.fresh[row.external_ref] = {
            "line": row.line,
            "name": "",
            "language": settings().default_language,
            "time_zone": zone or self.zone,
            "region": None,
            "birth_date": None,
            "branch_id": None,
            "owner_id": None,
            "demo": False,
            "created_at": self.now,
            **said,
        }
        self.references.append((row.external_ref, row.external_ref))

    @staticmethod
    def _renew(values: dict[str, Any], said: dict[str, Any]) -> bool:
        changed = any(values[name] != value for name, value in said.items())
        values.update(said)
        return changed

    @staticmethod
    def _learn(customer: Customer, said: dict[str, Any]) -> bool:
        changed = False
        for name, value in said.items():
            if getattr(customer, name) != value:
                setattr(customer, name, value)
                changed = True
        return changed

    def _keep_reference(self, customer_id: int, row: CustomerRow) -> bool:
        if row.external_ref in self.by_ref:
            return False
        self.by_ref[row.external_ref] = customer_id
        self.references.append((customer_id, row.external_ref))
        for index in [index for index, found in self.by_address.items() if found == customer_id]:
            del self.by_address[index]  # named now: whoever else gives this address is another person
        return True

    def _keep_addresses(self, who: int | str, row: CustomerRow) -> bool:
        changed = False
        for address in _addresses(row):
            index = self._index(address)
            if (who, index) in self.addresses:
                continue
            changed = True
            self.addresses.add((who, index))
            phone = isinstance(address, PhoneNumber)
            self.points.append(
                (
                    who,
                    {
                        "kind": "phone" if phone else "email",
                        "address": address.e164 if isinstance(address, PhoneNumber) else address.address,
                        "address_index": index,
                        "ends": address.ends if isinstance(address, PhoneNumber) else "",
                        "created_at": self.now,
                    },
                )
            )
        return changed

    def _keep_consent(self, who: int | str) -> bool:
        if not settings().policy.default_consent or who in self.consented:
            return False
        self.consented.add(who)
        self.consents.append(who)
        return True

    def write(self) -> Outcome:
        """Write what the rows came to."""
        values = [
            {name: value for name, value in new.items() if name != "line"}
            | {"likeness": likeness(new["name"], new["birth_date"])}
            for new in self.fresh.values()
        ]
        ids: dict[int | str, int] = {}
        if values:
            made = db.session.scalars(
                insert(cast(Table, Customer.__table__)).returning(Customer.id, sort_by_parameter_order=True), values
            )
            ids = dict(zip(self.fresh, made, strict=True))

        def id_of(who: int | str) -> int:
            return ids[who] if isinstance(who, str) else who

        _insert_all(
            CustomerReference,
            [{"customer_id": id_of(w), "source": self.source, "external_ref": ref} for w, ref in self.references],
        )
        _insert_all(ContactPoint, [{"customer_id": id_of(who), **point} for who, point in self.points])
        _insert_all(
            Consent,
            [
                {
                    "customer_id": id_of(who),
                    "purpose": SURVEYS,
                    "channel": "sms",
                    "granted": True,
                    "source": "service_relationship",
                    "wording": "",
                    "at": self.now,
                }
                for who in self.consents
            ],
        )
        db.session.flush()
        if self.owners_now:
            assign({id_of(who): owner for who, owner in self.owners_now.items()}, since=today_of(self.now))
        return self.outcome


def keep_transactions(
    purchases: Sequence[Purchase], *, source: str, now: datetime, create_customers: bool = False
) -> Outcome:
    """Insert these transactions, or correct the margin of those that are there. May run any number of times.

    An unknown customer is refused by line, or with `create_customers` kept by reference alone.
    """
    plan_afresh()
    outcome = Outcome()
    customers = _customers_by_reference({p.customer for p in purchases}, source)
    if create_customers:
        unknown = list(dict.fromkeys(p.customer for p in purchases if p.customer not in customers))
        keep_customers([CustomerRow(line=0, external_ref=ref) for ref in unknown], source=source, now=now)
        customers |= _customers_by_reference(unknown, source)
    query = select(Transaction.external_ref, Transaction.id, Transaction.margin_cents).where(
        Transaction.source == source, Transaction.external_ref.in_({p.key for p in purchases})
    )
    before = {key: (number, margin) for key, number, margin in db.session.execute(query)}
    fresh = []
    for purchase in purchases:
        if purchase.customer not in customers:
            outcome.refused.append(_nobody(purchase, source))
        elif purchase.key not in before:
            fresh.append(_values(purchase, customers[purchase.customer], source))
            outcome.add_new(purchase.line)
        elif purchase.margin_cents is not None and before[purchase.key][1] != purchase.margin_cents:
            db.session.get_one(Transaction, before[purchase.key][0]).margin_cents = purchase.margin_cents
            outcome.changed += 1
        else:
            outcome.same += 1
    _insert_all(Transaction, fresh)
    db.session.flush()
    return outcome


def _nobody(purchase: Purchase, source: str) -> Refused:
    return Refused(
        purchase.line,
        f"{source} has no customer {purchase.customer!r}; import the customers first,"
        " or let them be made (--create-customers)",
    )


def _values(purchase: Purchase, customer_id: int, source: str) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "source": source,
        "external_ref": purchase.key,
        "on": purchase.on,
        "amount_cents": purchase.amount_cents,
        "margin_cents": purchase.margin_cents,
    }


def begin_run(kind: str, *, now: datetime) -> ImportRun:
    """Note that a file is being read."""
    run = ImportRun(kind=kind, file_hash="", started_at=now, counts={})
    db.session.add(run)
    db.session.flush()
    return run


def end_run(run: ImportRun, outcome: Outcome, *, file_hash: str, now: datetime) -> None:
    """Note what became of the file: numbers and lines, never what stood in them."""
    run.file_hash, run.finished_at = file_hash, now
    run.counts = {
        "new": outcome.new,
        "changed": outcome.changed,
        "same": outcome.same,
        "refused": len(outcome.refused),
        "refused_lines": [refused.line for refused in outcome.refused[:REFUSED_LINES]],
    }


def _addresses(row: CustomerRow) -> list[PhoneNumber | EmailAddress]:
    """The phone first, then the mailbox, as `service.identify` looks for them."""
    return [address for address in (row.phone, row.email) if address is not None]


def _key(address: PhoneNumber | EmailAddress) -> str:
    return address.e164 if isinstance(address, PhoneNumber) else address.key


def _by_code(model: type[Branch] | type[Staff], codes: set[str]) -> dict[str, tuple[int, str | None]]:
    """Id and, for a place, zone by code."""
    zone = Branch.time_zone if model is Branch else Staff.role
    rows = db.session.execute(select(model.code, model.id, zone).where(model.code.in_(codes)))
    return {code: (number, said) for code, number, said in rows}


def _customers_by_reference(references: Iterable[str], source: str) -> dict[str, int]:
    query = select(CustomerReference.external_ref, CustomerReference.customer_id).where(
        CustomerReference.source == source, CustomerReference.external_ref.in_(set(references))
    )
    return {ref: customer_id for ref, customer_id in db.session.execute(query).all()}  # noqa: C416  # rows are no pairs to mypy


def _insert_all(model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(
            insert(cast(Table, model.__table__)), rows
        )  # past the ORM, which takes longer than the database
