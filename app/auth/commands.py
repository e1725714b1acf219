"""`create-user` and `create-api-key`."""

import secrets
import sys

import click
from flask.cli import with_appcontext

from app.auth import audit
from app.auth.roles import Role
from app.auth.service import create_api_key as make_key
from app.auth.service import create_user as make_user
from app.extensions import clock, commit
from surveys.people.queries import branch_by_code, company, staff_by_code


@click.command("create-user")
@click.argument("email")
@click.option("--name", default="", help="What colleagues call them; the e-mail's name when not said")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option(
    "--branch", "code", default=None, help="Code of the place they see, with all below it; the company when not said"
)
@click.option("--staff", "staff_code", default=None, help="Code of the member of staff this is")
@click.option("--language", type=click.Choice(["en", "zh-Hans"]), default="en")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one")
@with_appcontext
def create_user(
    email: str, name: str, role: str, code: str | None, staff_code: str | None, language: str, password_stdin: bool
) -> None:
    """Add an account; prints its password when none was given."""
    branch = branch_by_code(code) if code else company()
    if branch is None:
        raise click.ClickException(
            f"There is no branch {code!r}." if code else "There is no company yet: import one first."
        )
    staff = staff_by_code(staff_code) if staff_code else None
    if staff_code and staff is None:
        raise click.ClickException(f"There is no member of staff {staff_code!r}.")
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(12)
    try:
        user = make_user(
            email=email,
            name=name or email.partition("@")[0],
            password=password,
            role=Role(role),
            branch=branch,
            staff=staff,
            language=language,
            now=clock().now(),
        )
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    audit.record(
        "create_user", actor_kind="command", actor_id=None, subject_kind="user", subject_id=user.id, now=clock().now()
    )
    commit()
    if not password_stdin:
        click.echo(password)


@click.command("create-api-key")
@click.argument("name")
@with_appcontext
def create_api_key(name: str) -> None:
    """Make a key for another system and print it alone; it is shown this once."""
    try:
        key = make_key(name, now=clock().now())
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    audit.record(
        "create_api_key",
        actor_kind="command",
        actor_id=None,
        subject_kind="api_key",
        subject_id=None,
        now=clock().now(),
    )
    commit()
    click.echo(key)
