"""The report as the reader receives it: mail, paper, spreadsheet, table, data."""

import csv
import io
import json
import re
from html.parser import HTMLParser

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.insights.metrics import NpsCounts
from app.reports import render
from app.reports.figures import BranchFigures, Verbatim, WeekFigures
from app.reports.render import ReportLinks
from app.reports.render_table import inert
from app.reports.weekly import Report, build
from tests.app.reports.weeks import CENTRAL, MONDAY, branch, region

LINKS = ReportLinks(
    numbers="https://hb.example/numbers",
    answers="https://hb.example/answers",
    case="https://hb.example/cases/{code}",
    xlsx="https://hb.example/week.xlsx",
    pdf="https://hb.example/week.pdf",
    stop="https://hb.example/stop",
)
LANGUAGES = ("en", "zh-Hans")
EVIL = ("=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", '=HYPERLINK("http://x")', "<script>alert(1)</script>")


def report(figures: WeekFigures | None = None) -> Report:
    return build(figures or region(), now=MONDAY)


def evil_region() -> WeekFigures:
    words = tuple(
        Verbatim(text, "en", i % 11, "nps", {"en": text}, "BJ-01", 0.1, (text,)) for i, text in enumerate(EVIL)
    )
    places = tuple(BranchFigures(f"E{i}", {"en": text}, NpsCounts(20, 10, 10), NpsCounts(20, 10, 10)) for i, text in
                   enumerate(EVIL))  # fmt: skip
    return region(names={"en": "=cmd|' /C calc'!A0"}, branches=places, verbatims=words * 3, root_causes={"=1+1": 4})


