"""The floor: database, column types, clock, jobs. Imports none of our code but config, so that all may stand on it."""

import base64
import hashlib
import hmac
import logging
import queue
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from celery import Celery, Task
from cryptography.fernet import Fernet, MultiFernet
from flask import Flask, current_app, g, has_app_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    String,
    Text,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from config import ROOT, Config

log = logging.getLogger("heed")

BigId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can speak of them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def settings() -> Config:
    """The configuration of the running application."""
    return cast(Config, current_app.extensions["heed.config"])


# ---- column types -------------------------------------------------------------------------------------------------


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on both databases. Raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Keys:
    """The key ring: encryption keys may be rotated (newest first), index keys never are."""

    def __init__(self, config: Config) -> None:
        self._index = config.index_key.encode()
        self._fernet = MultiFernet([Fernet(_fernet_key(k)) for k in config.data_keys])

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode("utf-8", "surrogatepass")).decode("ascii")

    def decrypt(self, token: str) -> str:
        return self._fernet.decrypt(token).decode("utf-8", "surrogatepass")

    def mac(self, purpose: str, text: str) -> bytes:
        """A keyed hash, different for each purpose. 32 bytes."""
        message = purpose.encode() + b"\0" + text.encode("utf-8", "surrogatepass")
        return hmac.new(self._index, message, hashlib.sha256).digest()


def _fernet_key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"heed-data\0" + secret.encode()).digest())


def keys() -> Keys:
    """The key ring of the running application."""
    return cast(Keys, current_app.extensions["heed.keys"])


class Encrypted(TypeDecorator[str]):
    """Text at rest as ciphertext. It cannot be searched: put a BlindIndex beside it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keys().encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keys().decrypt(value)


class Blind(str):
    """A keyed hash already made; comparing a column with one does not hash it again."""

    __slots__ = ()


class BlindIndex(TypeDecorator[str]):
    """A keyed hash of an address, for equality only. Assign or compare the address in its canonical form (E.164)."""

    impl = String(44)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or isinstance(value, Blind):
            return None if value is None else str(value)
        return str(blind(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else Blind(value)


def blind(address: str) -> Blind:
    """The keyed hash a BlindIndex column holds for this address."""
    return Blind(base64.urlsafe_b64encode(keys().mac("address", address)).decode("ascii").rstrip("="))


# ---- transactions -------------------------------------------------------------------------------------------------


@contextmanager
def reading() -> Iterator[None]:
    """Read without ever blocking a writer: the transactions begun inside are deferred and refuse to write."""
    before = g.get("reading", False)
    db.session.rollback()
    g.reading = True
    try:
        yield
    finally:
        db.session.rollback()
        g.reading = before


@event.listens_for(Engine, "connect")
def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # the driver must not begin on its own; _begin does
        # recursive_triggers: without it INSERT OR REPLACE would slip past the ledgers' delete trigger.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=15000",
            "recursive_triggers=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    read_only = has_app_context() and g.get("reading", False)
    if connection.dialect.name == "sqlite":
        # An upgrade from a deferred read to a write can fail at any moment; so writers take the lock at once.
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
    elif read_only:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def lock(*names: str) -> None:
    """Hold these names until the transaction ends; whoever asks for one of them waits. SQLite's writers hold all."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    for name in sorted(set(names)):
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        db.session.execute(select(func.pg_advisory_xact_lock(number)))


# ---- clock --------------------------------------------------------------------------------------------------------


class ClockAnchor(Model):
    """Where the business clock was tied to the real one, so that all processes and a restart agree."""

    __tablename__ = "clock_anchor"

    id: Mapped[int] = mapped_column(primary_key=True)
    real_at: Mapped[datetime] = mapped_column(UtcDateTime)
    heed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    speed: Mapped[float]


