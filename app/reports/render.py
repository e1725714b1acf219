"""A report as a mail, a page to print, a spreadsheet, a table, and data.

Nothing is decided here: the sentences come from `telling`, the figures from the report.
"""

import json as _json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.reports import render_sheet, render_table
from app.reports.telling import Told, tell
from app.reports.weekly import Report

_TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "reports"

# the house's colour, when an organisation has not set its own
BRAND = "#0a5866"


@dataclass(frozen=True, slots=True)
class ReportLinks:
    """Where the words in a mail lead; a link not given is not shown. `case` holds {code}."""

    numbers: str | None = None
    answers: str | None = None
    case: str | None = None
    xlsx: str | None = None
    pdf: str | None = None
    stop: str | None = None

    def to_case(self, code: str) -> str | None:
        """Address of one case."""
        return self.case.replace("{code}", code) if self.case and code else None


def _phrases(text: str) -> list[str]:
    """A Chinese heading cut after its stops, so that a line ends there and no word is torn; other text in one piece."""
    return [part for part in re.split(r"(?<=[，。：；])", text) if part]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["phrases"] = _phrases
    return environment


def _laid_out(template: str, told: Told, **more: Any) -> str:
    return _environment().get_template(template).render(told=told, say=told.words, **more)


def html_mail(report: Report, *, language: str, links: ReportLinks, brand: str = BRAND) -> str:
    """The mail: tables and inline styles, whole without its style block, under 100 kB."""
    told = tell(report, language=language)
    page = _laid_out("mail.html.j2", told, links=links, brand=brand)
    return "\n".join(line.strip() for line in page.splitlines() if line.strip()) + "\n"


def text_mail(report: Report, *, language: str, links: ReportLinks) -> str:
    """The same sentences for a reader without HTML."""
    told = tell(report, language=language)
    parts = [told.organisation, told.dateline, "", told.headline, "", *(line.text for line in told.summary)]

    def section(key: str, lines: list[str]) -> None:
        if lines:
            parts.extend(["", told.words.headings[key], "", *lines])

    join, colon = ("，", "：") if told.words.language == "zh" else (", ", ": ")
    rows = [f"- {row.code} {row.who}{colon}{row.awaited}{join}{row.over}" for row in told.overdue_rows]
    section(
        "todo",
        [
            told.overdue.text,
            *rows,
            *(line for line in (told.overdue_more, told.as_of) if line),
            *([told.worth_changing.text] if told.worth_changing else []),
        ],
    )
    branches = []
    for branch in told.branches:
        branches.extend(
            [branch.name, f"  {branch.verdict.text}", *([f"  {branch.number.text}"] if branch.number else [])]
        )
    section("branches", branches)
    quotes = [line for quote in told.quotes for line in (f"> {quote.text}", f"  {quote.credit}")]
    section("words", [*quotes, told.quotes_note])
    section("themes", [f"- {name}{colon}{share}" for name, share in told.themes])
    section("put_right", [line.text for line in told.put_right])
    section("answered", [told.who_answered])
    parts.extend(["", told.notes])
    for key in ("numbers", "answers", "xlsx", "pdf", "stop"):
        address = getattr(links, key)
        if address:
            parts.append(f"{told.words.links[key]}{colon}{address}")
    return "\n".join(parts) + "\n"


def print_page(report: Report, *, language: str, brand: str = BRAND) -> str:
    """The HTML that becomes the PDF: its own style sheet, A4, all tables."""
    told = tell(report, language=language)
    style = (_TEMPLATES / "print.css").read_text(encoding="utf-8")
    tables = render_table.tables(report, language=language)
    return _laid_out("print.html.j2", told, report=report, tables=tables, style=style, brand=brand)


def pdf(report: Report, *, language: str, brand: str = BRAND) -> bytes:
    """The report on A4. Loads WeasyPrint, which needs Pango; raises ImportError or OSError where it is missing."""
    from weasyprint import HTML

    def no_network(url: str, *_: Any, **__: Any) -> dict[str, Any]:
        # customers' words stand in the page: nothing in it may make us call anybody
        raise ValueError(f"a report loads nothing: {url}")

    document = HTML(string=print_page(report, language=language, brand=brand), url_fetcher=no_network)
    return bytes(document.write_pdf())


def xlsx(report: Report, *, language: str) -> bytes:
    """The figures as a workbook; no cell is ever a formula."""
    return render_sheet.workbook(report, language=language)


def csv(report: Report, *, language: str) -> str:
    """The figures as one long table, safe to open in a spreadsheet; write it as utf-8-sig for Excel."""
    return render_table.long_table(report, language=language)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def json(report: Report, *, language: str) -> str:
    """Everything decided, as data, with the sentences of one language under `told`."""
    told = tell(report, language=language)
    words = {
        "language": told.words.html_lang,
        "headline": told.headline,
        "summary": [line.text for line in told.summary],
        "branches": {b.code: b.verdict.text for b in told.branches if b.code},
        "put_right": [line.text for line in told.put_right],
        "who_answered": told.who_answered,
    }
    data = {**_plain(asdict(report)), "told": words}
    return _json.dumps(data, ensure_ascii=False, indent=1) + "\n"
