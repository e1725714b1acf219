"""A file on its way in through the console: its rows are kept encrypted until a worker has taken them in.

reading -> choosing -> checking -> checked -> importing -> done
reading -> failed (unreadable)     checked -> checking (other columns)     any before done -> discarded
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import BigId, Encrypted, Model, UtcDateTime
from surveys.people.models import ImportRun


class State(StrEnum):
    """Where a file stands; a worker moves it on from the three that end in -ing but choosing."""

    READING = "reading"
    CHOOSING = "choosing"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"


WORKED_ON = (State.READING, State.CHECKING, State.IMPORTING)
ENDED = (State.DONE, State.FAILED, State.DISCARDED)


class PieceKind(StrEnum):
    """What a piece holds: bytes as they came, rows as they were read, or rows that were refused."""

    FILE = "file"
    ROWS = "rows"
    REFUSED = "refused"


class ImportFile(Model):
    """A file somebody sent in through the console, and how far it has come."""

    __tablename__ = "import_files"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12), index=True)
    user_id: Mapped[int] = mapped_column(BigId)  # who sent it, for the list
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(40))
    create_customers: Mapped[bool] = mapped_column(default=False)
    sheet: Mapped[str | None] = mapped_column(String(80))
    header: Mapped[list[str]] = mapped_column(JSON, default=list)
    mapping: Mapped[list[str]] = mapped_column(JSON, default=list)  # our name of each column; empty: left out
    pieces: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)  # pieces of rows that are behind it in this pass
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # of this pass
    problem: Mapped[str | None] = mapped_column(Text)
    lease_by: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # real time
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    run: Mapped[ImportRun] = relationship()

    @property
    def kind(self) -> str:
        """What its rows are."""
        return self.run.kind


class ImportPiece(Model):
    """A part of a file, small enough to be worked off and committed at once."""

    __tablename__ = "import_pieces"
    __table_args__ = (UniqueConstraint("file_id", "kind", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("import_files.id"))
    kind: Mapped[str] = mapped_column(String(8))
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Encrypted)
