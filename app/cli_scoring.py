"""`score`, `rescore`, `accuracy`, `emerging-themes` and `redact-again`."""

import json
import sys
from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.extensions import clock, commit, db, reading, settings
from surveys.responses.accuracy import accuracy as accuracy_of_versions
from surveys.responses.learning import current_tenant
from surveys.responses.rescoring import (
    count_scored_by_another,
    score_all_again,
    scored_by_another,
    texts_scored_by_another,
)
from surveys.responses.review import load_scorer
from surveys.scoring.tenant import Tenant

BATCH = 200


@click.command("score")
@click.argument("file", type=click.File("rb"), default="-")
@with_appcontext
def score(file: BinaryIO) -> None:
    """Score one text a line of FILE (or standard input): one JSON object a line out.

    As the console does: with what the company's corrections add, where there is a database that holds some.
    """
    from surveys.scoring.redaction import redact
    from surveys.scoring.score import score_text

    tenant = _tenant()
    for line in file:  # bytes are split on \n only; a text may hold any other kind of line end
        text = line.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
        found = score_text(text, tenant=tenant)
        value = {
            "language": found.language,
            "polarity": None if found.polarity is None else round(found.polarity, 4),
            "label": found.label,
            "confidence": None if found.confidence is None else round(found.confidence, 4),
            "themes": list(dict.fromkeys(t.theme for t in found.themes)),
            "signals": list(dict.fromkeys(str(s.kind) for s in found.signals)),
            "redacted": redact(text).text,
        }
        sys.stdout.write(json.dumps(value) + "\n")


def _tenant() -> Tenant | None:
    url = db.engine.url
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return None  # looking for it would make it
    try:
        with reading():
            return current_tenant()
    except (OperationalError, ProgrammingError):  # no server, or no tables yet: texts are scored all the same
        click.echo("No database answers: scored as shipped.", err=True)
        return None


@click.command("rescore")
@with_appcontext
def rescore() -> None:
    """Score again what another version of the model or of the theme book has read; issued reports stay as they were.

    One commit a batch: stopped anywhere, it goes on where it was. No case is opened and nobody is alerted.
    """
    load_scorer()
    with reading():
        total = count_scored_by_another()
    done, response_id, text_id = 0, 0, 0
    while True:
        with reading():
            ids = scored_by_another(response_id, most=BATCH)
            text_ids = texts_scored_by_another(text_id, most=BATCH)
        if not ids and not text_ids:
            break
        done += score_all_again(ids, text_ids)
        commit()
        response_id, text_id = max([response_id, *ids]), max([text_id, *text_ids])
        if sys.stderr.isatty():
            click.echo(f"\r{done:,} of {total:,} scored again", nl=False, err=True)
    if sys.stderr.isatty():
        click.echo("\r", nl=False, err=True)
    click.echo(f"{done:,} scored again.")


@click.command("emerging-themes")
@click.option("--week", default=None, help="ISO week, like 2026-W47; the last whole one when not said")
@with_appcontext
def emerging_themes(week: str | None) -> None:
    """Look a week through for new words that no theme knows: one JSON object a line. They wait under Set up, Themes."""
    from app.reports.emerging import ended_week, find_emerging
    from app.reports.iso_weeks import week_of
    from surveys.people.queries import company

    now = clock().now()
    with reading():
        root = company()
        try:
            wanted = week_of(week, root.time_zone) if week and root else ended_week(now)
        except ValueError as error:
            raise click.ClickException(f"{error}. Give it like 2026-W47.") from error
    if wanted is None:
        raise click.ClickException("There is no company yet. Import its places first.")
    found = find_emerging(wanted, now=now)
    for one in found:
        told = {"term": one.term, "language": one.language, **one.figures, "examples": one.examples}
        click.echo(json.dumps(told))
    commit()


@click.command("redact-again")
@with_appcontext
def redact_again() -> None:
    """Read all words that are kept again by the rules of redaction of today; the same as after an upgrade, but now.

    One commit a batch: stopped anywhere, the worker goes on where it was.
    """
    from app.privacy.redacting import begin_again, read_on

    load_scorer()
    policy = settings().policy
    begin_again(policy)
    commit()
    while True:
        run = read_on(policy, most=BATCH, now=clock().now())
        commit()
        if run.finished_at is not None:
            break
        if sys.stderr.isatty():
            click.echo(f"\r{run.seen:,} read again", nl=False, err=True)
    if sys.stderr.isatty():
        click.echo("\r", nl=False, err=True)
    click.echo(f"{run.seen:,} read again, {run.changed:,} changed.")


@click.command("accuracy")
@with_appcontext
def accuracy() -> None:
    """How often the scorer is right, per version and language, as the console shows it: a tab between the columns."""
    click.echo("version\tlanguage\tset\tn\taccuracy\tmacro-F1\tECE")
    with reading():
        versions = accuracy_of_versions()
    for one in versions:
        for name, groups in (("golden", one.golden), ("own", one.own)):
            for language, found in groups.items():
                pairs = (
                    (found.accuracy, found.accuracy_interval),
                    (found.macro_f1, found.macro_f1_interval),
                    (found.ece, found.ece_interval),
                )
                told = [f"{value:.3f} ({low:.3f}-{high:.3f})" for value, (low, high) in pairs]
                click.echo("\t".join([one.version, language, name, str(found.n), *told]))
