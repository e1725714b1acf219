"""A manager says what a comment means: the form under an answer, a free text and a case, and the way back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, g, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.auth.roles import Permission
from app.cases.lookup import case_of_origin
from app.cases.models import Case
from app.cases.queries import words_beside
from app.cases.service import may_be_read_again, read_as
from app.console import blueprint, labels
from app.console.audited import audited
from app.console.bar import here_again
from app.console.needs import needs
from app.console.queries_answers import answer_in_scope
from app.console.queries_events import text_in_scope
from app.console.queries_places import case_seen
from app.console.readings import Reading, case_reading, readings, text_readings
from app.extensions import clock, commit, db, hurry, reading
from app.i18n import gettext as _
from surveys.responses.correcting import (
    Corrected,
    Refusal,
    Says,
    correct_answer,
    correct_case,
    correct_text,
    standing,
    take_back,
)
from surveys.responses.correction_models import About, Correction
from surveys.responses.models import FreeText, Response

SAID = {
    Refusal.NO_WORDS: _l("These words are not there to be read any more."),
    Refusal.NOT_IN_WORDS: _l("This does not stand in the comment. Copy it as it is written there."),
}
Answer = AnyResponse | tuple[str, int]


class ReadingForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What a comment means, and which word made it so; `answer` where it is one of several."""

    answer = IntegerField(validators=[Optional()])
    label = SelectField(
        _l("What do they say?"),
        choices=list(labels.READINGS.items()),
        validators=[InputRequired(_l("Choose what they say."))],
    )
    phrase = StringField(validators=[Length(max=60)], filters=[lambda said: (said or "").replace("\0", "").strip()])
    means = SelectField(choices=[("", ""), *labels.WORD_MEANINGS.items()], validators=[Optional()])

    @property
    def answer_id(self) -> int:
        """The comment's answer; 0 is none."""
        return int(self.answer.data or 0)

    @property
    def says(self) -> Says:
        """What was chosen; the form must be valid."""
        return Says(self.label.data, self.phrase.data or "", self.means.data or None)


@dataclass(frozen=True)
class Shown:
    """Words with their reading, as the form shows them again."""

    words: str
    tongue: str
    reading: Reading


@blueprint.post("/answers/<int:response_id>/reading")
@needs(Permission.HANDLE_CASES)
def correct_reading(response_id: int) -> Answer:
    """What the comment means, from now on."""
    response, form, now = _response(response_id), ReadingForm(), clock().now()

    def again(done: Corrected) -> bool:
        if not may_be_read_again(response, now=now):
            return False
        response.review_due = True
        hurry("app.review_response", response.id)
        return True

    return _correct(
        form,
        lambda: correct_answer(response_id, form.answer_id, form.says, by=current_user.id, now=now),
        again,
        lambda: _answer_shown(_response(response_id), form.answer_id),
        subject=("response", response_id),
    )


@blueprint.post("/texts/<int:text_id>/reading")
@needs(Permission.HANDLE_CASES)
def correct_text_reading(text_id: int) -> Answer:
    """What words mean that came without a question."""
    free, form, now = _text(text_id), ReadingForm(), clock().now()

    def again(done: Corrected) -> bool:
        if not may_be_read_again(free, now=now):
            return False
        free.score_version = None  # so that it is looked at again: whom it calls for is found there
        hurry("app.review_due")
        return True

    return _correct(
        form,
        lambda: correct_text(text_id, form.says, by=current_user.id, now=now),
        again,
        lambda: _text_shown(_text(text_id)),
        subject=("free_text", text_id),
    )


@blueprint.post("/cases/<int:case_id>/reading")
@needs(Permission.HANDLE_CASES)
def correct_case_reading(case_id: int) -> Answer:
    """What a complaint means, or what else a case holds."""
    case, form, now = _case(case_id), ReadingForm(), clock().now()
    words = words_beside(case) or ""
    return _correct(
        form,
        lambda: correct_case(case_id, words, form.says, opened_at=case.opened_at, by=current_user.id, now=now),
        lambda done: read_as(case, done.correction.label, now=now),
        lambda: _case_shown(_case(case_id)),
        subject=("case", case_id),
    )


@blueprint.post("/corrections/<int:correction_id>/take-back")
@needs(Permission.HANDLE_CASES)
def take_reading_back(correction_id: int) -> AnyResponse:
    """Heed's own reading holds again."""
    found, now = _correction(correction_id), clock().now()
    if not FlaskForm().validate_on_submit():
        abort(404)
    taken = take_back(found.id, by=current_user.id, now=now)
    if taken is not None:
        hurry("app.learn")
        audited("reading.take_back", *_subject_of(taken), correction=taken.id)
        commit()
    flash(_("Taken back: Heed's own reading holds again.") if taken is not None else _("That was done already."))
    return redirect(here_again(request.form.get("back")), 303)


