"""Files on their way in: received in pieces, claimed by one worker at a time, read into rows, and cleared away."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, cast

from sqlalchemy import CursorResult, delete, exists, or_, select, update

from app.extensions import db
from surveys.people.import_models import ENDED, WORKED_ON, ImportFile, ImportPiece, PieceKind, State
from surveys.people.imports import REFUSED_LINES, begin_run
from surveys.people.table_rows import Number, Refused, Shortened, Source

PIECE_BYTES = 1 << 20
KEPT = timedelta(days=7)  # whatever became of it
REFUSED_KEPT = timedelta(days=1)  # after the import is done

_CELLS: tuple[type[str], ...] = (str, Number, Shortened)
Record = tuple[int, list[str] | Refused]


def receive(
    content: Source,
    *,
    kind: str,
    name: str,
    source: str,
    sheet: str | None,
    create_customers: bool,
    user_id: int,
    now: datetime,
) -> ImportFile:
    """Keep a file for the worker to read."""
    file = ImportFile(
        run=begin_run(kind, now=now),
        state=State.READING,
        user_id=user_id,
        name=name,
        source=source,
        sheet=sheet,
        create_customers=create_customers,
        created_at=now,
    )
    db.session.add(file)
    db.session.flush()
    number = 0
    while chunk := content.read(PIECE_BYTES):
        _add_piece(file.id, PieceKind.FILE, number, chunk.decode("latin-1"))
        number += 1
    return file


class Pieces:
    """The bytes of a file, one piece in memory at a time."""

    def __init__(self, file_id: int) -> None:
        self._file_id, self._number, self._left = file_id, 0, b""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; none at the end."""
        if not self._left:
            content = _piece(self._file_id, PieceKind.FILE, self._number)
            self._number += 1
            self._left = (content or "").encode("latin-1")
        if size < 0:
            size = len(self._left)
        data, self._left = self._left[:size], self._left[size:]
        return data


def waiting(*, real: datetime) -> list[int]:
    """Files a worker should go on with, the oldest first; none while another one is at work."""
    busy = exists().where(ImportFile.state.in_(WORKED_ON), ImportFile.lease_until > real)
    query = select(ImportFile.id).where(ImportFile.state.in_(WORKED_ON), ~busy)
    return list(db.session.scalars(query.order_by(ImportFile.id)))


def claim(file_id: int, *, by: str, real: datetime, lease: timedelta) -> bool:
    """Take a file to work on it. False when somebody else has it or it needs no work; then roll back."""
    mine = update(ImportFile).where(
        ImportFile.id == file_id,
        ImportFile.state.in_(WORKED_ON),
        or_(ImportFile.lease_until.is_(None), ImportFile.lease_until <= real),
    )
    return _changed(mine.values(lease_by=by, lease_until=real + lease))


def move_on(file_id: int, *, by: str, **values: Any) -> bool:
    """Note how far it has come, in the transaction of the work itself. False when it was taken away; then roll back."""
    return _changed(update(ImportFile).where(ImportFile.id == file_id, ImportFile.lease_by == by).values(**values))


def _changed(statement: Any) -> bool:
    statement = statement.execution_options(synchronize_session=False)
    return cast(CursorResult[Any], db.session.execute(statement)).rowcount == 1


def choose(file: ImportFile, mapping: Sequence[str]) -> bool:
    """Say what its columns are, and have it checked. False when it stands elsewhere."""
    return _begin(file, State.CHECKING, from_states=(State.CHOOSING, State.CHECKED), mapping=list(mapping))


def start(file: ImportFile) -> bool:
    """Have it imported. False when it is not checked, or started already."""
    return _begin(file, State.IMPORTING, from_states=(State.CHECKED,))


def _begin(file: ImportFile, state: State, *, from_states: Sequence[State], **values: Any) -> bool:
    here = update(ImportFile).where(ImportFile.id == file.id, ImportFile.state.in_(from_states))
    if not _changed(here.values(state=state, position=0, counts={}, lease_until=None, lease_by=None, **values)):
        return False
    clear(file.id, PieceKind.REFUSED)
    db.session.refresh(file)
    return True


