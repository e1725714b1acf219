"""The comments a theme book is tried on."""

from sqlalchemy import select

from app.auth.roles import Scope
from app.extensions import db
from surveys.questionnaires.flow import Kind
from surveys.responses.models import Answer, Response
from surveys.understanding.trial import Comment


def latest_comments(scope: Scope, *, most: int) -> list[Comment]:
    """The latest comments from within a scope, redacted as they are stored, the newest first."""
    query = (
        select(Answer.response_id, Answer.text)
        .join(Response, Response.id == Answer.response_id)
        .where(Answer.kind == Kind.TEXT, Answer.text.is_not(None), Answer.text != "")
        .where(Response.branch_id.in_(scope.branch_ids))
        .order_by(Answer.id.desc())
        .limit(most)
    )
    return [Comment(row.response_id, row.text or "") for row in db.session.execute(query)]
