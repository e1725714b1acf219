"""One row that fails must not hold up the others: it is set aside, waits longer each time, and the operator is told.

found --works--> done
found --raises--> Trouble(times, retry_at) --works later--> done, and the trouble is forgotten
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clocks import real_now
from app.extensions.columns import UtcDateTime
from app.extensions.database import BigId, Model, db
from app.extensions.jobs import commit
from app.extensions.transactions import reading

log = logging.getLogger("heed")

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


class Trouble(Model):
    """A row of work that raised: which sweeper, which row, how often, and when it is tried again (real time)."""

    __tablename__ = "troubles"

    work: Mapped[str] = mapped_column(String(40), primary_key=True)
    ref: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    times: Mapped[int]
    error: Mapped[str] = mapped_column(String(80))
    retry_at: Mapped[datetime] = mapped_column(UtcDateTime)


def one_by_one(work: str, refs: Iterable[int], do: Callable[[int], int]) -> int:
    """Do each row of `work` in turn; `do` commits and tells how many moved. One that raises waits for a while."""
    refs = list(refs)
    if not refs:
        return 0
    troubles = select(Trouble).where(Trouble.work == work)
    with reading():
        known = {trouble.ref: trouble.retry_at for trouble in db.session.scalars(troubles)}
    moved = 0
    for ref in refs:
        if ref in known and known[ref] > real_now():
            continue
        try:
            moved += do(ref)
        except Exception as error:
            db.session.rollback()
            _set_aside(work, ref, error)
        else:
            if ref in known:
                db.session.delete(db.session.get_one(Trouble, (work, ref)))
                commit()
    db.session.rollback()
    return moved


def _set_aside(work: str, ref: int, error: Exception) -> None:
    log.error("set aside", extra={"work": work, "ref": ref}, exc_info=error)
    before = db.session.get(Trouble, (work, ref))
    times = before.times + 1 if before is not None else 1
    pause = min(FIRST_PAUSE * 2 ** min(times - 1, 10), LONGEST_PAUSE)
    kind = type(error).__name__[:80]  # not its text: that may hold somebody's words or number
    db.session.merge(Trouble(work=work, ref=ref, times=times, error=kind, retry_at=real_now() + pause))
    commit()
