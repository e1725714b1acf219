"""Keeps the company's theme book: a draft that changes, and versions that publishing freezes.

The version stored with what was found is "built-in-N+DIGEST" for the book the product ships with (only "built-in-N" in
older rows), else the number alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, ScalarSelect, delete, func, select

from app.extensions import db, lock
from surveys.scoring.themes import Data, ThemeBook, compiled, standard_book, standard_data
from surveys.understanding.checks import Fault, faults
from surveys.understanding.editing import taken_back, theme_of, way_back
from surveys.understanding.models import ThemeBookDraft, ThemeBookVersion

MOST_UNDONE = 20
MOST_COMPILED = 8

# A version never changes, so it is read and compiled once a process.
_known: WeakKeyDictionary[Engine, dict[int, tuple[Data, ThemeBook]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Undone:
    """What was taken back."""

    deed: str
    theme: str
    subtheme: str


def latest_number() -> ScalarSelect[int]:
    """The number of the version in use, to be asked for beside what is read anyway; null while none is published."""
    return select(func.max(ThemeBookVersion.number)).scalar_subquery()


def number_in_use() -> int | None:
    """The number of the version in use; None while none was published and the built-in book holds."""
    return db.session.scalar(select(func.max(ThemeBookVersion.number)))


def book_of(number: int | None) -> ThemeBook:
    """The book of this version, ready to find themes with; None is the built-in one."""
    return standard_book() if number is None else _loaded(number)[1]


def data_of(number: int | None) -> Data:
    """The book of this version as data; None is the built-in one. Not to be changed."""
    return standard_data()[1] if number is None else _loaded(number)[0]


def book_in_use() -> ThemeBook:
    """The book that words are read by from now on."""
    return book_of(number_in_use())


def version_name(number: int | None) -> str:
    """The name a version is stored under."""
    return standard_book().version if number is None else str(number)


def _loaded(number: int) -> tuple[Data, ThemeBook]:
    known = _known.setdefault(db.engine, {})
    found = known.get(number)
    if found is None:
        query = select(ThemeBookVersion.definition).where(ThemeBookVersion.number == number)
        data = db.session.scalars(query).one()
        found = data, compiled(data, str(number))
        if len(known) >= MOST_COMPILED:
            known.clear()
        known[number] = found
    return found


def versions() -> list[ThemeBookVersion]:
    """Every published version, the latest first."""
    return list(db.session.scalars(select(ThemeBookVersion).order_by(ThemeBookVersion.number.desc())))


def draft() -> ThemeBookDraft | None:
    """What is being written and not published yet."""
    return db.session.scalar(select(ThemeBookDraft).order_by(ThemeBookDraft.id).limit(1))


def alone() -> None:
    """Have the draft alone until the commit."""
    lock("theme_book")


def save(data: Data, *, deed: Mapping[str, str], now: datetime, by: int | None = None) -> ThemeBookDraft:
    """Keep what was written, whole or not. `deed`: what was done ("deed", "theme", "subtheme"), to be taken back."""
    alone()
    found = draft()
    before = found.definition if found is not None else data_of(number_in_use())
    if found is None:
        found = ThemeBookDraft(past=[])
        db.session.add(found)
    if before != data:
        found.past = [*found.past, {**deed, "back": way_back(before, data)}][-MOST_UNDONE:]
    found.definition, found.changed_at, found.changed_by = data, now, by
    db.session.flush()
    return found


def undo(*, now: datetime, by: int | None = None) -> Undone | None:
    """Take back the last deed; None when there is nothing to take back. The first one takes the draft with it."""
    alone()
    found = draft()
    if found is None or not found.past:
        return None
    *earlier, last = found.past
    found.definition, found.past = taken_back(found.definition, last["back"]), earlier
    found.changed_at, found.changed_by = now, by
    if not earlier and found.definition == data_of(number_in_use()):
        db.session.delete(found)
    db.session.flush()
    return Undone(last["deed"], last.get("theme", ""), last.get("subtheme", ""))


def discard() -> None:
    """Throw the draft away. May run twice."""
    alone()
    db.session.execute(delete(ThemeBookDraft))


def publish(*, now: datetime, by: int | None = None, tongue: str = "en") -> ThemeBookVersion | tuple[Fault, ...] | None:
    """Freeze the draft as the next version and drop it; its faults instead, told in `tongue`; None without a change."""
    alone()
    found, number = draft(), number_in_use()
    if found is None or found.definition == data_of(number):
        return None
    wrong = faults(found.definition, tongue=tongue)
    if wrong:
        return wrong
    version = ThemeBookVersion(number=(number or 0) + 1, definition=found.definition, published_at=now, published_by=by)
    db.session.add(version)
    db.session.delete(found)
    db.session.flush()
    _known.get(db.engine, {}).pop(version.number, None)
    return version


def names_in_use() -> dict[str, Mapping[str, str]]:
    """The names of the themes that hold now and of all that were ever built in, by key; parts as "theme.part"."""
    names: dict[str, Mapping[str, str]] = {}
    for data in (standard_data()[1], data_of(number_in_use())):
        for theme in data["themes"]:
            names[theme["key"]] = theme["names"]
            names |= {f"{theme['key']}.{one['key']}": one["names"] for one in theme["subthemes"]}
    return names


def is_published(key: str, subtheme: str | None = None) -> bool:
    """Whether the book in use knows this theme or part of it, so that stored words may name it."""
    theme = theme_of(data_of(number_in_use()), key)
    return theme is not None and (subtheme is None or any(one["key"] == subtheme for one in theme["subthemes"]))
