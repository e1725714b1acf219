"""Clara is asked by a questionnaire of the story's own."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from surveys.invitations.models import Invitation
from surveys.invitations.tokens import token_of
from surveys.questionnaires.models import SurveyVersion
from surveys.questionnaires.service import publish
from surveys.responses.models import Answer
from tests import world


def asked_by(
    app: Flask, definition: dict[str, Any], now: datetime, run_due: Callable[[], int], *, language: str = "en"
) -> str:
    """The path of the page; the first question lies on Clara's phone, too."""
    with app.app_context():
        world.build(now)
        version = publish({**definition, "key": "branch_visit"}, now=now)
        assert isinstance(version, SurveyVersion), version
        world.served(now, language=language)
        commit()
    run_due()
    with app.app_context():
        return f"/s/{token_of(db.session.scalars(select(Invitation)).one())}"


def kept(app: Flask) -> dict[str, Answer]:
    """What is stored, by question."""
    with app.app_context():
        answers = {a.question_key: a for a in db.session.scalars(select(Answer))}
        for answer in answers.values():
            db.session.expunge(answer)
        return answers
