"""What a reply is once it has been read (pure)."""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What to do with a reply."""

    RECORD = "record"
    ASK_AGAIN = "ask_again"
    CONFLICT = "conflict"
    STOP = "stop"
    START = "start"
    HELP = "help"
    LANGUAGE = "language"


@dataclass(frozen=True)
class Reply:
    """A reply as read: `comment` may hold words worth keeping when asked again; `language` is the one they want.

    `values`: the places of the answers chosen where several may be.
    """

    value: int | None
    comment: str | None
    action: Action
    language: str | None = None
    values: tuple[int, ...] = ()


def clean(text: str) -> str:
    # What a database cannot store: NUL and halves of surrogate pairs.
    return "".join(" " if c == "\x00" or "\ud800" <= c <= "\udfff" else c for c in text).strip()
