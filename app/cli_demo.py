"""`seed-demo` and `simulate`."""

import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import click
from flask.cli import with_appcontext

from app.demo.comments import Comments
from app.demo.day import Caller, Town, silent_phones
from app.demo.people import ZONE
from app.demo.seed import SEED, has_customers
from app.demo.seed import seed_demo as make_company
from app.extensions import beat_alive, clock, commit, db, hurry, settings
from notifications import PhoneNumber, inbound
from notifications.channels.simulator import PROVIDER, carry
from notifications.models import InboundMessage
from surveys.invitations.eligibility import Channel
from surveys.invitations.events import Received, record
from surveys.invitations.models import OPEN, Invitation
from surveys.people.queries import sms_reach
from surveys.questionnaires.service import definition_of
from surveys.responses.dialogues import open_dialogue

PATIENCE = 20.0  # real seconds to wait for a text
TURNS = 6


@click.command("seed-demo")
@click.option("--if-empty", is_flag=True, help="Do nothing when the database already holds customers.")
@click.option("--seed", type=int, default=SEED, help="Another number makes another bank.")
@with_appcontext
def seed_demo(if_empty: bool, seed: int) -> None:
    """Fill an empty database with the demo bank."""
    if settings().production:
        raise click.ClickException("The demo bank has a printed password; it is not made in production.")
    if has_customers():
        if if_empty:
            return
        raise click.ClickException(
            "This database already holds customers. Set HEED_DATABASE_URL to an empty one, or delete the demo database."
        )
    begun = time.monotonic()
    made = make_company(now=clock().now(), seed=seed)
    commit()
    took = time.monotonic() - begun
    click.echo(
        f"Demo bank: {made.customers:,} customers, {made.answers:,} answers, {made.cases:,} cases in {took:.0f} s"
    )


@click.command("simulate")
@click.option("--events", type=click.IntRange(0, 10_000), default=10, show_default=True, help="Customers served.")
@click.option("--answers", is_flag=True, help="Let customers answer their texts as well.")
@click.option("--seed", type=int, default=None, help="The same number serves the same customers again.")
@with_appcontext
def simulate(events: int, answers: bool, seed: int | None) -> None:
    """A little life in the demo bank: customers are served and, with --answers, reply to their texts."""
    if settings().sms_channel != "simulator":
        raise click.ClickException("simulate moves simulated phones only; set HEED_SMS_CHANNEL=simulator.")
    rng = Random(seed)
    town = Town(rng, now=clock().now())
    db.session.rollback()
    if not town.is_demo:
        raise click.ClickException("There is no demo bank here; run seed-demo on an empty database first.")
    asked = [found for _ in range(events) if (found := _serve(town)) is not None]
    if not answers:
        return
    comments = Comments(rng)
    for invitation_id in [*asked, *silent_phones(rng, most=max(2, events // 3))]:
        if rng.random() < 0.8:
            _answer(invitation_id, rng, comments)


def _serve(town: Town) -> int | None:
    """Somebody was served; the invitation to wait for, if they are asked today."""
    now = clock().now()
    received = record(town.visit(now=now), now=now)
    if not isinstance(received, Received):
        db.session.rollback()
        _say(received.detail)
        return None
    event, invitation = received.event, received.invitation
    stopped = [rule["rule"] for rule in event.rules if rule["verdict"] == "stop"]
    send_at = invitation.send_at if invitation else None
    where, touchpoint, reference = event.branch.code, event.touchpoint.key, event.external_ref
    decision = event.decision
    waits = invitation.id if invitation is not None and send_at is not None and send_at <= now else None
    commit()
    if send_at is not None and decision == "scheduled":
        local = send_at.astimezone(ZoneInfo(ZONE))
        told = "asked now" if waits else f"asked at {local:%H:%M on %d %b}"
    else:
        told = f"not asked: {', '.join(stopped)}"
    _say(f"{where}  {touchpoint:12}  {reference}  {told}")
    return waits


def _answer(invitation_id: int, rng: Random, comments: Comments) -> None:
    """One customer answers, text by text, until nothing more is asked."""
    if not _until(lambda: _is_open(invitation_id)):
        return
    invitation = db.session.get_one(Invitation, invitation_id)
    caller, definition = Caller(invitation, rng, comments), definition_of(invitation.version)
    reach, phone_index, customer = sms_reach(invitation.customer_id), invitation.phone_index, invitation.customer_id
    db.session.rollback()
    if reach is None or phone_index is None or invitation.channel == Channel.EMAIL:
        return
    for _ in range(TURNS):
        dialogue = open_dialogue(phone_index)
        question = definition.question(dialogue.asking or "") if dialogue is not None else None
        ours = dialogue is not None and dialogue.invitation_id == invitation_id
        db.session.rollback()
        if question is None or not ours:
            return
        text = _text(PhoneNumber.trusted(reach.address), caller.text(question))
        if not _until(lambda text=text: _outcome(text) is not None):  # type: ignore[misc]  # bound at once
            _say(f"customer {customer}  texted about {question.key}; nobody has read it yet")
            return
        _say(f"customer {customer}  {question.key:10}  {_outcome(text)}")


def _text(phone: PhoneNumber, body: str) -> int:
    """A text from this phone, the way a carrier hands it over."""
    carried = carry(direction="inbound", sender=phone.e164, to=settings().sms_from, body=body, status="received")
    kept = inbound.receive(
        provider=PROVIDER,
        provider_message_id=carried.sid,
        sender=phone,
        to=settings().sms_from,
        body=body,
        now=clock().now(),
    )
    assert kept is not None  # the carrier has just given it a number of its own
    hurry("app.handle_inbound", kept)
    commit()
    return kept


def _is_open(invitation_id: int) -> bool:
    invitation = db.session.get(Invitation, invitation_id, populate_existing=True)
    return invitation is not None and invitation.state in OPEN


def _outcome(inbound_id: int) -> str | None:
    message = db.session.get(InboundMessage, inbound_id, populate_existing=True)
    return message.outcome if message is not None and message.handled_at is not None else None


def _until(holds: Callable[[], bool]) -> bool:
    """Wait for the running Heed to do its part; do it here when none is running. False when it takes too long."""
    from app.tasks import run_due

    given_up = time.monotonic() + PATIENCE
    while True:
        found = holds()
        db.session.rollback()
        if found or time.monotonic() > given_up:
            return found
        alive = beat_alive("scheduler", within=timedelta(seconds=15))
        db.session.rollback()
        if alive:
            time.sleep(0.1)
        elif not run_due(clock().now()) and not holds():
            return False


def _say(line: str) -> None:
    click.echo(f"{clock().now().astimezone(ZoneInfo(ZONE)):%H:%M:%S}  {line}")
