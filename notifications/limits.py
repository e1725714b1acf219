"""What may leave now: countries, filtered wordings, budgets a day and the pace of a sender, exact for all workers.

Only what is configured is looked at. Whoever asks holds the counters until the commit that marks the attempt, so two
workers never spend the same room.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from app.extensions import db, lock, settings
from config import SendingLimits
from notifications.addresses import PhoneNumber
from notifications.claims import Claimed
from notifications.gsm import segments
from notifications.models import Purpose, SendBudget, SenderPace, StoppedTemplate
from notifications.outbox import PRIORITY
from notifications.pacing import Bucket, Spent, Wish, paced, prefix_of, within_budgets

# A dissatisfied customer's manager hears of them whatever was spent; the pace of the line holds for everybody.
EXEMPT = frozenset({Purpose.ESCALATION, Purpose.CASE})
LOOK_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Held:
    """A text that may not leave now: why (a key of carrier_errors), and when to ask again; None means never."""

    claimed: Claimed
    code: str
    until: datetime | None


def admit(claimed: Sequence[Claimed], *, real: datetime) -> tuple[list[Claimed], list[Held]]:
    """Those that may leave now, most urgent first, and those that may not."""
    texts = sorted((one for one in claimed if one.channel == "sms"), key=_urgency)
    held: list[Held] = []
    for rule in (_lawful, _budgets, _pace):
        texts, stopped = rule(texts, real)
        held += stopped
    return [one for one in claimed if one.channel != "sms"] + texts, held


def _urgency(one: Claimed) -> tuple[int, int]:
    return PRIORITY[Purpose(one.purpose)], one.id


def _lawful(texts: list[Claimed], real: datetime) -> tuple[list[Claimed], list[Held]]:
    allowed = settings().limits.countries
    stopped = stopped_templates({one.template for one in texts if one.template})
    ready, held = [], []
    for one in texts:
        if allowed and country_of(one) not in allowed:
            held.append(Held(one, "country", None))
        elif one.template in stopped and one.purpose not in EXEMPT:
            held.append(Held(one, "template_stopped", real + LOOK_AGAIN))
        else:
            ready.append(one)
    return ready, held


def country_of(claimed: Claimed) -> str | None:
    """The two letters of the place a telephone belongs to; None for a mail and where no single place is known."""
    return PhoneNumber.trusted(claimed.outgoing.to).country if claimed.channel == "sms" else None


# ---- budgets --------------------------------------------------------------------------------------------------------


def _budgets(texts: list[Claimed], real: datetime) -> tuple[list[Claimed], list[Held]]:
    limits = settings().limits
    most = _limits_of(texts, limits)
    if not most:
        return texts, []
    day = real.astimezone(UTC).date()
    lock(*(f"budget:{scope}" for scope in most))
    before = _used(day, most)
    spent = within_budgets([_wish(one, limits) for one in texts], before, most)
    _write(day, before, spent)
    tomorrow = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    admitted = set(spent.admitted)
    return (
        [one for one in texts if one.id in admitted],
        [Held(one, "budget", tomorrow) for one in texts if one.id not in admitted],
    )


def _limits_of(texts: Iterable[Claimed], limits: SendingLimits) -> dict[str, int]:
    most: dict[str, int] = {}
    for one in texts:
        for scope in _wish(one, limits).scopes:
            most[scope] = _most(scope, limits)
    return most


def _most(scope: str, limits: SendingLimits) -> int:
    kind, _, name = scope.partition(":")
    if kind == "prefix":
        return dict(limits.prefixes)[name]
    most = limits.per_day if kind == "all" else limits.per_branch_day
    assert most is not None  # else no text would name this scope
    return most


def _wish(one: Claimed, limits: SendingLimits) -> Wish:
    scopes = ["all"] if limits.per_day is not None else []
    if limits.per_branch_day is not None and one.charge_to:
        scopes.append(f"branch:{one.charge_to}")
    prefix = prefix_of(one.outgoing.to, (p for p, _ in limits.prefixes))
    if prefix:
        scopes.append(f"prefix:{prefix}")
    return Wish(
        id=one.id,
        segments=segments(one.outgoing.body).count,
        scopes=tuple(scopes),
        exempt=one.purpose in EXEMPT,
    )


def _used(day: date, scopes: Iterable[str]) -> dict[str, int]:
    query = select(SendBudget).where(SendBudget.day == day, SendBudget.scope.in_(list(scopes)))
    rows = db.session.scalars(query.execution_options(populate_existing=True))
    return {row.scope: row.segments for row in rows}


def _write(day: date, before: Mapping[str, int], spent: Spent) -> None:
    for scope, amount in spent.used.items():
        if scope not in before:
            db.session.add(SendBudget(scope=scope, day=day, segments=amount))
        elif before[scope] != amount:
            db.session.get_one(SendBudget, (scope, day)).segments = amount
    db.session.flush()


# ---- pace -----------------------------------------------------------------------------------------------------------


def _pace(texts: list[Claimed], real: datetime) -> tuple[list[Claimed], list[Held]]:
    rate = settings().limits.segments_per_second
    if rate is None:
        return texts, []
    ready, held = [], []
    senders = sorted({one.outgoing.sender for one in texts})
    lock(*(f"pace:{sender}" for sender in senders))
    for sender in senders:
        theirs = [one for one in texts if one.outgoing.sender == sender]
        row = db.session.get(SenderPace, sender, populate_existing=True)
        bucket = Bucket(row.tokens, row.at.timestamp()) if row else None
        wishes = [Wish(id=one.id, segments=segments(one.outgoing.body).count) for one in theirs]
        told = paced(wishes, bucket, rate=rate, now=real.timestamp())
        db.session.merge(SenderPace(sender=sender, tokens=told.bucket.tokens, at=real))
        ready += [one for one in theirs if one.id in told.admitted]
        held += [
            Held(one, "paced", real + timedelta(seconds=told.later[one.id])) for one in theirs if one.id in told.later
        ]
    db.session.flush()
    return ready, held


# ---- wordings the carriers filter ------------------------------------------------------------------------------------


def stopped_templates(among: Iterable[str]) -> set[str]:
    """Which of these wordings a carrier has filtered and nobody has released since."""
    wanted = list(among)
    if not wanted:
        return set()
    query = select(StoppedTemplate.template).where(StoppedTemplate.template.in_(wanted))
    return set(db.session.scalars(query))


def stop_template(template: str, *, code: str, now: datetime) -> bool:
    """No more texts of this wording until somebody has changed or released it. False when it stood already."""
    if not template:
        return False
    lock(f"template:{template}")
    if db.session.get(StoppedTemplate, template) is not None:
        return False
    db.session.add(StoppedTemplate(template=template, code=code, since=now))
    db.session.flush()
    return True


def release_template(template: str) -> bool:
    """Let texts of this wording leave again. False when it was not stopped."""
    row = db.session.get(StoppedTemplate, template)
    if row is None:
        return False
    db.session.delete(row)
    db.session.flush()
    return True
