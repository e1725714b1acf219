"""Everything customers wrote in a week, redacted: comments on what they were asked, and texts nobody asked for."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Row, literal_column, select

from app.extensions import db
from app.reports.figures import Verbatim
from app.reports.iso_weeks import Week
from app.reports.score_queries import given_in
from surveys.people.models import Branch
from surveys.questionnaires.flow import Kind
from surveys.responses.models import Answer, FreeText, Response


def comments(ids: Collection[int], week: Week) -> list[Verbatim]:
    """Every comment about these places given in this week, in the order they came."""
    query = (
        select(
            Answer.text,
            Answer.language,
            Answer.polarity,
            Answer.themes,
            Response.nps,
            Response.csat,
            Response.ces,
            Response.branch_id,
        )
        .join(Response, Response.id == Answer.response_id)
        .where(*given_in(ids, week), Answer.kind == Kind.TEXT, Answer.text.is_not(None), Answer.text != "")
        .order_by(Answer.id)
    )
    places = _places(ids)
    return [_rated(row, places[row.branch_id]) for row in db.session.execute(query)]


def texts(ids: Collection[int], week: Week) -> list[Verbatim]:
    """Everything that customers of these places wrote in this week without being asked, once it was read."""
    query = select(FreeText).where(
        FreeText.branch_id.in_(ids),
        FreeText.at >= week.begins,
        FreeText.at < week.ends,
        FreeText.text != literal_column("''"),  # written out: so SQLite knows its index
        FreeText.score_version.is_not(None),
    )
    places = _places(ids)
    return [_verbatim(free, places[free.branch_id or 0]) for free in db.session.scalars(query.order_by(FreeText.id))]


def _places(ids: Collection[int]) -> dict[int, Branch]:
    return {branch.id: branch for branch in db.session.scalars(select(Branch).where(Branch.id.in_(ids)))}


def _tongue(language: str | None) -> str:
    return "zh-Hans" if language in ("zh", "mixed") else "en"


def _keys(themes: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(theme["theme"]) for theme in themes))


def _rated(row: Row[*tuple[Any, ...]], branch: Branch) -> Verbatim:
    rated = [(kind, getattr(row, kind)) for kind in ("nps", "csat", "ces") if getattr(row, kind) is not None]
    return _verbatim(row, branch, *(rated[0] if rated else (None, None)))


def _verbatim(
    said: FreeText | Row[*tuple[Any, ...]], branch: Branch, kind: str | None = None, rating: int | None = None
) -> Verbatim:
    return Verbatim(
        text=said.text,
        language=_tongue(said.language),
        rating=rating,
        kind=kind,
        branch=branch.names,
        branch_code=branch.code,
        polarity=said.polarity,
        themes=_keys(said.themes),
    )
