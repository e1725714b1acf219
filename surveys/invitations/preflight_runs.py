"""Pre-flights as kept rows: asked for by somebody, worked off by one worker at a time, the result kept beside it.

waiting -> running -> done        running -> running (taken over after a kill, from the start)
"""

from collections import Counter
from dataclasses import fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, CursorResult, ForeignKey, String, delete, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime, db, hurry, lock
from surveys.invitations.eligibility import Rule
from surveys.invitations.forecast import Forecast, moments_in
from surveys.invitations.models import Programme
from surveys.invitations.preflight import Tally
from surveys.questionnaires.service import latest_version

TASK = "surveys.try_programmes"
LEASE = timedelta(minutes=2)  # renewed with every step; the first one reads what is known about everybody
KEPT = 10  # of a programme

_WHAT_COUNTS = (
    "touchpoint_id",
    "survey_id",
    "branch_id",
    "segment",
    "priority",
    "channels",
    "delay_minutes",
    "sampling_rate",
    "reminder",
    "reminder_channel",
    "policy",
)
_COUNTS = ("events", "eligible", "sampled", "asked", "deferred")


class RunState(StrEnum):
    """How far a pre-flight has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


class PreflightRun(Model):
    """One programme tried on its last days. `tried`: what of the programme decided about the result."""

    __tablename__ = "preflight_runs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), index=True)
    tried: Mapped[dict[str, Any]] = mapped_column(JSON)
    until: Mapped[datetime] = mapped_column(UtcDateTime)  # the moment it was asked for: the last days end here
    by: Mapped[int | None] = mapped_column(BigInteger)  # the id of a user of the console
    moments: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # real time

    @property
    def percent(self) -> int:
        """How much of the moments is behind it."""
        return min(100 * self.seen // self.moments, 100) if self.moments else 0


def ask(programme: Programme, *, now: datetime, by: int | None = None) -> PreflightRun | None:
    """Have a programme tried on its last days; the run that waits already, when there is one for the same plan.

    None while its survey was never published.
    """
    if latest_version(programme.survey_id) is None:
        return None
    lock(f"preflight:{programme.id}")
    tried, last = _tried(programme), latest(programme)
    hurry(TASK)
    if last is not None and last.state != RunState.DONE and last.tried == tried:
        return last
    run = PreflightRun(programme_id=programme.id, state=RunState.WAITING, tried=tried, until=now, by=by)
    db.session.add(run)
    db.session.flush()
    ours = select(PreflightRun.id).where(PreflightRun.programme_id == programme.id)
    kept = ours.order_by(PreflightRun.id.desc()).limit(KEPT).subquery()
    old = PreflightRun.programme_id == programme.id, PreflightRun.id.not_in(select(kept.c.id))
    db.session.execute(delete(PreflightRun).where(*old).execution_options(synchronize_session=False))
    return run


def latest(programme: Programme) -> PreflightRun | None:
    """The run that was asked for last."""
    query = select(PreflightRun).where(PreflightRun.programme_id == programme.id)
    return db.session.scalar(query.order_by(PreflightRun.id.desc()).limit(1))


def still_holds(run: PreflightRun, programme: Programme) -> bool:
    """Whether the programme and its questionnaire are still what was tried."""
    return run.tried == _tried(programme)


def waiting(*, real: datetime) -> list[int]:
    """Runs a worker should take, the oldest first; none while another one is at work."""
    open_ = PreflightRun.state.in_((RunState.WAITING, RunState.RUNNING))
    busy = exists().where(PreflightRun.state == RunState.RUNNING, PreflightRun.lease_until > real)
    return list(db.session.scalars(select(PreflightRun.id).where(open_, ~busy).order_by(PreflightRun.id)))


def claim(run_id: int, *, real: datetime) -> bool:
    """Take a run to work on it. False when somebody else has it; then roll back."""
    free = or_(PreflightRun.lease_until.is_(None), PreflightRun.lease_until <= real)
    mine = update(PreflightRun).where(PreflightRun.id == run_id, PreflightRun.state != RunState.DONE, free)
    values = {"state": RunState.RUNNING, "seen": 0, "lease_until": real + LEASE}
    return _changed(mine.values(**values))


def count(run: PreflightRun) -> None:
    """Note how many moments there are to go through."""
    programme = db.session.get_one(Programme, run.programme_id)
    run.moments = db.session.scalar(select(func.count()).select_from(moments_in(programme, now=run.until))) or 0


def note(run_id: int, *, seen: int, real: datetime) -> None:
    """Note how far a run has come, and keep hold of it."""
    ours = update(PreflightRun).where(PreflightRun.id == run_id, PreflightRun.state == RunState.RUNNING)
    _changed(ours.values(seen=seen, lease_until=real + LEASE))


def finish(run_id: int, found: Forecast | None, *, now: datetime) -> bool:
    """Keep the result. False when another worker was first."""
    ours = update(PreflightRun).where(PreflightRun.id == run_id, PreflightRun.state == RunState.RUNNING)
    result = _as_kept(found) if found else None
    return _changed(ours.values(state=RunState.DONE, result=result, finished_at=now, lease_until=None))


def result_of(run: PreflightRun) -> Forecast | None:
    """What a run found; None until it is done."""
    if run.result is None:
        return None
    kept = dict(run.result)
    stopped = tuple((Rule(rule), number) for rule, number in kept["stopped"])
    tally = Tally(**kept.pop("tally"), stopped=Counter(dict(stopped)))
    return Forecast(
        **{
            **kept,
            "since": datetime.fromisoformat(kept["since"]),
            "until": datetime.fromisoformat(kept["until"]),
            "tally": tally,
            "stopped": stopped,
            "by_channel": tuple((channel, number) for channel, number in kept["by_channel"]),
            "nps": tuple(kept["nps"]),
        }
    )


def _as_kept(found: Forecast) -> dict[str, Any]:
    values = {one.name: getattr(found, one.name) for one in fields(found)}
    return {
        **values,
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "tally": {name: getattr(found.tally, name) for name in _COUNTS},
    }


def _tried(programme: Programme) -> dict[str, Any]:
    version = latest_version(programme.survey_id)
    return {name: getattr(programme, name) for name in _WHAT_COUNTS} | {"version": version.id if version else None}


def _changed(statement: Any) -> bool:
    statement = statement.execution_options(synchronize_session=False)
    return cast(CursorResult[Any], db.session.execute(statement)).rowcount == 1
