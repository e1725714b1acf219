"""`explain` and `weekly-report`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.extensions import clock, db, reading, settings
from surveys.invitations.models import ServiceEvent
from surveys.invitations.queries import verdict_before_sending, verdict_on_reminding
from surveys.people.queries import branch_by_code, company

if TYPE_CHECKING:
    from app.reports.weekly import Report


@click.command("explain")
@click.argument("event")
@click.option("--json", "as_json", is_flag=True, help="The rules as the API gives them.")
@with_appcontext
def explain(event: str, as_json: bool) -> None:
    """Every rule and its verdict on EVENT (its id, or source:external_ref); with --json the latest verdicts alone."""
    source, colon, external_ref = event.partition(":")
    with reading():
        if colon:
            query = select(ServiceEvent).where(ServiceEvent.source == source, ServiceEvent.external_ref == external_ref)
            found = db.session.scalar(query)
        else:
            found = db.session.get(ServiceEvent, int(event)) if event.isdecimal() else None
        if found is None:
            raise click.ClickException(f"There is no event {event!r}. Give its id, or source:external_ref.")
        again = verdict_before_sending(found)
        if as_json:
            click.echo(json.dumps(again or found.rules, ensure_ascii=True))
            return
        _tell(f"{found.source}:{found.external_ref}  {found.decision}", found.rules)
        if again:
            _tell("asked again before sending", again)
        if reminding := verdict_on_reminding(found):
            _tell("asked before reminding", reminding)


def _tell(title: str, rules: list[dict[str, str]]) -> None:
    click.echo(title)
    for rule in rules:
        click.echo(f"  {rule['verdict']:5}  {rule['rule']:18} {rule['detail']}")


@click.command("weekly-report")
@click.option("--week", required=True, help="ISO week, like 2026-W47")
@click.option(
    "--branch", "code", default=None, help="Code of a branch, region or the company; the company when not said"
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Folder to write into")
@click.option("--language", type=click.Choice(["en", "zh-Hans"]), default=None)
@with_appcontext
def weekly_report(week: str, code: str | None, out: Path, language: str | None) -> None:
    """Write WEEK-BRANCH.{html,pdf,xlsx,csv,json} into --out. Where PDF cannot be made, the other four all the same."""
    from app.reports import render
    from app.reports.iso_weeks import week_of
    from app.reports.service import links, report_for

    with reading():
        branch = branch_by_code(code) if code else company()
        if branch is None:
            raise click.ClickException(
                f"There is no branch {code!r}. Give the code of a branch, region or the company."
            )
        try:
            week_of(week, branch.time_zone)
        except ValueError:
            raise click.ClickException(f"{week!r} is no ISO week. Write it like 2026-W47.") from None
        report = report_for(branch, week, now=clock().now())
        where, name = links(branch, week), f"{week}-{branch.code}"
    tongue = language or settings().default_language
    brand = settings().organisation.brand
    files: dict[str, Callable[[], bytes]] = {
        "html": lambda: render.html_mail(report, language=tongue, links=where, brand=brand).encode(),
        "xlsx": lambda: render.xlsx(report, language=tongue),
        "csv": lambda: render.csv(report, language=tongue).encode("utf-8-sig"),
        "json": lambda: render.json(report, language=tongue).encode(),
        "pdf": lambda: _pdf(report, f"{name}.pdf", language=tongue, brand=brand),
    }
    for ending, made in files.items():
        path, content = out / f"{name}.{ending}", made()
        try:
            out.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as refused:
            raise click.ClickException(
                f"Cannot write {path}: {refused.strerror}. Give a folder that may be written to with --out."
            ) from None
        click.echo(path)


def _pdf(report: "Report", name: str, *, language: str, brand: str) -> bytes:
    from app.reports import render

    try:
        return render.pdf(report, language=language, brand=brand)
    except (ImportError, OSError) as missing:
        raise click.ClickException(
            f"{name} is missing, the other files are written. A PDF needs WeasyPrint with Pango and a Chinese font: "
            f"apt-get install libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-cjk, or brew install pango. ({missing})"
        ) from None
