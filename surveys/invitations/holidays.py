"""Public holidays of a place, by the holidays library; texts are not sent on them."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache


def public_holidays(place: str, country: str, *, years: Sequence[int]) -> frozenset[date]:
    """Local dates that are public holidays there: `place` is "US-CA", "CN"; `country` counts where it is not known."""
    code, _, part = place.strip().upper().replace("_", "-").partition("-")
    return frozenset().union(*(_of(code or country.upper(), part, year) for year in years))


@lru_cache(maxsize=512)
def _of(country: str, part: str, year: int) -> frozenset[date]:
    import holidays  # half a second to import, and only whoever asks customers needs it

    try:
        return frozenset(holidays.country_holidays(country, subdiv=part or None, years=[year]))
    except NotImplementedError:  # a part of the country that has none of its own, or a country nobody lists
        return _of(country, "", year) if part else frozenset()
