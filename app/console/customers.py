"""Customers: search and recognise, and one customer's page."""

from flask import abort, g, redirect, render_template, url_for
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SearchField
from wtforms.validators import InputRequired, Length

from app.auth.roles import Permission
from app.console import blueprint, labels
from app.console.audited import audited
from app.console.needs import needs
from app.console.queries_people import Found, customer_story, heard_from, living_id, search
from app.extensions import clock, commit, settings
from surveys.people.consent_file import consent_file


class SearchForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """One field for a phone, a reference or a name. It is posted: none of them belongs into an address or a log."""

    words = SearchField(
        lazy_gettext("Phone, reference or name"),
        validators=[InputRequired(), Length(max=120)],
        filters=[lambda said: (said or "").replace("\0", "").strip()],
    )


@blueprint.get("/customers")
@needs(Permission.SEE_CUSTOMERS, Permission.LOOK_UP)
def customers() -> str:
    """The search, and whoever was heard from lately."""
    return _page(SearchForm(), None)


@blueprint.post("/customers")
@needs(Permission.SEE_CUSTOMERS, Permission.LOOK_UP)
def find_customers() -> str | AnyResponse:
    """Search. One page found is opened; whoever is at home elsewhere is only recognised, and that is written down."""
    form = SearchForm()
    if not form.validate_on_submit():
        return _page(form, None)
    found = search(g.scope, form.words.data or "", default_country=settings().default_country)
    for one in found.recognised:
        audited("customer.look_up", "customer", one.customer.id)
    if found.recognised:
        commit()
    if len(found.seen) == 1 and not found.recognised:
        return redirect(url_for("console.customer", customer_id=found.seen[0].id))
    return _page(form, found)


def _page(form: SearchForm, found: Found | None) -> str:
    sees = g.scope.may(Permission.SEE_CUSTOMERS)
    return render_template(
        "console/customers.html",
        form=form,
        found=found,
        heard=heard_from(g.scope) if sees and found is None else [],
        sees=sees,
        labels=labels,
        now=clock().now(),
    )


@blueprint.get("/customers/<int:customer_id>")
@needs(Permission.SEE_CUSTOMERS)
def customer(customer_id: int) -> str | AnyResponse:
    """One customer: who they are, how to reach them, what they agreed to, and all that happened."""
    story = customer_story(g.scope, customer_id)
    if story is None:
        living = living_id(customer_id)
        if living is not None and customer_story(g.scope, living) is not None:
            return redirect(url_for("console.customer", customer_id=living))
        abort(404)
    home = story.customer.branch
    return render_template(
        "console/customer.html",
        story=story,
        zone=home.time_zone if home else story.customer.time_zone,
        may_see_why=g.scope.may(Permission.SEE_DECISIONS),
        may_read=g.scope.may(Permission.SEE_ANSWERS),
        may_export=g.scope.may(Permission.ADMINISTER),
        labels=labels,
        now=clock().now(),
    )


@blueprint.post("/customers/<int:customer_id>/consents.csv")
@needs(Permission.ADMINISTER)
def consent_evidence(customer_id: int) -> AnyResponse:
    """The customer's part of the consent ledger as a file; that it was taken is written down."""
    if not FlaskForm().validate_on_submit() or customer_story(g.scope, customer_id) is None:
        abort(404)
    text = "".join(consent_file(customer_id))
    audited("consents.export", "customer", customer_id)
    commit()
    name = f"consents-{customer_id}.csv"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return AnyResponse(text.encode("utf-8-sig"), mimetype="text/csv", headers=headers)
