"""`export-customer`, `erase-customer` and `export-consents`: what the law lets people ask for."""

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.auth import audit
from app.extensions import clock, commit
from app.privacy.traces import customer_named
from surveys.people.models import Customer

_who = click.argument("customer")
_out = click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=None, help="File to write into")


@click.command("export-customer")
@_who
@_out
@with_appcontext
def export_customer(customer: str, out: Path | None) -> None:
    """Everything about CUSTOMER (an id, or source:external_ref) as JSON, to standard output or --out."""
    from app.privacy.exporting import everything_about

    found, now = _found(customer), clock().now()
    told = everything_about(found, now=now)
    _record("customer.export", found, None)
    commit()
    _write(json.dumps(told, ensure_ascii=False, indent=2) + "\n", out)


@click.command("erase-customer")
@_who
@click.option("--yes", is_flag=True, help="Do not ask first.")
@with_appcontext
def erase_customer(customer: str, yes: bool) -> None:
    """Forget CUSTOMER (an id, or source:external_ref): words and identifiers go from everywhere, figures stay.

    It cannot be undone. That they wanted no messages is kept, by a keyed hash.
    """
    from app.privacy.erasing import erase

    found = _found(customer)
    if not yes:
        click.confirm(f"Erase customer {found.id}? It cannot be undone", abort=True, err=True)
    done = erase(found, now=clock().now())
    counts = {"records": done.records, "answers": done.answers, "messages": done.messages, "cases": done.cases}
    _record("customer.erase", found, counts)
    commit()
    click.echo(
        f"Customer {found.id} is erased: {done.records} records, {done.answers} answers, {done.messages} messages, "
        f"{done.cases} cases. Their figures stay."
    )


@click.command("export-consents")
@click.option("--customer", default=None, help="Only this customer: an id, or source:external_ref; else everybody")
@_out
@with_appcontext
def export_consents(customer: str | None, out: Path | None) -> None:
    """The consent ledger as CSV, as evidence: who agreed to what, by which wording, when, and what shows it."""
    from surveys.people.consent_file import consent_file

    found = _found(customer) if customer is not None else None
    customer_id = found.id if found is not None else None
    audit.record(
        "consents.export",
        actor_kind="command",
        actor_id=None,
        subject_kind="customer" if found is not None else "company",
        subject_id=customer_id,
        now=clock().now(),
    )
    commit()
    _write("".join(consent_file(customer_id)), out, bom=True)


def _found(who: str) -> Customer:
    found = customer_named(who)
    if found is None:
        raise click.ClickException(f"There is no customer {who!r}. Give an id, or source:external_ref like core:C-9.")
    return found


def _record(action: str, customer: Customer, counts: dict[str, int] | None) -> None:
    audit.record(
        action,
        actor_kind="command",
        actor_id=None,
        subject_kind="customer",
        subject_id=customer.id,
        now=clock().now(),
        detail=dict(counts) if counts else None,
    )


def _write(text: str, out: Path | None, *, bom: bool = False) -> None:
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_bytes(text.encode("utf-8-sig" if bom else "utf-8"))
    except OSError as refused:
        raise click.ClickException(
            f"Cannot write {out}: {refused.strerror}. Give a file in a folder that may be written to."
        ) from None
    click.echo(out)
