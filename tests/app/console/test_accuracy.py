"""How often Heed is right stands on a page, per language and version, and can be taken as a file by who administers."""

import csv
import io
from dataclasses import asdict

from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.extensions import db
from surveys.scoring.golden import Told, measure, measured_from
from surveys.scoring.model import MODEL_VERSION
from tests.app.console.office import send, sign_in
from tests.app.console.said import SAID, corrects, says
from tests.conftest import ManualClock

PATH = "/console/accuracy"


def test_the_page_says_how_right_the_shipped_model_is_before_anybody_corrected(house: Flask) -> None:
    page = sign_in(house, "manager").get(PATH).text
    assert f"model {MODEL_VERSION}." in page
    assert "Nobody has corrected it yet" in page
    for words in ("Comments in English", "Comments in Chinese", "Macro-F1", "Calibration error", "<svg", "as shipped"):
        assert words in page
    assert "Download as CSV" not in page
    chinese = sign_in(house, "analyst").get(f"{PATH}?lang=zh-Hans").text
    assert "判读准确度" in chinese and "校准误差" in chinese
    assert sign_in(house, "account").get(PATH).status_code == 404


def test_every_version_has_its_figures_and_the_command_says_the_same(house: Flask, clock: ManualClock) -> None:
    said = says(house, clock, 1, SAID)
    corrects(house, clock, said, label="very_positive", phrase="sick", means="praise")
    page = sign_in(house, "admin").get(PATH).text
    assert f"{MODEL_VERSION}+t1" in page
    assert "It has learnt from 1 correction of yours." in page
    assert "Fewer than 10 of your own say little" in page
    lines = [line.split("\t") for line in house.test_cli_runner().invoke(args=["accuracy"]).output.splitlines()]
    assert lines[0] == ["version", "language", "set", "n", "accuracy", "macro-F1", "ECE"]
    told = {tuple(line[:4]) for line in lines[1:]}
    assert (f"{MODEL_VERSION}+t1", "en", "golden", "200") in told
    assert (f"{MODEL_VERSION}+t1", "en", "own", "1") in told
    assert (MODEL_VERSION, "zh", "golden", "200") in told


def test_the_labelled_data_is_a_file_for_who_administers_and_taking_it_is_written_down(
    house: Flask, clock: ManualClock
) -> None:
    said = says(house, clock, 1, "=1+1 was the sick answer, call me")
    corrects(house, clock, said, label="negative", phrase="sick", means="criticism")
    assert send(sign_in(house, "manager"), PATH, f"{PATH}/labelled.csv").status_code == 404
    answer = send(sign_in(house, "admin"), PATH, f"{PATH}/labelled.csv")
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    row = next(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert row["text"].startswith("'=1+1"), "no cell is a formula"
    assert (row["label"], row["phrase"], row["means"], row["language"]) == ("negative", "sick", "criticism", "en")
    assert row["model_version"] == said.score_version and row["response_id"] == str(said.response_id)
    with house.app_context():
        assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "corrections.export")).one()


def test_figures_are_counted_as_they_say() -> None:
    rows = [Told("neg", "neg", 0.9), Told("pos", "neg", 0.9), Told("neu", "neu", None), Told("pos", "pos", 0.65)]
    found = measure(rows)
    assert (found.n, found.right, found.accuracy, found.silent) == (4, 3, 0.75, 1)
    assert found.accuracy_interval[0] < 0.75 < found.accuracy_interval[1]
    assert abs(found.ece - (0.8 + 0.35) / 3) < 1e-9
    assert found.bins[9] == (2, 0.9, 1)
    assert found == measure(rows), "the seed is fixed"
    assert measured_from(asdict(found)) == found
