"""Everything customers wrote in a week, redacted."""

from collections.abc import Collection

from sqlalchemy import Row, select

from app.extensions import db
from app.reports.figures import Verbatim
from app.reports.iso_weeks import Week
from app.reports.score_queries import given_in
from surveys.people.models import Branch
from surveys.questionnaires.flow import Kind
from surveys.responses.models import Answer, Response


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
    places = {branch.id: branch for branch in db.session.scalars(select(Branch).where(Branch.id.in_(ids)))}
    return [_verbatim(row, places[row.branch_id]) for row in db.session.execute(query)]


def _verbatim(row: Row[*tuple[object, ...]], branch: Branch) -> Verbatim:
    rated = [(kind, getattr(row, kind)) for kind in ("nps", "csat", "ces") if getattr(row, kind) is not None]
    kind, rating = rated[0] if rated else (None, None)
    return Verbatim(
        text=row.text,
        language="zh-Hans" if row.language in ("zh", "mixed") else "en",
        rating=rating,
        kind=kind,
        branch=branch.names,
        branch_code=branch.code,
        polarity=row.polarity,
        themes=tuple(dict.fromkeys(theme["theme"] for theme in row.themes)),
    )