def discard(file: ImportFile, *, now: datetime) -> bool:
    """Give it up; what was imported before stays. False when it had ended."""
    open_still = update(ImportFile).where(ImportFile.id == file.id, ImportFile.state.not_in(ENDED))
    if not _changed(open_still.values(state=State.DISCARDED, lease_by=None, lease_until=None)):
        return False
    clear(file.id, *PieceKind)
    file.run.finished_at, file.run.counts = now, dict(file.counts)
    return True


def fail(file: ImportFile, problem: str, *, now: datetime) -> None:
    """It cannot be read: say why, keep nothing of it."""
    clear(file.id, *PieceKind)
    file.run.finished_at = now
    file.state, file.problem, file.lease_by, file.lease_until = State.FAILED, problem, None, None


def complete(file: ImportFile, *, now: datetime) -> None:
    """All rows are in: the run has its counts and lines, and only refused rows are kept, for a day."""
    lines = [refused.line for refused in islice(refused_rows(file.id), REFUSED_LINES)]
    file.run.counts, file.run.finished_at = {**file.counts, "refused_lines": lines}, now
    clear(file.id, PieceKind.ROWS)


def keep_rows(file_id: int, number: int, records: Sequence[Record]) -> None:
    """Keep a piece of rows as they were read."""
    kept = [
        [line, found.message, list(found.cells)]
        if isinstance(found, Refused)
        else [line, None, [[_CELLS.index(type(cell)), cell] if type(cell) is not str else cell for cell in found]]
        for line, found in records
    ]
    _add_piece(file_id, PieceKind.ROWS, number, json.dumps(kept, ensure_ascii=False))


def records(file_id: int, number: int) -> list[Record]:
    """The rows of a piece, as they were read."""
    found: list[Record] = []
    for line, message, cells in json.loads(_piece(file_id, PieceKind.ROWS, number) or "[]"):
        if message is not None:
            found.append((line, Refused(line, message, tuple(cells))))
        else:
            found.append((line, [cell if isinstance(cell, str) else _CELLS[cell[0]](cell[1]) for cell in cells]))
    return found


def keep_refused(file_id: int, number: int, refused: Sequence[Refused]) -> None:
    """Keep the refused rows of a piece, for the file to be mended."""
    if refused:
        kept = [[one.line, one.message, list(one.cells)] for one in refused]
        _add_piece(file_id, PieceKind.REFUSED, number, json.dumps(kept, ensure_ascii=False))


def refused_rows(file_id: int) -> Iterator[Refused]:
    """Every refused row, in the order of the lines."""
    pieces = select(ImportPiece.content).where(ImportPiece.file_id == file_id, ImportPiece.kind == PieceKind.REFUSED)
    for content in db.session.scalars(pieces.order_by(ImportPiece.number).execution_options(yield_per=20)):
        for line, message, cells in json.loads(content):
            yield Refused(line, message, tuple(cells))


def clear(file_id: int, *kinds: PieceKind) -> None:
    """Delete the pieces of these kinds."""
    db.session.execute(delete(ImportPiece).where(ImportPiece.file_id == file_id, ImportPiece.kind.in_(kinds)))


def stale(*, now: datetime) -> list[int]:
    """Files of which something is kept longer than it may be."""
    something = exists().where(ImportPiece.file_id == ImportFile.id)
    done = ImportFile.run.has(finished_at=None)
    query = select(ImportFile).where(something | (ImportFile.state.not_in(ENDED) & done))
    return [file.id for file in db.session.scalars(query) if _too_old(file, now)]


def _too_old(file: ImportFile, now: datetime) -> bool:
    ended = file.run.finished_at
    return file.created_at <= now - KEPT or (ended is not None and ended <= now - REFUSED_KEPT)


def forget(file_id: int, *, now: datetime) -> bool:
    """Delete what is kept of a file; one that never ended is given up."""
    file = db.session.get_one(ImportFile, file_id)
    if not discard(file, now=now):
        clear(file_id, *PieceKind)
    return True


def _add_piece(file_id: int, kind: PieceKind, number: int, content: str) -> None:
    db.session.add(ImportPiece(file_id=file_id, kind=kind, number=number, content=content))
    db.session.flush()


def _piece(file_id: int, kind: PieceKind, number: int) -> str | None:
    return db.session.scalar(
        select(ImportPiece.content).where(
            ImportPiece.file_id == file_id, ImportPiece.kind == kind, ImportPiece.number == number
        )
    )
