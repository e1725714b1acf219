"""One person twice: somebody looks at two records and says whether they are one person; it can be taken back."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import IntegerField
from wtforms.validators import InputRequired

from app.auth.roles import Permission
from app.cases.models import Case
from app.console import blueprint, labels
from app.console.audited import audited
from app.console.needs import needs
from app.console.queries_duplicates import MOST, among, joined, proposed
from app.extensions import clock, commit, db
from app.i18n import gettext as _
from surveys.people.merging import NotMerged, merge, two_people, undo
from surveys.people.models import Customer, Merge


class PairForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Two records, and for `same` the one that stays."""

    first = IntegerField(validators=[InputRequired()])
    second = IntegerField(validators=[InputRequired()])
    keep = IntegerField()


@blueprint.get("/duplicates")
@needs(Permission.ADMINISTER)
def duplicates() -> str:
    """The pairs to look at, and what was decided lately."""
    return _page()


@blueprint.post("/duplicates/same")
@needs(Permission.ADMINISTER)
def same_person() -> AnyResponse | tuple[str, int]:
    """The two are one person: everything moves to the record that stays."""
    first, second, kept_id = _told()
    if kept_id not in (first, second) or first == second:
        abort(404)
    gone_id = second if kept_id == first else first
    done = merge(kept_id, gone_id, now=clock().now())
    if isinstance(done, NotMerged):
        db.session.rollback()
        return _page(done), 409
    _record("customer.merge", kept_id, gone_id)
    commit()
    flash(_("They are one person now. It can be taken back below."))
    return redirect(url_for("console.duplicates"), 303)


@blueprint.post("/duplicates/two")
@needs(Permission.ADMINISTER)
def different_people() -> AnyResponse:
    """They are two people: the pair is not proposed again."""
    first, second, _kept = _told()
    two_people(first, second, now=clock().now())
    _record("customer.two_people", first, second)
    commit()
    flash(_("Noted: two people. You are not asked about them again."))
    return redirect(url_for("console.duplicates"), 303)


@blueprint.post("/duplicates/<int:merge_id>/undo")
@needs(Permission.ADMINISTER)
def undo_merge(merge_id: int) -> AnyResponse | tuple[str, int]:
    """They were two people after all: what was moved goes back."""
    before = db.session.get(Merge, merge_id)
    if before is None or not FlaskForm().validate_on_submit() or not _in_scope(before.kept_id, before.gone_id):
        abort(404)
    done = undo(merge_id, now=clock().now())
    if isinstance(done, NotMerged):
        db.session.rollback()
        return _page(done), 409
    _record("customer.unmerge", done.kept_id, done.gone_id)
    commit()
    flash(_("They are two people again. What came in since stays with the one that stayed."))
    return redirect(url_for("console.duplicates"), 303)


def _told() -> tuple[int, int, int]:
    """The two records a form speaks of, and the one it chose to stay (0: none); all within scope."""
    form = PairForm()
    first, second = form.first.data or 0, form.second.data or 0
    if not form.validate_on_submit() or not _in_scope(first, second):
        abort(404)
    return first, second, form.keep.data or 0


def _in_scope(*customer_ids: int) -> bool:
    ids = [one for one in set(customer_ids) if 0 < one < 2**63]
    found = db.session.scalars(among(g.scope).where(Customer.id.in_(ids))).all()
    return set(found) == set(customer_ids)


def _record(action: str, subject_id: int, other_id: int) -> None:
    audited(action, "customer", subject_id, other=other_id)


def _page(refused: NotMerged | None = None) -> str:
    found = proposed(g.scope)
    return render_template(
        "console/duplicates.html",
        form=PairForm(formdata=None),
        pairs=found[:MOST],
        more=len(found) > MOST,
        joined=joined(g.scope),
        refusal=_why(refused) if refused is not None else None,
        in_the_way=_cases(refused) if refused is not None else [],
        labels=labels,
        now=clock().now(),
    )


def _why(refused: NotMerged) -> str:
    said = {
        "both_open": _(
            "Both have an open case, and one person has one at a time. Close one of them, then say it again."
        ),
        "merged_before": _("One of them was joined with another record meanwhile. Look at the list as it is now."),
        "merged_later": _("The one that stayed was joined with another record later. Take that back first."),
        "undone_before": _("That was taken back already."),
        "erased": _("One of them was erased since, and what is erased cannot be moved."),
    }
    return str(said[refused.code])


def _cases(refused: NotMerged) -> list[Case]:
    if refused.table != Case.__tablename__:
        return []
    return list(db.session.scalars(db.select(Case).where(Case.id.in_(refused.rows)).order_by(Case.id)))