class Words(HTMLParser):
    """What a mail reader without styles would show."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.languages: list[str] = []
        self.quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.quiet += tag in ("style", "title")
        self.languages += [value or "" for key, value in attrs if key == "lang"]

    def handle_endtag(self, tag: str) -> None:
        self.quiet -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self.quiet and data.strip():
            self.text.append(" ".join(data.split()))


def words(html: str) -> Words:
    reader = Words()
    reader.feed(html)
    return reader


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_says_what_the_plain_text_says(language: str) -> None:
    html = render.html_mail(report(), language=language, links=LINKS)
    shown = re.sub(r"\s+", "", "".join(words(html).text)).replace("\u00a0", "")
    for line in render.text_mail(report(), language=language, links=LINKS).splitlines():
        told = re.sub(r"\s+", "", line.removeprefix("> "))
        if not line.startswith("- ") and "https" not in told:
            assert told in shown, line


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_is_whole_without_its_style_block_and_small(language: str) -> None:
    html = render.html_mail(report(), language=language, links=LINKS)
    assert len(html.encode()) < 100_000
    bare = re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    assert "class=" in bare
    assert 'style="' in bare
    assert words(bare).text == words(html).text
    assert "<script" not in html
    assert "<img" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_about_two_hundred_branches_and_long_words_stays_under_a_hundred_kilobytes(language: str) -> None:
    many = tuple(
        BranchFigures(f"B{i:03}", {"en": f"A branch with a long name {i:03}", "zh-Hans": f"名字很长的支行{i:03}"},
                      NpsCounts(5, 10, 60), NpsCounts(50, 20, 5)) for i in range(200)
    )  # fmt: skip
    long_words = tuple(
        Verbatim("很长的话。" * 400 + str(i), "zh", i % 11, "nps", CENTRAL, "B001", 0.0, ("waiting",))
        for i in range(50)
    )
    html = render.html_mail(report(region(branches=many, verbatims=long_words)), language=language, links=LINKS)
    assert len(html.encode()) < 100_000


def test_each_part_of_the_mail_says_its_language() -> None:
    mixed = branch(verbatims=(
        Verbatim("排队一个多小时，叫到号的时候说下班了。", "zh", 2, "nps", CENTRAL, "BJ-01", -0.7),
        Verbatim("She explained everything twice, kindly.", "en", 10, "nps", CENTRAL, "BJ-01", 0.8),
    ))  # fmt: skip
    assert words(render.html_mail(report(mixed), language="en", links=LINKS)).languages == ["en", "en", "zh-Hans"]
    assert words(render.html_mail(report(mixed), language="zh-Hans", links=LINKS)).languages[0] == "zh-Hans"


def test_links_lead_to_the_case_and_a_link_not_given_is_not_shown() -> None:
    html = render.html_mail(report(), language="en", links=LINKS)
    assert 'href="https://hb.example/cases/4821"' in html
    assert "Stop this mail" in html
    bare = render.html_mail(report(), language="en", links=ReportLinks())
    assert "href=" not in bare
    assert "L. M., Central" in bare


def test_customers_words_are_words_and_never_markup() -> None:
    html = render.html_mail(report(evil_region()), language="en", links=LINKS)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_english_mail_uses_no_sign_that_a_chinese_font_would_widen() -> None:
    html = render.html_mail(report(), language="en", links=LINKS)
    shown = "".join(words(html).text)
    assert not set(shown) & set("\u2018\u2019\u201c\u201d\u00b7")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cell_of_the_workbook_is_a_formula(language: str) -> None:
    for figures in (region(), evil_region()):
        book = openpyxl.load_workbook(io.BytesIO(render.xlsx(report(figures), language=language)))
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (sheet.title, cell.coordinate, cell.value)
                    if isinstance(cell.value, str) and cell.value[:1] in "=+-@":
                        assert cell.quotePrefix, cell.value


def test_the_workbook_holds_numbers_as_numbers_beside_their_intervals() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render.xlsx(report(), language="en")))
    sheet = book["Branch by branch"]
    head, airport = ([cell.value for cell in row] for row in list(sheet.iter_rows())[:2])
    assert head[:5] == ["Branch", "NPS", "From", "To", "Answers"]
    assert airport[:5] == ["Airport", 56.9, 39.9, 69.5, 72]
    gate = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "East Gate")
    assert gate[1:5] == (None, None, None, 5)


def test_sheet_names_are_never_too_long_forbidden_or_twice_the_same() -> None:
    names = {"en": "All of our branches: north/south [and the islands] of the bay"}
    book = openpyxl.load_workbook(io.BytesIO(render.xlsx(report(region(names=names)), language="en")))
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in book.sheetnames)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_cannot_be_run_by_a_spreadsheet(language: str) -> None:
    for figures in (region(), evil_region()):
        rows = list(csv.reader(io.StringIO(render.csv(report(figures), language=language))))
        assert rows[0] == ["scope", "iso_week", "table", "row", "column", "value"]
        for cell in (cell for row in rows for cell in row):
            assert cell[:1] not in ("=", "+", "@", "\t") or not cell
            assert not cell.startswith("-") or float(cell) < 0


def test_the_table_names_what_each_figure_belongs_to() -> None:
    rows = list(csv.DictReader(io.StringIO(render.csv(report(), language="en"))))
    airport = {r["column"]: r["value"] for r in rows if (r["table"], r["row"]) == ("branches", "Airport")}
    assert airport["NPS"] == "56.9"
    assert airport["NPS From"] == "39.9"
    assert airport["CSAT % Answers"] == "72"


@given(st.text(max_size=60))
def test_any_text_is_inert_or_plain(text: str) -> None:
    safe = inert(text)
    assert isinstance(safe, str)
    assert safe[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert safe.removeprefix("'") == text.removeprefix("'") or safe == text


def test_the_data_is_json_with_every_decision_and_the_sentences() -> None:
    data = json.loads(render.json(report(), language="zh-Hans"))
    assert data["iso_week"] == "2026-W47"
    assert data["nps"]["verdict"] == "no_real_change"
    assert data["branches"][0]["nps"]["score"]["counts"] == {"promoters": 47, "passives": 19, "detractors": 6}
    assert data["told"]["headline"].startswith("机场支行")
    hidden = next(b for b in data["branches"] if b["code"] == "BJ-05")
    assert hidden["nps"]["score"] is None
    assert "you will know who said this" not in json.dumps(data, ensure_ascii=False)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_whatever_a_customer_wrote_every_form_can_be_made(text: str, language: str) -> None:
    said = Verbatim(text, "en", 3, "nps", CENTRAL, "BJ-01", None)
    found = report(branch(verbatims=(said,)))
    assert render.html_mail(found, language=language, links=LINKS)
    assert render.text_mail(found, language=language, links=LINKS)
    assert render.csv(found, language=language)
    assert render.json(found, language=language)
    assert render.xlsx(found, language=language)[:2] == b"PK"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_a4_and_readable_text(language: str) -> None:
    pypdf = pytest.importorskip("pypdf")
    try:
        made = render.pdf(report(), language=language)
    except (ImportError, OSError) as missing:
        pytest.skip(f"WeasyPrint cannot run here: {missing}")
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    assert {(round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in pages} == {(595, 842)}
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))
    assert ("NoReal" if language == "en" else "机场支行比上周好").casefold() in text.casefold()
    assert "you will know who said this" not in text


def test_the_pdf_calls_nobody_whatever_stands_in_the_words() -> None:
    try:
        page = render.print_page(report(evil_region()), language="en")
    except ImportError as missing:
        pytest.skip(str(missing))
    assert "<script>" not in page
    assert "http" not in re.sub(r"http://x", "", page)
