"""One question: chosen, written, doubled, taken away. Rows are added and taken away by submit buttons as well."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.auth.roles import Permission
from app.console import blueprint
from app.console.needs import needs
from app.console.questionnaires import words
from app.console.questionnaires.form_data import from_form, on_form
from app.console.questionnaires.forms import MADE, MOST_CHOICES, READY, PlainForm, QuestionBase, question_form
from app.console.questionnaires.room import Data, Work, keep, mark, work_on
from app.console.questionnaires.texting import placeholders, sms_counts, texts_of
from app.i18n import gettext as _
from surveys.questionnaires.editing import (
    added,
    another_key,
    doubled,
    earlier,
    key_from,
    keys,
    leaning_on,
    question_of,
    removed,
)
from surveys.questionnaires.editing import replaced as with_instead
from surveys.questionnaires.questions import Kind
from surveys.questionnaires.reading import FIXED
from surveys.questionnaires.starters import starter

FEWEST_ROWS = 2


class Dropped(NamedTuple):
    """An answer just taken away from the form: where it stood, and what stood in it, to be put back."""

    place: int
    row: str


@blueprint.get("/questionnaires/<int:survey_id>/questions/new")
@needs(Permission.ADMINISTER)
def choose_kind(survey_id: int) -> str:
    """What sort of answer the new question takes; once chosen, the question itself."""
    work = work_on(survey_id)
    kind = request.args.get("kind", "")
    if kind not in set(Kind):
        return render_template("console/questionnaires/kinds.html", work=work, words=words)
    return _page(work, _form(work, None, starter(Kind(kind))), None)


@blueprint.post("/questionnaires/<int:survey_id>/questions/new")
@needs(Permission.ADMINISTER)
def add_question(survey_id: int) -> str | Response:
    """Add it at the end, or one more row to its choices."""
    work = work_on(survey_id)
    kind = request.form.get("kind", "")
    if kind not in set(Kind):
        abort(404)
    form = _form(work, None, {"kind": kind}, sent=True)
    if _only_rows(form) or not form.validate_on_submit():
        return _page(work, form, None)
    english = form.text.data.get("en") or ""
    key = key_from(english, keys(work.data), otherwise=f"question_{len(keys(work.data)) + 1}")
    question = from_form(form, {}, earlier(work.data, None), key=key)
    keep(work, added(work.data, question), "add_question", question=key)
    flash(_("The question is added."))
    return redirect(url_for("console.questionnaire", survey_id=survey_id, _anchor=f"q-{key}"), 303)


@blueprint.get("/questionnaires/<int:survey_id>/questions/<key>")
@needs(Permission.ADMINISTER)
def question(survey_id: int, key: str) -> str:
    """One question, to be changed; `kind` asks for the same question with another sort of answer."""
    work, asked = _asked(survey_id, key)
    kind = request.args.get("kind")
    return _page(work, _form(work, key, asked, kind=kind if kind in set(Kind) else None), asked)


@blueprint.get("/questionnaires/<int:survey_id>/questions/<key>/kind")
@needs(Permission.ADMINISTER)
def choose_other_kind(survey_id: int, key: str) -> str:
    """Which sort of answer it takes instead."""
    work, asked = _asked(survey_id, key)
    return render_template("console/questionnaires/kinds.html", work=work, words=words, question=asked)


@blueprint.post("/questionnaires/<int:survey_id>/questions/<key>")
@needs(Permission.ADMINISTER)
def keep_question(survey_id: int, key: str) -> str | Response:
    """Keep it. What somebody else wrote in the meantime is not overwritten unseen."""
    work, asked = _asked(survey_id, key)
    kind = request.form.get("kind", "")
    if kind not in set(Kind):
        abort(404)
    form = _form(work, key, asked, kind=kind, sent=True)
    if form.seen.data != mark(asked):
        form.seen.data = mark(asked)
        return _page(work, form, asked, overtaken=True)
    if _only_rows(form) or not form.validate_on_submit():
        return _page(work, form, asked)
    new_key = _key_for(work, asked, kind)
    question = from_form(form, asked, earlier(work.data, key), key=new_key)
    follows = _follow_the_question(asked, question, form)
    keep(work, with_instead(work.data, key, question), "change_question", question=new_key)
    if new_key != key:
        flash(_("Kept as a new question, so that its answers are not mixed with those given before."))
    else:
        flash(_("Kept. The SMS follows your new words now.") if follows else _("Kept."))
    return redirect(url_for("console.questionnaire", survey_id=survey_id, _anchor=f"q-{new_key}"), 303)


def _key_for(work: Work, asked: Mapping[str, Any], kind: str) -> str:
    """Its key; another one where answers of another sort were published under it."""
    key: str = asked["key"]
    if kind == asked["kind"] or work.live is None or question_of(work.live.definition, key) is None:
        return key
    return another_key(key, {*keys(work.data), *keys(work.live.definition)})


def _follow_the_question(old: Mapping[str, Any], new: Data, form: QuestionBase) -> bool:
    # The ready text asks the ready question: left beside other words it would ask something else than the page.
    if form.sms_mode.data == READY and "sms" in new and new["text"] != old["text"]:
        del new["sms"]
        return True
    return False


@blueprint.post("/questionnaires/<int:survey_id>/questions/<key>/double")
@needs(Permission.ADMINISTER)
def double_question(survey_id: int, key: str) -> Response:
    """The same once more, opened to be changed."""
    work, _question = _asked(survey_id, key)
    data, new = doubled(work.data, key)
    keep(work, data, "double_question", question=new)
    flash(_("This is the copy."))
    return redirect(url_for("console.question", survey_id=survey_id, key=new), 303)


@blueprint.get("/questionnaires/<int:survey_id>/questions/<key>/remove")
@needs(Permission.ADMINISTER)
def confirm_removal(survey_id: int, key: str) -> str:
    """What goes with it, before it goes."""
    work, asked = _asked(survey_id, key)
    leaning = leaning_on(work.data, key)
    return render_template(
        "console/questionnaires/remove.html", work=work, question=asked, leaning=leaning, words=words, form=PlainForm()
    )


@blueprint.post("/questionnaires/<int:survey_id>/questions/<key>/remove")
@needs(Permission.ADMINISTER)
def remove_question(survey_id: int, key: str) -> Response:
    """Take it away from the draft; what was published keeps it."""
    work, _question = _asked(survey_id, key)
    keep(work, removed(work.data, key), "remove_question", question=key)
    flash(_("The question is removed. Published versions keep it."))
    return redirect(url_for("console.questionnaire", survey_id=survey_id), 303)


def _asked(survey_id: int, key: str) -> tuple[Work, Data]:
    work = work_on(survey_id)
    asked = question_of(work.data, key)
    if asked is None:
        abort(404)
    return work, asked


def _form(
    work: Work, key: str | None, asked: Mapping[str, Any], *, kind: str | None = None, sent: bool = False
) -> QuestionBase:
    kind = kind or asked["kind"]
    ready = bool(asked.get("sms")) and kind == asked["kind"]
    before = earlier(work.data, key)
    if sent:
        return question_form(kind, work.languages, before, ready=ready)
    shown = {**on_form({**asked, "kind": kind}), "seen": mark(asked)}
    if kind in (Kind.CHOICE, Kind.CHOICES):
        shown["choices"] += [{}] * (FEWEST_ROWS - len(shown["choices"]))
    return question_form(kind, work.languages, before, ready=ready, formdata=None, data=shown)


def _only_rows(form: QuestionBase) -> bool:
    """Whether a button about the rows of choices was pressed, which is then done."""
    deed, _mark, place = request.form.get("deed", "").partition("-")
    if deed not in ("more", "drop", "up", "back") or form.kind.data not in (Kind.CHOICE, Kind.CHOICES):
        return False
    rows = [row.data for row in form["choices"]]
    here = int(place) if place.isdecimal() and int(place) < len(rows) else None
    if deed == "more" and len(rows) < MOST_CHOICES:
        rows.append({})
    elif deed == "drop" and here is not None:
        g.dropped = Dropped(here, json.dumps(rows.pop(here)))
    elif deed == "back" and place.isdecimal() and len(rows) < MOST_CHOICES:
        rows.insert(int(place), _put_back(request.form.get("dropped", "")))
    elif deed == "up" and here:
        rows[here - 1], rows[here] = rows[here], rows[here - 1]
    form["choices"].process(None, rows)
    return True


def _put_back(row: str) -> dict[str, str]:
    """The row that was taken away, as the page kept it."""
    with suppress(ValueError):
        found = json.loads(row)
        if isinstance(found, dict):
            return {str(name): str(said or "") for name, said in found.items()}
    return {}


def _page(work: Work, form: QuestionBase, asked: Mapping[str, Any] | None, *, overtaken: bool = False) -> str:
    if form.sms_mode.data not in [mode for mode, _label in form.sms_mode.choices]:
        form.sms_mode.data = MADE
    same_kind = asked is not None and form.kind.data == asked["kind"]
    return render_template(
        "console/questionnaires/question.html",
        work=work,
        form=form,
        question=asked,
        kind=form.kind.data,
        before={one["key"]: one for one in earlier(work.data, asked["key"] if asked else None)},
        about=work.about(asked["key"]) if asked else [],
        placeholders=placeholders(work, asked["key"] if asked else None),
        ready=texts_of(work, asked, ready=True) if same_kind and asked and asked.get("sms") else [],
        made=texts_of(work, asked, ready=False) if same_kind and asked else [],
        counts=sms_counts(work, form),
        overtaken=overtaken,
        dropped=g.get("dropped"),
        most=MOST_CHOICES,
        fixed=form.kind.data in FIXED,
        words=words,
    )