@blueprint.get("/corrections/<int:correction_id>")
@needs(Permission.HANDLE_CASES)
def correction(correction_id: int) -> str:
    """One correction by itself, with its words as far as they are kept."""
    found = _correction(correction_id)
    shown: Shown | None
    if found.about == About.ANSWER:
        shown = _answer_shown(_response(found.response_id or 0), found.about_id)
    elif found.about == About.FREE_TEXT:
        shown = _text_shown(_text(found.about_id))
    else:
        shown = _case_shown(_case(found.about_id))
    stands = standing(About(found.about), [found.about_id]).get(found.about_id)
    return _page(shown, None, found, stands=stands)


def _correct(
    form: ReadingForm,
    act: Callable[[], Corrected | Refusal],
    again: Callable[[Corrected], bool],
    show: Callable[[], Shown | None],
    *,
    subject: tuple[str, int],
) -> Answer:
    if not form.validate_on_submit():
        return _refused(form, show)
    done = act()
    if isinstance(done, Refusal):
        form.phrase.errors = [SAID[done]]
        return _refused(form, show)
    looked = done.changed and done.unhappier and again(done)
    if done.changed:
        hurry("app.learn")
        detail = {"answer": form.answer_id} if form.answer_id else {}
        audited("reading.correct", *subject, **detail, label=done.correction.label)
    commit()
    flash(_told(subject[0], changed=done.changed, again=looked, unhappier=done.unhappier))
    return redirect(here_again(request.form.get("back")), 303)


def _refused(form: ReadingForm, show: Callable[[], Shown | None]) -> tuple[str, int]:
    with reading():
        shown = show()
        if shown is None:
            abort(404)
        return _page(shown, form, None), 422


def _page(shown: Shown | None, form: ReadingForm | None, found: Correction | None, **more: Any) -> str:
    return render_template(
        "console/reading.html",
        shown=shown,
        form=form,
        found=found,
        back=here_again(request.form.get("back") or request.path),
        labels=labels,
        now=clock().now(),
        **more,
    )


def _answer_shown(response: Response, answer_id: int) -> Shown | None:
    answer = next((one for one in response.answers if one.id == answer_id), None)
    one = readings(response.answers).get(answer_id)
    if answer is None or one is None:
        return None
    return Shown(answer.text or "", labels.tongue(answer.language, labels.tongue(response.language)), one)


def _text_shown(free: FreeText) -> Shown | None:
    one = text_readings([free]).get(free.id)
    return Shown(free.text, labels.tongue_of(free.text), one) if one is not None else None


def _case_shown(case: Case) -> Shown | None:
    words = words_beside(case)
    return Shown(words, labels.tongue_of(words), case_reading(case)) if words else None


def _response(response_id: int) -> Response:
    """The response, when its reader may see it or the case it led to."""
    found = answer_in_scope(g.scope, response_id) if g.scope.may(Permission.SEE_ANSWERS) else None
    if found is None and case_seen(g.scope, case_of_origin("response", str(response_id))):
        found = db.session.get(Response, response_id)
    if found is None:
        abort(404)
    return found


def _text(text_id: int) -> FreeText:
    found = text_in_scope(g.scope, text_id)
    if found is None and case_seen(g.scope, case_of_origin("free_text", str(text_id))):
        found = db.session.get(FreeText, text_id)
    if found is None:
        abort(404)
    return found


def _case(case_id: int) -> Case:
    found = db.session.get(Case, case_id)
    if found is None or not case_seen(g.scope, found):
        abort(404)
    return found


def _correction(correction_id: int) -> Correction:
    found = db.session.get(Correction, correction_id)
    if found is None:
        abort(404)
    where = {About.ANSWER: _response, About.FREE_TEXT: _text, About.CASE: _case}[About(found.about)]
    where(found.response_id or 0 if found.about == About.ANSWER else found.about_id)
    return found


def _subject_of(found: Correction) -> tuple[str, int]:
    if found.about == About.ANSWER:
        return "response", found.response_id or 0
    return found.about, found.about_id


def _told(kind: str, *, changed: bool, again: bool, unhappier: bool) -> str:
    if not changed:
        return _("It was read so already.")
    if kind == "case":
        return _("Kept, and the case is more urgent now.") if again else _("Kept, and Heed learns from it.")
    if again:
        return _("Kept, and it holds at once. If it calls for a person, a case is opened now.")
    if unhappier:
        return _("Kept, and it holds at once. It is too long ago, or its case is over: no case is opened for it.")
    return _("Kept, and it holds at once.")
