"""The labelled data as a file: redacted words, what a person says they mean, and what the scorer had said."""

import csv
from dataclasses import fields
from datetime import datetime
from io import StringIO

from app.reports.render_table import inert
from surveys.responses.learning import Labelled, labelled


def labelled_csv() -> str:
    """Every comment that stands labelled, one a row; no cell is ever a formula."""
    names = [one.name for one in fields(Labelled)]
    out = StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(names)
    for row in labelled():
        values = [getattr(row, name) for name in names]
        rows.writerow([inert(v.isoformat() if isinstance(v, datetime) else v) for v in values])
    return out.getvalue()
