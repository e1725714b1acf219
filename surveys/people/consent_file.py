"""The consent ledger as evidence: one line of a CSV file for each of its lines."""

import csv
from collections.abc import Iterator
from io import StringIO

from sqlalchemy import func, select

from app.extensions import db
from surveys.people.models import Consent, ContactPoint, Customer, CustomerReference
from surveys.people.service import records_of

COLUMNS = (
    *("line", "customer", "references", "purpose", "channel", "granted", "source", "wording", "wording_version"),
    *("proof", "at", "words_erased_at", "address"),
)
AT_ONCE = 1000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def consent_file(customer_id: int | None = None) -> Iterator[str]:
    """The file in pieces, oldest line first: of one person, whatever records they have, or of everybody."""
    yield _csv([COLUMNS])
    last = 0
    while lines := _lines(customer_id, after=last):
        names = _references({line.customer_id for line in lines})
        addresses = _addresses({line.address_index for line in lines if line.address_index})
        yield _csv([_told(line, names.get(line.customer_id, ""), addresses) for line in lines])
        last = lines[-1].id
        db.session.expunge_all()


def _lines(customer_id: int | None, *, after: int) -> list[Consent]:
    query = select(Consent).where(Consent.id > after)
    if customer_id is not None:
        query = query.where(Consent.customer_id.in_(records_of(customer_id)))
    return list(db.session.scalars(query.order_by(Consent.id).limit(AT_ONCE)))


def _references(customer_ids: set[int]) -> dict[int, str]:
    """What other systems call these customers, those of a merged one under the living record."""
    person = func.coalesce(Customer.merged_into_id, Customer.id)
    query = (
        select(Customer.id, CustomerReference.source, CustomerReference.external_ref)
        .join(CustomerReference, CustomerReference.customer_id == person)
        .where(Customer.id.in_(customer_ids))
        .order_by(CustomerReference.id)
    )
    found: dict[int, list[str]] = {}
    for customer_id, source, external_ref in db.session.execute(query):
        found.setdefault(customer_id, []).append(f"{source}:{external_ref}")
    return {customer_id: " ".join(refs) for customer_id, refs in found.items()}


def _addresses(indexes: set[str]) -> dict[str, str]:
    """The address a line speaks of, when it speaks of one alone; gone where the address was erased."""
    points = select(ContactPoint).where(ContactPoint.address_index.in_(indexes)) if indexes else None
    return {str(p.address_index): p.address for p in db.session.scalars(points)} if points is not None else {}


def _told(line: Consent, references: str, addresses: dict[str, str]) -> tuple[str, ...]:
    return (
        *(str(line.id), str(line.customer_id), references, line.purpose, line.channel),
        *("yes" if line.granted else "no", line.source, line.wording, line.wording_version, line.proof),
        *(
            line.at.isoformat(),
            line.erased_at.isoformat() if line.erased_at else "",
            addresses.get(str(line.address_index), ""),
        ),
    )


def _csv(rows: list[tuple[str, ...]]) -> str:
    text = StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet takes a cell that begins like a formula for one, and would run it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
