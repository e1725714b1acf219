"""What a survey page posts, and what that says in answer to a question."""

from flask import request
from wtforms import Form, StringField
from wtforms.validators import Length, Optional

from app.public.page import on_scale
from surveys.questionnaires.flow import Given, Kind, Question

LONGEST_TIME = 80


class AnswerForm(Form):
    """One answer as the page posts it. The token in the address is the credential, so there is no CSRF cookie."""

    question = StringField(validators=[Length(max=40)])
    answer = StringField(validators=[Optional(), Length(max=8000)])
    time = StringField(validators=[Optional(), Length(max=LONGEST_TIME)])
    skip = StringField(validators=[Optional(), Length(max=8)])
    phone = StringField(validators=[Optional(), Length(max=40)])
    submission = StringField(validators=[Optional(), Length(max=64)])


def given_by(form: AnswerForm, question: Question) -> tuple[Given | None, str]:
    """What a form says in answer to this question; None, and which words tell what is missing."""
    text = (form.answer.data or "").strip()
    if form.skip.data and (question.kind is Kind.TEXT or question.optional):
        return Given(skipped=True), ""
    if question.scale:
        value = on_scale(text, question.scale)
        return (None, "choose_number") if value is None else (Given(value=value), "")
    if question.kind is Kind.CHOICES:
        ticked = set(request.form.getlist("answer"))
        chosen = tuple(choice.key for choice in question.choices if choice.key in ticked)
        return (Given(choices=chosen), "") if chosen else (None, "choose_some")
    if question.choices:
        time = (form.time.data or "").strip() if question.kind is Kind.CALLBACK and text != "none" else ""
        return (Given(choice=text, text=time or None), "") if question.choice(text) else (None, "choose_one")
    return (Given(text=text), "") if text else (None, "write_something")
