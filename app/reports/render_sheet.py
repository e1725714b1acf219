"""The figures of a report as a workbook. XlsxWriter is loaded inside."""

import io
from typing import Any

from app.reports.figures import in_language
from app.reports.render_table import Cell, inert, tables
from app.reports.telling import tell
from app.reports.weekly import Report

_QUOTED = "quoted "
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def workbook(report: Report, *, language: str) -> bytes:
    """One sheet a table, the sentence of the week above the first; texts are written as texts and never run.

    XlsxWriter's own conversions are off, texts go through write_string, and what could begin a formula is quoted so
    that it stays a text also after somebody edits the cell.
    """
    import xlsxwriter

    told = tell(report, language=language)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties(
        {"title": told.title, "author": told.organisation, "created": report.issued_at.replace(tzinfo=None)}
    )
    base = {
        "font_name": "Microsoft YaHei" if told.words.language == "zh" else "Calibri",
        "font_size": 11,
        "valign": "top",
    }
    styles: dict[str, dict[str, Any]] = {
        "title": {"font_size": 16, "bold": True},
        "note": {"font_color": "#485863"},
        "head": {"bold": True, "bottom": 1, "bottom_color": "#74838d", "text_wrap": True},
        "text": {"text_wrap": True},
        "number": {"num_format": "#,##0.0"},
        "count": {"num_format": "#,##0"},
    }
    formats = {name: book.add_format({**base, **style}) for name, style in styles.items()}
    formats |= {_QUOTED + n: book.add_format({**base, **style, "quote_prefix": True}) for n, style in styles.items()}
    names: set[str] = set()
    for place, table in enumerate(tables(report, language=language)):
        sheet = book.add_worksheet(_sheet_name(table.title if place else in_language(report.names, language), names))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        row = 0
        if not place:
            for line, style in ((told.headline, "title"), (told.dateline, "note"), (told.notes, "note")):
                _write(sheet, row, 0, line, formats, style=style)
                row += 1
            row += 1
        for column, head in enumerate(table.head):
            _write(sheet, row, column, head, formats, style="head")
        sheet.freeze_panes(row + 1, 1)
        for cells in table.rows:
            row += 1
            for column, value in enumerate(cells):
                _write(sheet, row, column, value, formats)
        for column in range(len(table.head)):
            texts = [str(table.head[column]), *(str(cells[column]) for cells in table.rows)]
            widest = max(sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) for text in texts)
            sheet.set_column(column, column, min(max(widest + 2, 9), 70))
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: Cell, formats: dict[str, Any], style: str = "text") -> None:
    if value is None:
        sheet.write_blank(row, column, None, formats["text"])
    elif isinstance(value, str):
        sheet.write_string(row, column, value, formats[(_QUOTED if inert(value) != value else "") + style])
    else:
        sheet.write_number(row, column, value, formats["count" if isinstance(value, int) else "number"])


def _sheet_name(title: str, taken: set[str]) -> str:
    """At most 31 signs, none that Excel forbids, never twice."""
    name = title.translate(_FORBIDDEN).strip()[:31] or "Heed"
    while name.casefold() in taken:
        name = f"{name[:28]} {len(taken)}"
    taken.add(name.casefold())
    return name
