"""HTML for managers, analysts and administrators. Every view says by `needs` which permission it asks for."""

from flask import Blueprint

blueprint = Blueprint("console", __name__, url_prefix="/console")

from app.console import (  # noqa: E402, F401  # the views need the blueprint
    accuracy,
    answers,
    bar,
    cases,
    corrections,
    counters,
    customers,
    duplicates,
    events,
    headers,
    imports,
    operations,
    originals,
    places,
    programmes,
    questionnaires,
    report,
    setup,
    staff,
    texts,
    themes,
    welcome,
    worklist,
)
