"""The floor: the same four requests in bare Flask-SQLAlchemy + WTForms.

Nothing but a link that is looked up, a form, a row and a page.
"""

import os

from flask import Flask, render_template, request
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from wtforms import Form, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange

PAGE = """<!doctype html><html lang="en"><title>{{ title }}</title><h1>{{ title }}</h1>
<form method="post">
{% for field in form %}<p>{{ field.label }} {{ field }}{% for e in field.errors %} {{ e }}{% endfor %}</p>
{% endfor %}<button>Send</button></form></html>"""


class Base(DeclarativeBase):
    """Plain."""


db = SQLAlchemy(model_class=Base)


class FloorInvitation(Base):
    """Somebody who may answer."""

    __tablename__ = "floor_invitations"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)


class FloorAnswer(Base):
    """One answer."""

    __tablename__ = "floor_answers"
    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("floor_invitations.id"))
    question: Mapped[str]
    value: Mapped[str]


class Score(Form):
    """A number."""

    answer = IntegerField(validators=[InputRequired(), NumberRange(0, 10)])


class Words(Form):
    """Words."""

    answer = StringField(validators=[InputRequired()])


FORMS: dict[str, type[Score | Words]] = {"recommend": Score, "why": Words, "call": Words}
NEXT = {"recommend": "why", "why": "call", "call": ""}

app = Flask(__name__)
app.jinja_loader = DictLoader({"page.html": PAGE})  # compiled once, as a template in a file is
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("FLOOR_DATABASE_URL", "sqlite://")
db.init_app(app)


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.get("/s/<token>")
def page(token: str) -> str:
    _invitation(token)
    return render_template("page.html", title="recommend", form=Score())


@app.post("/s/<token>")
def answer(token: str) -> str:
    invitation, question = _invitation(token), request.form["question"]
    form = FORMS[question](request.form)
    if form.validate():
        db.session.add(FloorAnswer(invitation_id=invitation.id, question=question, value=str(form.answer.data)))
        db.session.commit()
    following = NEXT[question]
    return render_template("page.html", title=following or "thanks", form=FORMS.get(following, Words)())


def _invitation(token: str) -> FloorInvitation:
    found: FloorInvitation = db.first_or_404(select(FloorInvitation).where(FloorInvitation.token == token))
    return found