class Heartbeat(Model):
    """When each part of the system was last seen alive, in real time."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def real_now() -> datetime:
    """The real time: leases, time-outs, retries, sessions and signatures live by it."""
    return datetime.now(UTC)


class Clock:
    """The business clock. At speed 1 it is the real one; in a demo it may run faster, anchored in the database."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._anchor: tuple[datetime, datetime, float] | None = None

    def now(self) -> datetime:
        """The present for everything a customer or a manager sees, as aware UTC."""
        if self.speed == 1:
            return real_now()
        real_at, heed_at, speed = self._anchor = self._anchor or self._load()
        return heed_at + (real_now() - real_at) * speed

    def _load(self) -> tuple[datetime, datetime, float]:
        with Session(db.engine) as session:
            row = session.get(ClockAnchor, 1)
            now = real_now()
            if row is None or row.speed != self.speed:
                heed_at = now if row is None else row.heed_at + (now - row.real_at) * row.speed
                row = session.merge(ClockAnchor(id=1, real_at=now, heed_at=heed_at, speed=self.speed))
                session.commit()
            return row.real_at, row.heed_at, row.speed


def clock() -> Clock:
    """The clock of the running application; only doors ask it."""
    return cast(Clock, current_app.extensions["heed.clock"])


def beat_alive(name: str, *, within: timedelta) -> bool:
    """Whether that part reported within the last `within` of real time."""
    row = db.session.get(Heartbeat, name)
    return row is not None and real_now() - row.at <= within


# ---- jobs ---------------------------------------------------------------------------------------------------------


class Hurry:
    """Nudges the queue after a commit, from a thread of its own: a dead broker never holds or fails a request.

    A nudge that is lost costs a second: rows are the work, sweepers find them.
    """

    def __init__(self, celery: Celery) -> None:
        self._celery = celery
        self._waiting: queue.Queue[tuple[str, tuple[Any, ...]]] = queue.Queue(maxsize=10_000)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self, task: str, *args: Any) -> None:
        if self._thread is None or not self._thread.is_alive():
            with self._lock:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._publish, name="heed-nudges", daemon=True)
                    self._thread.start()
        try:
            self._waiting.put_nowait((task, args))
        except queue.Full:
            log.debug("nudge dropped", extra={"task": task})

    def _publish(self) -> None:
        while True:
            task, args = self._waiting.get()
            try:
                self._celery.send_task(task, args=args, retry=False, ignore_result=True)
            except Exception as error:  # any broker trouble whatever: the sweepers do the work
                log.warning("broker does not answer", extra={"error": type(error).__name__})
                threading.Event().wait(1.0)


class RecordedNudges(list[tuple[str, tuple[Any, ...]]]):
    """Keeps nudges instead of sending them; a story then calls run_due(now)."""

    def __call__(self, task: str, *args: Any) -> None:
        self.append((task, args))


def hurry(task: str, *args: Any) -> None:
    """Ask for `task` to run soon, once this session has committed. Asked twice: the task finds its row or none."""
    wanted = db.session.info.setdefault("hurry", [])
    if (task, args) not in wanted:
        wanted.append((task, args))


def commit() -> None:
    """Commit the unit of work, then nudge. The one way a door ends its transaction."""
    db.session.commit()
    for task, args in db.session.info.pop("hurry", ()):
        current_app.extensions["heed.hurry"](task, *args)


@event.listens_for(Session, "after_rollback")
def _forget_nudges(session: Session) -> None:
    session.info.pop("hurry", None)


class FlaskTask(Task):  # type: ignore[misc]  # celery has no types
    """Runs inside an application context and leaves no open transaction behind."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with self.app.flask_app.app_context():
            return self.run(*args, **kwargs)


def init_celery(app: Flask, config: Config) -> Celery:
    """The Celery application bound to this Flask application; tasks are the shared tasks of the packages."""
    celery = Celery(app.name, task_cls=FlaskTask)
    celery.flask_app = app
    celery.conf.update(config.celery())
    celery.set_default()
    app.extensions["celery"] = celery
    return celery


def _make_folder(database_url: str) -> None:
    # SQLite makes its file and not the folder; a fresh clone has no folder yet.
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def init_app(app: Flask, config: Config) -> None:
    """Ties the floor to one application: keys, database, migrations, jobs, and reading transactions for GET."""
    app.extensions["heed.keys"] = Keys(config)
    _make_folder(config.database_url)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    celery = init_celery(app, config)
    app.extensions["heed.hurry"] = RecordedNudges() if config.environment == "testing" else Hurry(celery)

    @app.before_request
    def _readers_never_block() -> None:
        g.reading = request.method in ("GET", "HEAD", "OPTIONS")

    @app.teardown_request
    def _back_to_writing(_error: BaseException | None) -> None:
        g.pop("reading", None)
