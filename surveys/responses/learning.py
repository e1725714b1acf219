"""What a company's corrections teach the scorer: refitted as they come, loaded by every process within seconds.

A correction that no refit has taken in (or out) is the work; a refit is a row with a version of its own, and goes with
every score made with it. Only the latest keeps words: who is forgotten is forgotten in what was learnt, too.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from time import monotonic
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, ScalarSelect, Update, and_, func, select, update

from app.extensions import db, lock
from surveys.questionnaires.flow import Kind
from surveys.responses.correction_models import About, Correction, Refit
from surveys.responses.models import Answer, AnswerRevision, FreeText
from surveys.scoring import golden, refit
from surveys.scoring.model import MODEL_VERSION
from surveys.scoring.tables import Question, answers
from surveys.scoring.tenant import Tenant, plain, tenant_from
from surveys.scoring.version import reading_version

LATELY = 300  # comments on which it is shown what was learnt changes
FRESH_SECONDS = 3.0  # real seconds for which a process trusts what it last saw of the version
_held: WeakKeyDictionary[Engine, tuple[float, Tenant | None]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Labelled:
    """One comment as a person labelled it, redacted, beside what the scorer had said: a row of the labelled data."""

    id: int
    about: str
    about_id: int
    response_id: int | None
    text: str
    language: str | None
    asks: str | None
    label: str
    phrase: str | None
    means: str | None
    by: int
    at: datetime
    model_version: str
    machine_label: str | None
    machine_polarity: float | None
    machine_confidence: float | None


_COLUMNS = [getattr(Correction, one.name) for one in fields(Labelled) if one.name != "text"]


@dataclass(frozen=True)
class Material:
    """Everything to learn from; `came` and `went` are the corrections no refit has taken in, or out again.

    `lately`: the latest comments, whoever labelled them or not.
    """

    version: int
    rows: Sequence[Labelled]
    came: Sequence[int]
    went: Sequence[int]
    lately: Sequence[str] = ()


@dataclass(frozen=True)
class Lesson:
    """What was learnt from a material, ready to be kept."""

    material: Material
    fitted: refit.Fitted
    figures: dict[str, Any]


def latest_refit() -> ScalarSelect[int]:
    """The version of what was learnt by now, to be asked for beside what is read anyway; null while nothing is."""
    return select(func.max(Refit.version)).where(Refit.base == MODEL_VERSION).scalar_subquery()


def tenant_of(version: int | None) -> Tenant | None:
    """What was learnt, when its latest version is this one; whatever is later holds, too. None: nothing is learnt."""
    if version is None:
        return None
    known = _held.get(db.engine)
    if known is not None and known[1] is not None and known[1].version == version:
        return known[1]
    # Only the latest keeps its words, so it is always the latest that is loaded, under its own version.
    query = select(Refit.version, Refit.learnt).where(Refit.base == MODEL_VERSION).order_by(Refit.version.desc())
    found = db.session.execute(query.limit(1)).one()
    tenant = tenant_from(found.version, found.learnt)
    _held[db.engine] = (monotonic(), tenant)
    return tenant


def current_tenant() -> Tenant | None:
    """What the company has taught so far; None when nothing. At most one short statement in FRESH_SECONDS."""
    known, now = _held.get(db.engine), monotonic()
    if known is not None and now - known[0] < FRESH_SECONDS:
        return known[1]
    tenant = tenant_of(db.session.scalar(select(latest_refit())))
    _held[db.engine] = (now, tenant)
    return tenant


def current_version() -> str:
    """The version that goes with a score made now."""
    return reading_version(current_tenant())


def look_again() -> None:
    """This process sees at once what was just committed."""
    _held.pop(db.engine, None)


def labelled() -> list[Labelled]:
    """Every comment that stands labelled and is not forgotten, in the order they were labelled."""
    of_answer = and_(Correction.about == About.ANSWER, Correction.forgotten_at.is_(None))
    same = and_(of_answer, Answer.id == Correction.about_id, Answer.at == Correction.words_at)
    former = and_(of_answer, AnswerRevision.answer_id == Correction.about_id, AnswerRevision.at == Correction.words_at)
    free = and_(Correction.about == About.FREE_TEXT, FreeText.id == Correction.about_id)
    text = func.coalesce(Answer.text, AnswerRevision.text, FreeText.text, Correction.words).label("text")
    query = (
        select(*_COLUMNS, text)
        .outerjoin(Answer, same)
        .outerjoin(AnswerRevision, former)
        .outerjoin(FreeText, free)
        .where(*_stands())
        .order_by(Correction.id, AnswerRevision.id)
    )
    found = {row.id: Labelled(**row._mapping) for row in db.session.execute(query) if row.text}
    return list(found.values())


def material() -> Material | None:
    """What to learn from, when something came, went, or another model was shipped; None when all is learnt."""
    latest = db.session.execute(select(Refit.version, Refit.base).order_by(Refit.version.desc()).limit(1)).first()
    unlearnt = select(Correction.id, and_(*_stands())).where(Correction.learned_at.is_(None))
    found = db.session.execute(unlearnt.order_by(Correction.id)).all()
    another = latest is not None and latest.base != MODEL_VERSION
    if not found and not another:
        return None
    came, went = [number for number, stands in found if stands], [number for number, stands in found if not stands]
    return Material((latest.version if latest else 0) + 1, labelled(), came, went, _lately())


def _lately() -> Sequence[str]:
    query = select(Answer.text).where(Answer.text.is_not(None), Answer.kind == Kind.TEXT)
    return [text for text in db.session.scalars(query.order_by(Answer.at.desc()).limit(LATELY)) if text]


def _stands() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Correction.ended_at.is_(None), Correction.forgotten_at.is_(None)


def taught(found: Material) -> Lesson:
    """Learn; touches no database, and takes a tenth of a second for a few dozen corrections, one for the most."""
    rows = found.rows[-refit.MOST :]
    fitted = refit.refit([_as_taught(row) for row in rows], version=found.version)
    figures: dict[str, Any] = {
        "golden": {
            language: asdict(golden.measure(golden.judge(golden.golden_set(language), fitted.tenant)))
            for language in golden.LANGUAGES
        }
    }
    for name, told in (("own", fitted.own), ("own_shipped", fitted.shipped_own)):
        figures[name] = {
            language: asdict(golden.measure(group))
            for language in golden.LANGUAGES
            if (group := [one for row, one in zip(rows, told, strict=True) if row.language == language])
        }
    figures["lately"] = asdict(refit.moved(found.lately, fitted.tenant))
    return Lesson(found, fitted, figures)


def keep(lesson: Lesson, *, now: datetime) -> Refit | None:
    """Let what was learnt hold; None when another worker was first. What older refits knew by word is cleared."""
    lock("learning")
    last = db.session.scalar(select(func.max(Refit.version))) or 0
    if lesson.material.version != last + 1:
        return None
    _change(update(Refit).values(learnt={}))
    row = Refit(
        version=lesson.material.version,
        base=MODEL_VERSION,
        at=now,
        corrections=len(lesson.fitted.own),
        strength=lesson.fitted.strength,
        lexicon=lesson.fitted.lexicon,
        learnt=plain(lesson.fitted.tenant),
        figures=lesson.figures,
    )
    db.session.add(row)
    # One that went while this was being learnt is not taken in: it is left for the next refit to take out.
    for which in ((Correction.id.in_(lesson.material.came), *_stands()), (Correction.id.in_(lesson.material.went),)):
        _change(update(Correction).where(*which).values(learned_at=now))
    db.session.flush()
    return row


def learn_at_once(*, now: datetime) -> None:
    """The same in one step, for whoever must leave no word behind: an erasure. Nobody else learns meanwhile."""
    lock("learning")
    found = material()
    if found is not None:
        keep(taught(found), now=now)


def refits(*, most: int) -> list[Refit]:
    """The latest refits, newest first."""
    return list(db.session.scalars(select(Refit).order_by(Refit.version.desc()).limit(most)))


def _change(statement: Update) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})


def _as_taught(row: Labelled) -> refit.Corrected:
    question = cast(Question, row.asks) if row.asks in answers().answered else None
    return refit.Corrected(row.text, row.label, question, row.phrase, row.means)
