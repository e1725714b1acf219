"""The why-ledger: one event, every rule and its verdict in order."""

from flask import abort, g, render_template
from sqlalchemy import select

from app.auth.roles import Permission
from app.console import blueprint, labels, ledger
from app.console.needs import needs
from app.console.queries_answers import answer_in_scope
from app.console.queries_events import event_in_scope
from app.console.queries_places import customers_seen
from app.extensions import clock, db
from surveys.people.models import Customer


@blueprint.get("/events/<int:event_id>")
@needs(Permission.SEE_DECISIONS)
def event(event_id: int) -> str:
    """Why this customer was asked about this, or was not."""
    found = event_in_scope(g.scope, event_id)
    if found is None:
        abort(404)
    customer = None
    if g.scope.may(Permission.SEE_CUSTOMERS):
        query = select(Customer).where(Customer.id == found.event.customer_id, customers_seen(g.scope))
        customer = db.session.scalar(query)
    response = found.response
    if response is not None and not (g.scope.may(Permission.SEE_ANSWERS) and answer_in_scope(g.scope, response.id)):
        response = None
    again = found.invitation.rules if found.invitation else None
    rules = again or found.event.rules
    deciding = next((rule["rule"] for rule in rules if rule["verdict"] == "stop"), None)
    return render_template(
        "console/event.html",
        event=found.event,
        rules=rules,
        before=found.event.rules if again else [],
        invitation=found.invitation,
        response=response,
        customer=customer,
        asked=found.event.decision != "skipped" and deciding is None,
        deciding=deciding,
        labels=labels,
        ledger=ledger,
        now=clock().now(),
    )
