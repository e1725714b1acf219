"""The explicit rating of a response, on one scale."""

from surveys.questionnaires.flow import RANGE, Kind
from surveys.responses.models import Response


def rating_of(response: Response) -> tuple[str, int] | None:
    """The kind and value of the explicit rating; of several the one that says most against us."""
    given = [(kind, getattr(response, kind)) for kind in (Kind.NPS, Kind.CSAT, Kind.CES)]
    rated = [(str(kind), value) for kind, value in given if value is not None]
    return min(rated, key=lambda pair: on_five(*pair), default=None)


def on_five(kind: str, value: int) -> float:
    """A rating of any scale on one from 1 to 5."""
    low, high = RANGE[Kind(kind)]
    return 1 + 4 * (value - low) / (high - low)
