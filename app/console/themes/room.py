"""What every page of the theme book begins with: what is in use, what is being written, what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort, request
from flask_login import current_user

from app.console.audited import audited as in_the_log
from app.console.questionnaires.room import mark
from app.extensions import clock, commit
from app.i18n import language
from surveys.scoring.themes import Data, in_language
from surveys.understanding import books
from surveys.understanding.checks import Fault, faults
from surveys.understanding.editing import subtheme_of, theme_of


@dataclass(frozen=True)
class Work:
    """The theme book on the desk. `number` is the version in use, None while that is the built-in one."""

    number: int | None
    live: Data
    draft: Data | None
    past: tuple[Mapping[str, Any], ...] = ()

    @property
    def data(self) -> Data:
        """What is being written, or what is in use where nothing was changed yet."""
        return self.live if self.draft is None else self.draft

    @property
    def changed(self) -> bool:
        """Whether there is something to publish."""
        return self.draft is not None and self.draft != self.live

    @property
    def last(self) -> Mapping[str, Any] | None:
        """The deed that can be taken back."""
        return self.past[-1] if self.past else None

    @property
    def seen(self) -> str:
        """A short sign of how all of it stands."""
        return mark(self.data)

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """What stands in the way of publishing."""
        return faults(self.data, tongue=language())

    def about(self, theme: str, subtheme: str | None = None) -> list[Fault]:
        """What is wrong with a theme, its parts included, or with one part of it."""
        return [one for one in self.faults if one.theme == theme and subtheme in (None, one.subtheme)]

    def is_new(self, theme: str, subtheme: str | None = None) -> bool:
        """Whether it was never in use, so that it can go without leaving stored comments without a name."""
        known = theme_of(self.live, theme)
        return known is None or (subtheme is not None and subtheme_of(known, subtheme) is None)


def work_on() -> Work:
    """The book. Who is to write has it alone until the commit."""
    if request.method == "POST":
        books.alone()
    number, draft = books.number_in_use(), books.draft()
    written, past = (dict(draft.definition), tuple(draft.past)) if draft else (None, ())
    return Work(number, books.data_of(number), written, past)


def theme_on(work: Work, key: str) -> Data:
    """A theme of the book; 404 when there is none."""
    found = theme_of(work.data, key)
    if found is None:
        abort(404)
    return found


def part_on(work: Work, key: str, part: str) -> tuple[Data, Data]:
    """A theme and a part of it; 404 when there is none."""
    theme = theme_on(work, key)
    found = subtheme_of(theme, part)
    if found is None:
        abort(404)
    return theme, found


def keep(data: Data, deed: str, *, theme: str = "", subtheme: str = "") -> None:
    """Save what was written as the draft, with a line in the audit log: keys, never words."""
    done = {"deed": deed, "theme": theme, "subtheme": subtheme}
    books.save(data, deed=done, now=clock().now(), by=current_user.id)
    audited(deed, **({"theme": theme} if theme else {}), **({"subtheme": subtheme} if subtheme else {}))
    commit()


def audited(deed: str, **detail: Any) -> None:
    """A line in the audit log about the theme book."""
    in_the_log(f"theme_book.{deed}", "theme_book", None, **detail)


def name_of(one: Mapping[str, Any]) -> str:
    """A theme or a part of one by the name this reader knows."""
    return in_language(one["names"], language()) or str(one["key"])
