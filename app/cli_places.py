"""`import-places`, `import-staff`: the tree and the people of a company from files; the same file twice is once."""

from collections.abc import Callable
from typing import BinaryIO

import click
from flask.cli import with_appcontext

from app.auth import audit
from app.extensions import clock, commit, db
from surveys.people.files import open_table
from surveys.people.imports import Outcome
from surveys.people.ownership import today_of
from surveys.people.place_files import PLACE_COLUMNS, STAFF_COLUMNS, keep_places, keep_staff
from surveys.people.table_rows import Columns, Refused, Row, UnreadableError, read_rows

_file = click.argument("file", type=click.File("rb"))
_rehearse = click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")


@click.command("import-places")
@_file
@_rehearse
@with_appcontext
def import_places(file: BinaryIO, dry_run: bool) -> None:
    """Open or change the places of FILE: CSV or an Excel workbook (- is standard input).

    Columns: code and name_en, which must be there; name_zh_hans, name_zh_hant, kind (company, region, branch), parent
    (a code), time_zone, country, subdivision, phone, opens_at, closes_at (09:00), weekdays (12345 is Monday to Friday),
    manager and on_call (codes of staff). What is left empty stays as it is; of a new place it is as at the place above.

    Import the places first without managers, then the staff, then the places again.
    """
    _import("places", file, PLACE_COLUMNS, keep_places, dry_run=dry_run)


@click.command("import-staff")
@_file
@_rehearse
@with_appcontext
def import_staff(file: BinaryIO, dry_run: bool) -> None:
    """Hire or change the people of FILE: CSV or an Excel workbook (- is standard input).

    Columns: code, name and branch (a code), which must be there; role (agent, account_manager, deputy, branch_manager,
    regional_manager), language (en, zh), phone, email, manager and deputy (codes of staff). What is left empty stays as
    it is. A phone gets no alerts before it is verified in the console.
    """
    _import("staff", file, STAFF_COLUMNS, keep_staff, dry_run=dry_run)


def _import(kind: str, file: BinaryIO, columns: Columns, keep: Callable[..., Outcome], *, dry_run: bool) -> None:
    try:
        found = list(read_rows(open_table(file), columns))
    except UnreadableError as unreadable:
        raise click.ClickException(str(unreadable)) from None
    now = clock().now()
    outcome = keep([row for row in found if isinstance(row, Row)], today=today_of(now))
    outcome.refused += [row for row in found if isinstance(row, Refused)]
    outcome.refused.sort(key=lambda refused: refused.line)
    if dry_run:
        db.session.rollback()
    else:
        detail = {"new": outcome.new, "changed": outcome.changed, "refused": len(outcome.refused)}
        audit.record(
            f"{kind}.import",
            actor_kind="command",
            actor_id=None,
            subject_kind=kind,
            subject_id=None,
            now=now,
            detail=detail,
        )
        commit()
    for refused in outcome.refused:
        click.echo(str(refused), err=True)
    refused_rows = len(outcome.refused)
    told = f"{outcome.new:,} new, {outcome.changed:,} changed, {outcome.same:,} as before, {refused_rows:,} refused"
    click.echo(f"{told}; nothing was written" if dry_run else told)
    if outcome.refused:
        raise SystemExit(1)
