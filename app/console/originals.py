"""An answer as it was written, before redaction: for one role, each time with a reason that the audit log keeps."""

from flask import abort, g, render_template
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

from app.auth.roles import Permission
from app.console import blueprint, labels
from app.console.audited import audited
from app.console.needs import needs
from app.console.queries_answers import answer_in_scope
from app.extensions import clock, commit, db
from surveys.responses.models import Answer

REASONS = {
    "customer": _l("the customer asks for the words"),
    "fraud": _l("a fraud is looked into"),
    "authority": _l("an authority asks for the words"),
    "mistake": _l("something seems taken out by mistake"),
}


class ReasonForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What the words are read for."""

    why = SelectField(_l("What for?"), choices=list(REASONS.items()))


@blueprint.post("/answers/originals/<int:answer_id>")
@needs(Permission.SEE_ORIGINALS)
def original(answer_id: int) -> str:
    """The words whole, once. That they were read, by whom and what for, is written down before they are shown."""
    found = db.session.get(Answer, answer_id)
    form = ReasonForm()
    if found is None or found.original is None or answer_in_scope(g.scope, found.response_id) is None:
        abort(404)
    if not form.validate_on_submit():
        abort(400)
    audited("answer.original", "answer", found.id, why=form.why.data)
    commit()
    return render_template(
        "console/original.html",
        answer=found,
        zone=found.response.invitation.branch.time_zone,
        why=REASONS[form.why.data],
        labels=labels,
        now=clock().now(),
    )
