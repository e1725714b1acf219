"""What two records of one person have in common when no number says so: the name and the day of birth. Pure."""

import unicodedata


def likeness(name: str, birth_date: str | None) -> str | None:
    """One text for every spelling of this name with this birth date (ISO); None when either is missing.

    Width, capitals, spaces and punctuation do not count; letters of every script do, Han too.
    """
    folded = "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())
    return f"{folded}:{birth_date}" if folded and birth_date else None
