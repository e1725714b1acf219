"""The room in which questionnaires are written, looked at and published."""

from app.console.questionnaires import asking, listing, publishing, showing, texting, writing

__all__ = ["asking", "listing", "publishing", "showing", "texting", "writing"]
