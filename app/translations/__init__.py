"""The Chinese of the interface: one catalogue in as many .po files as rooms like, compiled to the .mo that is read.

`python -m app.translations` compiles, and names what is said in no Chinese yet. The .mo is kept beside its sources.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

APP = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "zh_Hans" / "LC_MESSAGES"
COMPILED = FOLDER / "messages.mo"

Said = str | tuple[str, ...]


def merged() -> Catalog:
    """All .po files as one catalogue. Raises ValueError when two of them say the same thing differently."""
    whole = Catalog(locale="zh_Hans", project="Heed")
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_Hans"):
                if not message.id or not message.string or message.fuzzy:
                    continue
                before = whole.get(message.id)
                if before is not None and before.string != message.string:
                    raise ValueError(f"{path.name}: {message.id!r} is {message.string!r}, elsewhere {before.string!r}")
                whole.add(message.id, message.string)
    return whole


def compiled() -> bytes:
    """The catalogue as gettext reads it; the same sources give the same bytes."""
    catalogue = merged()
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def texts(compiled_catalogue: bytes) -> dict[object, str]:
    """What a compiled catalogue says, without its header."""
    return {key: said for key, said in vars(GNUTranslations(BytesIO(compiled_catalogue)))["_catalog"].items() if key}


def said_in_english() -> Iterator[tuple[str, int, Said]]:
    """Every text of the interface, with file and line: from the code and from the templates."""
    methods = [("templates/simulator/**", "ignore"), ("templates/**.html", "jinja2"), ("**.py", "python")]
    for file, line, said, _comments, _context in extract_from_dir(str(APP), methods, keywords=KEYWORDS):
        yield file, line, said


def without_chinese() -> list[str]:
    """What a Chinese reader would meet in English: "file:line text"."""
    known = merged()
    return [
        f"{file}:{line} {said if isinstance(said, str) else said[0]}"
        for file, line, said in said_in_english()
        if known.get(said) is None
    ]


KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
