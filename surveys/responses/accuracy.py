"""How often the scorer is right, per version: on the golden set, and on what the company itself corrected."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from surveys.responses.correction_models import Correction, Refit
from surveys.responses.learning import refits
from surveys.scoring.golden import LANGUAGES, Measured, measured_from, shipped_figures, side_of
from surveys.scoring.language import fold
from surveys.scoring.model import MODEL_VERSION
from surveys.scoring.refit import Moved

VERSIONS = 10
WORDS = 200


@dataclass(frozen=True, kw_only=True)
class VersionFigures:
    """One version of the model, by language; nothing in `own` is judged by what was learnt from itself.

    `own_shipped`: the same comments by the shipped model. `lately`: what it changes in the latest comments.
    """

    version: str
    at: datetime | None = None  # None: as shipped
    corrections: int = 0
    strength: float = 1.0
    lexicon: float = 1.0
    golden: Mapping[str, Measured]
    own: Mapping[str, Measured]
    own_shipped: Mapping[str, Measured]
    lately: Moved | None = None


@dataclass(frozen=True)
class Explained:
    """A word somebody said the meaning of, and how often; `correction_id` is the latest that did."""

    phrase: str
    means: str
    times: int
    by: int
    at: datetime
    correction_id: int


@dataclass(frozen=True)
class Teacher:
    """One person's corrections: how many hold, of them the opposite of what was read, and how many are over."""

    user_id: int
    standing: int
    turned: int
    over: int
    last_at: datetime


def accuracy() -> list[VersionFigures]:
    """The versions, the one of today first; the shipped model of today stands before those on an earlier one."""
    learnt = refits(most=VERSIONS)
    today, earlier = [r for r in learnt if r.base == MODEL_VERSION], [r for r in learnt if r.base != MODEL_VERSION]
    own = _read(today[0].figures["own_shipped"]) if today else {}
    golden = {language: shipped_figures(language) for language in LANGUAGES}
    shipped = VersionFigures(version=MODEL_VERSION, golden=golden, own=own, own_shipped=own)
    return [*map(_figures, today), shipped, *map(_figures, earlier)]


def explained() -> list[Explained]:
    """What people said words mean, the latest first; of two opinions the later one holds, and alone is told."""
    query = select(Correction).where(
        Correction.phrase.is_not(None), Correction.ended_at.is_(None), Correction.forgotten_at.is_(None)
    )
    rows = db.session.scalars(query.order_by(Correction.id.desc()).limit(WORDS)).all()
    times = Counter((fold(row.phrase or ""), row.means) for row in rows)
    latest: dict[str, Explained] = {}
    for row in rows:
        said = fold(row.phrase or "")
        one = Explained(row.phrase or "", row.means or "", times[said, row.means], row.by, row.at, row.id)
        latest.setdefault(said, one)
    return list(latest.values())


def teachers() -> list[Teacher]:
    """Everybody who corrected, those with the most that holds first."""
    over = Correction.ended_at.is_not(None)
    columns = (Correction.by, over, Correction.label, Correction.machine_label)
    query = select(*columns, func.count(), func.max(Correction.at)).group_by(*columns)
    found: dict[int, Teacher] = {}
    for by, is_over, label, machine, n, last in db.session.execute(query):
        before = found.get(by, Teacher(by, 0, 0, 0, last))
        turned = n if not is_over and {side_of(label), side_of(machine)} == {"neg", "pos"} else 0
        held, gone = (0, n) if is_over else (n, 0)
        last_at = max(before.last_at, last)
        found[by] = Teacher(by, before.standing + held, before.turned + turned, before.over + gone, last_at)
    return sorted(found.values(), key=lambda one: (-one.standing, one.user_id))


def standing_of(user_id: int) -> list[int]:
    """Ids of this person's corrections that hold."""
    query = select(Correction.id).where(Correction.by == user_id, Correction.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(Correction.id)))


def _figures(row: Refit) -> VersionFigures:
    return VersionFigures(
        version=f"{row.base}+t{row.version}",
        at=row.at,
        corrections=row.corrections,
        strength=row.strength,
        lexicon=row.lexicon,
        golden=_read(row.figures["golden"]),
        own=_read(row.figures["own"]),
        own_shipped=_read(row.figures["own_shipped"]),
        lately=Moved(**row.figures["lately"]),
    )


def _read(raw: Mapping[str, Mapping[str, object]]) -> dict[str, Measured]:
    return {language: measured_from(figures) for language, figures in raw.items()}
