"""Reading a request's JSON: whatever comes, the sender is told what to mend."""

import json
from typing import Any

from flask import request

DEEPEST = 20


class WrongValueError(ValueError):
    """A value that has the right shape but cannot be used."""

    def __init__(self, pointer: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer, self.code, self.detail = pointer, code, detail


def json_body() -> Any:
    """The body as JSON; None for anything that is not (NaN and Infinity are not)."""
    if not request.is_json:
        return None
    try:
        return json.loads(request.get_data(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no JSON")


def pointer_to(*parts: object) -> str:
    """A JSON pointer (RFC 6901) to a part of the body."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def refuse_unstorable(value: Any, *way: object) -> None:
    """Raises WrongValueError naming the first part no database keeps: NUL, half a surrogate pair, nested too deep."""
    if len(way) > DEEPEST:
        raise WrongValueError(pointer_to(*way[:1]), "too_deep", f"Nest at most {DEEPEST} levels.")
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            detail = "The text holds a NUL or half a surrogate pair."
            raise WrongValueError(pointer_to(*way) or "/", "unstorable_text", detail)
    elif isinstance(value, dict):
        for key, item in value.items():
            refuse_unstorable(key, *way)
            refuse_unstorable(item, *way, key)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            refuse_unstorable(item, *way, number)
