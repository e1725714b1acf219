"""The worker's part of an import through the console: reads a file into rows, checks them, takes them in.

One file at a time, by one worker at a time: the lease is renewed in the transaction of each batch, so whoever lost it
cannot write, and after a kill the next worker goes on at the batch the last one stood at.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from app.extensions import clock, commit, db, one_by_one, reading, real_now
from app.importing import Batch, Choices, Importing, Kind, Rehearsal, batches, importing
from surveys.people import import_files
from surveys.people.files import open_table
from surveys.people.import_models import ImportFile, PieceKind, State
from surveys.people.imports import Outcome
from surveys.people.table_rows import Refused, UnreadableError, rows_as

LEASE = timedelta(seconds=25)
READING_LEASE = timedelta(minutes=3)  # a large workbook is silent while its words are loaded
PIECES_AT_ONCE = 20


@dataclass
class Counts:
    """What became of the rows so far."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count a batch in."""
        self.new += outcome.new
        self.changed += outcome.changed
        self.same += outcome.same
        self.refused += len(outcome.refused)


def sweep_imports(now: datetime) -> int:
    """Go on with the files that wait for a worker. How many batches moved."""
    with reading():
        waiting = import_files.waiting(real=real_now())
    return one_by_one("import", waiting, _work)


def sweep_import_files(now: datetime) -> int:
    """Delete files and refused rows that were kept long enough."""

    def forget(file_id: int) -> int:
        done = import_files.forget(file_id, now=now)
        commit()
        return done

    with reading():
        stale = import_files.stale(now=now)
    return one_by_one("import file", stale, forget)


def _work(file_id: int) -> int:
    by = uuid4().hex
    if not import_files.claim(file_id, by=by, real=real_now(), lease=LEASE):
        db.session.rollback()
        return 0
    commit()
    file = db.session.get_one(ImportFile, file_id)
    return _read(file, by) if file.state == State.READING else _go_through(file, by)


def _importing(file: ImportFile) -> Importing:
    return importing(Kind(file.kind), Choices(source=file.source, create_customers=file.create_customers))


def _read(file: ImportFile, by: str) -> int:
    """Turn the file into pieces of rows; begun again from the start when a worker was killed over it."""
    file_id, sheet, at_once = file.id, file.sheet, _importing(file).at_once
    import_files.clear(file_id, PieceKind.ROWS)
    import_files.move_on(file_id, by=by, lease_until=real_now() + READING_LEASE)
    commit()
    try:
        hashed = _Hashed(import_files.Pieces(file_id))
        table = open_table(hashed, sheet=sheet)
        pieces, rows = 0, 0
        filled = (one for one in table.records if isinstance(one[1], Refused) or any(one[1]))
        for batch in batches(filled, at_once):
            import_files.keep_rows(file_id, pieces, batch)
            pieces, rows = pieces + 1, rows + len(batch)
            if pieces % PIECES_AT_ONCE == 0:
                if not import_files.move_on(file_id, by=by, rows=rows, lease_until=real_now() + READING_LEASE):
                    db.session.rollback()
                    return 0
                commit()
                db.session.expunge_all()
    except UnreadableError as unreadable:
        db.session.rollback()
        import_files.fail(db.session.get_one(ImportFile, file_id), str(unreadable), now=clock().now())
        commit()
        return 1
    values = {"header": table.header, "pieces": pieces, "rows": rows, "state": State.CHOOSING}
    if not import_files.move_on(file_id, by=by, lease_by=None, lease_until=None, **values):
        db.session.rollback()
        return 0
    import_files.clear(file_id, PieceKind.FILE)
    db.session.get_one(ImportFile, file_id).run.file_hash = hashed.hexdigest()
    commit()
    return 1


class _Hashed:
    """Passes bytes on and remembers what they were, without keeping them."""

    def __init__(self, source: import_files.Pieces) -> None:
        self._source, self._hash = source, sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def _go_through(file: ImportFile, by: str) -> int:
    """Check the rows, each batch taken back, or take them in, from the batch on at which it stands."""
    file_id, pieces, ours, work = file.id, file.pieces, list(file.mapping), _importing(file)
    checking = file.state == State.CHECKING
    rehearsal = Rehearsal(work) if checking else None
    first, counts = (0, Counts()) if checking else (file.position, Counts(**file.counts))
    if checking:
        import_files.clear(file_id, PieceKind.REFUSED)
        commit()
    elif work.counts_repeats:
        for number in range(first):
            _batch(work, file_id, number, ours)
    for number in range(first, pieces):
        batch = _batch(work, file_id, number, ours)
        outcome = _kept(batch, rehearsal)
        counts.add(outcome)
        import_files.keep_refused(file_id, number, outcome.refused)
        if not import_files.move_on(
            file_id, by=by, position=number + 1, counts=asdict(counts), lease_until=real_now() + LEASE
        ):
            db.session.rollback()  # given up by somebody, or taken over: nothing of this batch is kept
            return number - first
        commit()
        db.session.expunge_all()
    _finish(file_id, by, State.CHECKED if checking else State.DONE)
    return max(pieces - first, 1)


def _batch(work: Importing, file_id: int, number: int, ours: list[str]) -> Batch:
    with reading():  # reading takes longer than writing, and must hold up nobody
        found = import_files.records(file_id, number)
    return Batch(work, list(rows_as(ours, found, set())), clock().now())


def _kept(batch: Batch, rehearsal: Rehearsal | None) -> Outcome:
    try:
        outcome = batch.keep(clock().now())
    except IntegrityError:
        # Somebody kept one of these at the same moment; now it is there, and the batch can be told so.
        db.session.rollback()
        outcome = batch.keep(clock().now())
    if rehearsal is not None:
        db.session.rollback()
        rehearsal.correct(batch, outcome)
    return outcome


def _finish(file_id: int, by: str, state: State) -> None:
    if not import_files.move_on(file_id, by=by, state=state, lease_by=None, lease_until=None):
        db.session.rollback()
        return
    if state == State.DONE:
        import_files.complete(db.session.get_one(ImportFile, file_id), now=clock().now())
    commit()
