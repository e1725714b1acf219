"""The customer's texts as they stand in their file, read once."""

from functools import lru_cache
from pathlib import Path

from notifications.texts import Catalogue


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Every text a customer gets in a survey."""
    return Catalogue.load(Path(__file__).parent / "texts.toml")
