"""The latest corrections within somebody's scope."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from app.auth.roles import Permission, Scope
from app.cases.models import Case
from app.console.queries_events import texts_seen
from app.console.queries_places import cases_seen, responses_seen
from app.extensions import db
from surveys.responses.correction_models import About, Correction
from surveys.responses.models import FreeText, Response


@dataclass(frozen=True)
class Listed:
    """Corrections, the latest first, and whether there are more."""

    rows: list[Correction]
    more: bool


def latest_corrections(scope: Scope, *, most: int) -> Listed:
    """What was corrected last among the words this person may read; nothing for who may correct nothing."""
    if not scope.may(Permission.HANDLE_CASES):
        return Listed([], False)
    query = select(Correction).where(_seen(scope)).order_by(Correction.id.desc()).limit(most + 1)
    rows = list(db.session.scalars(query))
    return Listed(rows[:most], len(rows) > most)


def _seen(scope: Scope) -> ColumnElement[bool]:
    cases = select(Case.id).where(cases_seen(scope))
    texts = select(FreeText.id).where(texts_seen(scope))
    seen = [
        and_(Correction.about == About.CASE, Correction.about_id.in_(cases)),
        and_(Correction.about == About.FREE_TEXT, Correction.about_id.in_(texts)),
    ]
    if scope.may(Permission.SEE_ANSWERS):
        answers = select(Response.id).where(responses_seen(scope))
        seen.append(and_(Correction.about == About.ANSWER, Correction.response_id.in_(answers)))
    return or_(*seen)
