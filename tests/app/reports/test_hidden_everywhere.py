"""A score that one report hides is in no other one, in no file, and cannot be got by a subtraction."""

import io
import re

import openpyxl
import pytest
from flask import Flask

from app.extensions import commit, db, reading
from app.reports import render
from app.reports.measures import Verdict
from app.reports.render import ReportLinks
from app.reports.service import report_for
from app.reports.telling import tell
from app.reports.weekly import Report
from surveys.people.models import Branch
from surveys.people.queries import branch_by_code
from tests.app.console.office import furnish, sign_in
from tests.app.console.weeks import answered
from tests.conftest import ManualClock

WEEK = "2026-W47"
ALL = {"BJ-01": 24, "BJ-02": 11, "BJ-04": 5, "BJ-05": 30, "BJ-06": 17}  # 11 is the smallest, and in the other region


@pytest.fixture
def bank(app: Flask, clock: ManualClock) -> Flask:
    """Two regions: Central and Riverside in the north; in the south North Gate with 5 answers, and two larger ones."""
    furnish(app, clock)
    with app.app_context():
        company = branch_by_code("HB")
        assert company is not None
        south = Branch(code="SOUTH", kind="region", names={"en": "Region South"}, parent_id=company.id)
        db.session.add(south)
        db.session.flush()
        for code, name in (("BJ-04", "North Gate"), ("BJ-05", "Tech Park"), ("BJ-06", "Harbour East")):
            db.session.add(Branch(code=code, kind="branch", names={"en": name}, parent_id=south.id))
        db.session.flush()
        for row, (code, n) in enumerate(ALL.items()):
            for number in range(n):
                rating = 10 if number % 3 else 4
                answered(clock.now(), 100 * row + number, rating, "Too slow." if number < 2 else "", branch=code)
        commit()
    clock.advance(days=4)
    return app


def report(code: str, clock: ManualClock, week: str = WEEK) -> Report:
    """The report of this place, in a session of the story."""
    branch = branch_by_code(code)
    assert branch is not None
    return report_for(branch, week, now=clock.now())


def test_the_sibling_that_hides_with_a_small_branch_is_hidden_in_every_report(bank: Flask, clock: ManualClock) -> None:
    with bank.app_context(), reading():
        for code in ("HB", "SOUTH"):
            verdicts = {b.code: b.nps.verdict for b in report(code, clock).branches if b.nps.score is None}
            assert verdicts == {"BJ-04": Verdict.TOO_FEW, "BJ-06": Verdict.WITHHELD}, code
        own = {code: report(code, clock).nps for code in ALL}
        assert {code for code, nps in own.items() if nps.score is None} == {"BJ-04", "BJ-06"}
        assert own["BJ-06"].n == 17
        told = tell(report("BJ-06", clock), language="en")
        assert told.summary[0].text == (
            "17 answers. The score is not shown this week: with it, that of a smaller branch could be worked out."
        )
        assert told.headline.startswith("Enough answers, but no score to show")
        assert tell(report("BJ-06", clock), language="zh").summary[0].text == (
            "共17份答复。本周不显示得分，否则能推算出一个小网点的得分。"
        )


def test_its_manager_still_reads_every_word_and_every_answer(bank: Flask, clock: ManualClock) -> None:
    with bank.app_context(), reading():
        own = report("BJ-06", clock)
        assert [one.verbatim.text for one in own.chosen] == ["Too slow."]
        assert own.comments_readable == 2
    page = sign_in(bank, "admin").get(f"/console/answers?week={WEEK}&branch=BJ-06").text
    assert page.count('<li class="row said">') == 17


def test_no_two_reports_subtract_to_the_small_branch(bank: Flask, clock: ManualClock) -> None:
    with bank.app_context(), reading():
        south = report("SOUTH", clock)
        assert south.nps.score is not None
        known = [b.nps.score.counts for b in south.branches if b.nps.score]
        known += [own.counts for code in ("BJ-04", "BJ-06") if (own := report(code, clock).nps.score)]
        left = south.nps.n - sum(counts.n for counts in known)
        assert left == 5 + 17  # never the five alone


def test_in_a_region_of_two_branches_the_region_does_not_stand_beside_the_one_that_is_shown(
    bank: Flask, clock: ManualClock
) -> None:
    with bank.app_context():
        for number in range(2):
            answered(clock.now(), 900 + number, 0, branch="BJ-01")
        commit()
        for number in range(20):
            answered(clock.now(), 950 + number, 9, branch="BJ-02")
        commit()
        central, riverside, north = (report(code, clock, "2026-W48") for code in ("BJ-01", "BJ-02", "NORTH"))
        assert [r.nps.n for r in (central, riverside, north)] == [2, 20, 22]
        assert north.nps.score is not None and riverside.above_score is not None
        assert central.nps.score is riverside.nps.score is None


def test_no_file_tells_what_the_page_hides(bank: Flask, clock: ManualClock) -> None:
    with bank.app_context(), reading():
        own = report("BJ-06", clock)
        for language in ("en", "zh-Hans"):
            texts = {
                "html": re.sub(
                    r"<style>.*?</style>", "", render.html_mail(own, language=language, links=ReportLinks())
                ),
                "text": render.text_mail(own, language=language, links=ReportLinks()),
                "csv": render.csv(own, language=language),
                "print": render.print_page(own, language=language),
            }
            for form, text in texts.items():
                # 17 answers, 6 of them a 4: NPS 29.4
                assert not re.search(r"29\\.4|NPS (<[^>]+>)?29\\b", text), form
            assert '"promoters": 11' not in render.json(own, language=language)
            book = openpyxl.load_workbook(io.BytesIO(render.xlsx(own, language=language)))
            nps = next(row for row in book.worksheets[0].iter_rows(values_only=True) if row[0] == "NPS")
            assert nps[1:5] == (None, None, None, 17)
            assert nps[6] == ("Not shown" if language == "en" else "暂不显示")


def test_the_console_hides_the_same_from_whoever_looks_after_no_customers(bank: Flask, clock: ManualClock) -> None:
    analyst = sign_in(bank, "analyst")
    for code, shown in (("BJ-06", 0), ("BJ-04", 0), ("BJ-05", 25), ("BJ-02", 11)):
        page = analyst.get(f"/console/answers?week={WEEK}&branch={code}").text
        assert page.count('<li class="row said">') == shown, code
    said = re.sub(r"<[^>]+>", "", analyst.get(f"/console/report?week={WEEK}&branch=BJ-06").text)
    assert "17 answers. The score is not shown this week" in said
