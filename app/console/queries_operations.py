"""How the machine does: what became of messages, what holds them back, what was set aside."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from app.extensions import Trouble, db, settings
from notifications.models import Circuit, Message, SendBudget, State, StoppedTemplate

LOOKED_BACK = timedelta(days=7)


@dataclass(frozen=True)
class Health:
    """What became of the messages of one provider and country."""

    provider: str
    country: str | None
    handed_over: int
    delivered: int
    failed: int

    @property
    def share(self) -> int | None:
        """Percent delivered of those whose end is known, rounded down: 100 means every one. None when none is known."""
        known = self.delivered + self.failed
        return 100 * self.delivered // known if known else None


@dataclass(frozen=True)
class Code:
    """How often a carrier gave one reason."""

    provider: str
    country: str | None
    code: str
    count: int


@dataclass(frozen=True)
class Budget:
    """What one budget has used up today, of how much."""

    scope: str
    used: int
    most: int | None


@dataclass(frozen=True)
class Operations:
    """Everything the page shows."""

    health: list[Health]
    codes: list[Code]
    circuits: list[Circuit]
    stopped: list[StoppedTemplate]
    budgets: list[Budget]
    troubles: list[tuple[str, int]]
    waiting: int


def operations(*, now: datetime, real: datetime) -> Operations:
    """How things stand; what became of messages over the last seven days."""
    return Operations(
        health=_health(now - LOOKED_BACK),
        codes=_codes(now - LOOKED_BACK),
        circuits=list(db.session.scalars(select(Circuit).where(Circuit.probe_at.is_not(None)))),
        stopped=list(db.session.scalars(select(StoppedTemplate).order_by(StoppedTemplate.since))),
        budgets=_budgets(real),
        troubles=[(work, count) for work, count in db.session.execute(_TROUBLES)],
        waiting=db.session.scalar(select(func.count()).where(Message.state == State.QUEUED)) or 0,
    )


_TROUBLES = select(Trouble.work, func.count()).group_by(Trouble.work).order_by(Trouble.work)
_DELIVERED = (State.DELIVERED,)
_FAILED = (State.FAILED, State.UNDELIVERED)


def _health(since: datetime) -> list[Health]:
    query = (
        select(Message.provider, Message.country, Message.state, func.count())
        .where(Message.created_at >= since, Message.provider.is_not(None))
        .group_by(Message.provider, Message.country, Message.state)
    )
    found: dict[tuple[str, str | None], dict[str, int]] = {}
    for provider, country, state, count in db.session.execute(query):
        found.setdefault((str(provider), country), {})[state] = count
    rows = [
        Health(
            provider,
            country,
            handed_over=sum(states.values()),
            delivered=sum(states.get(state, 0) for state in _DELIVERED),
            failed=sum(states.get(state, 0) for state in _FAILED),
        )
        for (provider, country), states in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.handed_over, row.provider, row.country or ""))


def _codes(since: datetime) -> list[Code]:
    query = (
        select(Message.provider, Message.country, Message.error_code, func.count())
        .where(Message.created_at >= since, Message.error_code.is_not(None))
        .group_by(Message.provider, Message.country, Message.error_code)
        .order_by(func.count().desc())
        .limit(30)
    )
    return [
        Code(provider or "", country, str(code), count) for provider, country, code, count in db.session.execute(query)
    ]


def _budgets(real: datetime) -> list[Budget]:
    limits = settings().limits
    query = select(SendBudget).where(SendBudget.day == real.astimezone(UTC).date()).order_by(SendBudget.scope)
    most = {f"prefix:{prefix}": count for prefix, count in limits.prefixes}
    if limits.per_day is not None:
        most["all"] = limits.per_day
    return [
        Budget(row.scope, row.segments, most.get(row.scope, limits.per_branch_day)) for row in db.session.scalars(query)
    ]
