"""The theme book in the console: written, tried on what customers wrote, published, taken back, carried as a file."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.extensions import commit, db
from surveys.responses.models import Answer
from surveys.understanding import books
from surveys.understanding.editing import theme_of
from surveys.understanding.models import EmergingState, EmergingTheme
from tests.app.console.office import sign_in, token_on
from tests.app.console.pages import form_on
from tests.conftest import ManualClock

ROOM = "/console/themes"
LOUNGE = {
    "names-en": "Closed counter",
    "names-zh-Hans": "柜台关闭",
    "words-en": "counter closed\ncounter*",
    "words-zh": "关窗口",
}


@pytest.fixture
def admin(house: Flask) -> FlaskClient:
    return sign_in(house, "admin")


def send(client: FlaskClient, page: str, action: str, **new: str) -> Any:
    """Send the form with this action as it stands on its page, other words in some boxes ("__" for "-")."""
    names = {name.replace("__", "-"): value for name, value in new.items()}
    fields = dict(form_on(client.get(page).text, action)) | names
    return client.post(action, data={name: value for name, value in fields.items() if value != "-"})


def add(admin: FlaskClient) -> None:
    """A theme of their own, in the draft."""
    fields = {name.replace("-", "__", 1): value for name, value in LOUNGE.items()}
    assert send(admin, f"{ROOM}/new", f"{ROOM}/new", **fields).status_code == 303


def deeds(app: Flask) -> list[str]:
    with app.app_context():
        query = select(AuditEntry.action).where(AuditEntry.subject_kind == "theme_book").order_by(AuditEntry.id)
        return list(db.session.scalars(query))


def test_the_room_is_for_administrators(house: Flask) -> None:
    for name in ("manager", "regional", "analyst", "auditor", "account", "agent"):
        client = sign_in(house, name)
        for path in ("", "/new", "/publish", "/versions", "/file", "/file/draft.toml", "/of/waiting"):
            assert client.get(ROOM + path).status_code == 404
    assert "Themes" in sign_in(house, "admin").get("/console/setup").text


def test_an_own_theme_is_tried_on_what_was_written_then_published_then_old_words_are_read_again(
    house: Flask, admin: FlaskClient, case_id: int, run_due: Callable[[], int]
) -> None:
    assert "Comments are read by the themes that are built in." in admin.get(ROOM).text
    add(admin)
    book = admin.get(ROOM).text
    assert "Closed counter" in book
    assert "You are writing the next version." in book
    page = admin.get(f"{ROOM}/publish").text
    assert "Tried on the latest comment:" in page
    assert "1 is read otherwise." in page
    assert "<mark>counter closed</mark>" in page
    with house.app_context():
        assert books.number_in_use() is None
    assert send(admin, f"{ROOM}/publish", f"{ROOM}/publish").status_code == 303
    page = admin.get(f"{ROOM}/publish").text
    assert "Version 1 is published." in page
    assert "1 old answer was read by another version." in page
    assert send(admin, f"{ROOM}/publish", f"{ROOM}/rescore").status_code == 303
    assert "Old comments are read again: 0 of 1." in admin.get(f"{ROOM}/publish").text
    run_due()
    assert "Every stored answer was read by it." in admin.get(f"{ROOM}/publish").text
    with house.app_context():
        answer = db.session.scalars(select(Answer).where(Answer.text.is_not(None))).one()
        assert answer.book_version == "1"
    assert "Closed counter" in admin.get(f"/console/answers/{answer.response_id}").text
    assert "柜台关闭" in admin.get(f"/console/answers/{answer.response_id}?lang=zh-Hans").text
    listed = admin.get("/console/answers?theme=closed_counter").text
    assert "Closed counter" in listed
    assert deeds(house) == ["theme_book.add_theme", "theme_book.publish", "theme_book.rescore"]


def test_what_cannot_be_found_is_said_beside_its_box_and_nothing_typed_is_lost(
    house: Flask, admin: FlaskClient
) -> None:
    answer = send(admin, f"{ROOM}/new", f"{ROOM}/new", names__en="Lounge", words__en="lo*", words__zh="贵宾室")
    assert answer.status_code == 200
    assert "at least 3 letters before the *" in answer.text
    assert "贵宾室" in answer.text
    assert "Give it a name" in send(admin, f"{ROOM}/new", f"{ROOM}/new", words__en="lounge").text
    with house.app_context():
        assert books.draft() is None


def test_a_theme_is_switched_off_and_the_deed_is_taken_back(house: Flask, admin: FlaskClient) -> None:
    send(admin, f"{ROOM}/of/waiting", f"{ROOM}/of/waiting", off="y")
    assert "switched off" in admin.get(ROOM).text
    assert send(admin, ROOM, f"{ROOM}/undo").status_code == 303
    page = admin.get(ROOM).text
    assert "Taken back: a theme switched on or off" in page
    with house.app_context():
        assert books.draft() is None


def test_two_who_write_at_once_notice_one_another(house: Flask, admin: FlaskClient) -> None:
    part = f"{ROOM}/of/waiting/parts/queue"
    mine = dict(form_on(admin.get(part).text, part))
    send(admin, part, part, words__en="queue*\nline")
    answer = admin.post(part, data=mine | {"words-en": "mine"})
    assert answer.status_code == 200
    assert "Somebody else changed it" in answer.text
    assert "mine" in answer.text
    old = dict(form_on(admin.get(f"{ROOM}/publish").text, f"{ROOM}/publish"))
    send(admin, part, part, words__en="queue*")
    assert admin.post(f"{ROOM}/publish", data=old).status_code == 303
    with house.app_context():
        assert books.number_in_use() is None


def test_a_part_is_added_and_what_was_never_in_use_can_be_taken_out(house: Flask, admin: FlaskClient) -> None:
    new = f"{ROOM}/of/fees/new-part"
    send(admin, new, new, names__en="Foreign cash", words__en="foreign cash")
    page = f"{ROOM}/of/fees/parts/foreign_cash"
    assert "foreign cash" in admin.get(page).text
    remove = f"{ROOM}/of/fees/remove?part=foreign_cash"
    assert send(admin, page, remove).status_code == 303
    assert admin.get(page).status_code == 404
    token = token_on(admin.get(ROOM).text)
    assert admin.post(f"{ROOM}/of/fees/remove", data={"csrf_token": token}).status_code == 404
    with house.app_context():
        draft = books.draft()
        assert draft is not None
        assert theme_of(draft.definition, "fees") is not None


def test_versions_are_compared_and_each_is_a_file(house: Flask, admin: FlaskClient) -> None:
    add(admin)
    send(admin, f"{ROOM}/publish", f"{ROOM}/publish")
    page = admin.get(f"{ROOM}/versions").text
    assert "Version 1" in page
    assert "The built-in themes" in page
    assert "Closed counter" in page
    assert "counter closed" in page
    sent = admin.get(f"{ROOM}/file/1.toml")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="themes-1.toml"'
    assert "[closed_counter.closed_counter]" in sent.text
    assert "closed_counter" not in admin.get(f"{ROOM}/file/0.toml").text
    assert admin.get(f"{ROOM}/file/2.toml").status_code == 404


def test_a_file_becomes_the_draft_or_says_line_by_line_what_to_mend(house: Flask, admin: FlaskClient) -> None:
    def take_in(text: str) -> Any:
        token = token_on(admin.get(f"{ROOM}/file").text)
        file = (io.BytesIO(text.encode()), "themes.toml")
        return admin.post(f"{ROOM}/file", data={"csrf_token": token, "file": file})

    whole = admin.get(f"{ROOM}/file/draft.toml").text
    wrong = take_in(whole.replace('"queue*"', '"q*"').replace('"fee", ', "3, "))
    assert wrong.status_code == 422
    assert "Line " in wrong.text
    assert "must be a list of texts" in wrong.text
    with house.app_context():
        assert books.draft() is None
    assert take_in(whole.replace('"queue*"', '"queue*", "turnstile"')).status_code == 303
    assert "turnstile" in admin.get(f"{ROOM}/publish").text
    assert deeds(house) == ["theme_book.take_in"]


def test_the_draft_is_thrown_away_as_it_was_seen(house: Flask, admin: FlaskClient) -> None:
    add(admin)
    assert send(admin, ROOM, f"{ROOM}/discard").status_code == 303
    with house.app_context():
        assert books.draft() is None
        commit()
    assert deeds(house) == ["theme_book.add_theme", "theme_book.discard"]


def test_a_chinese_reader_writes_and_publishes_in_chinese(house: Flask, admin: FlaskClient) -> None:
    add(admin)
    for path in ("", "/new", "/publish", "/versions", "/file", "/of/waiting", "/of/waiting/parts/queue"):
        page = admin.get(f"{ROOM}{path}?lang=zh-Hans").text
        assert "主题" in page or "关键词" in page
        for english in ("Publish", "Keywords", "Versions", "switched", "Add "):
            assert f">{english}" not in page, path


@pytest.fixture
def turnstile(house: Flask, clock: ManualClock) -> int:
    """A new word that waits for a decision."""
    figures = {"comments": 4, "customers": 4, "unhappy": 3, "before": 0, "of": 19, "of_before": 60}
    with house.app_context():
        row = EmergingTheme(
            term="turnstile",
            language="en",
            state=EmergingState.PROPOSED,
            first_week="2026-W46",
            last_week="2026-W46",
            figures=figures | {"g2": 12.3, "unhappy_g2": 14.2},
            examples=[1, 2],
        )
        db.session.add(row)
        commit()
        return row.id


def test_a_new_word_is_adopted_into_the_draft_among_the_keywords_of_a_part(
    house: Flask, admin: FlaskClient, turnstile: int
) -> None:
    page = admin.get(ROOM).text
    assert "4 of 19 comments, by 4 customers; before, 0 of 60." in page
    assert "Dissatisfied: 3." in page
    adopt = f"{ROOM}/emerging/{turnstile}/adopt"
    assert send(admin, ROOM, adopt, into="waiting.nowhere").status_code == 404
    assert send(admin, ROOM, adopt, into="atm_branch.premises").status_code == 303
    with house.app_context():
        draft = books.draft()
        assert draft is not None
        theme = theme_of(draft.definition, "atm_branch")
        assert theme is not None
        assert theme["subthemes"][1]["words"]["en"][-1] == "turnstile"
        row = db.session.get_one(EmergingTheme, turnstile)
        assert (row.state, row.decided_by is not None) == ("adopted", True)
    assert "4 of 19 comments" not in admin.get(ROOM).text
    assert deeds(house) == ["theme_book.adopt_word", "theme_book.adopt"]


def test_a_new_word_becomes_a_theme_of_its_own(house: Flask, admin: FlaskClient, turnstile: int) -> None:
    answer = send(admin, ROOM, f"{ROOM}/emerging/{turnstile}/adopt")
    assert answer.location == f"{ROOM}/of/turnstile"
    assert "is in the draft now" in admin.get(answer.location).text


def test_a_new_word_is_dismissed_for_good(house: Flask, admin: FlaskClient, turnstile: int) -> None:
    page = admin.get(f"{ROOM}?lang=zh-Hans").text
    assert "还不属于任何主题的新词" in page
    dismiss = f"{ROOM}/emerging/{turnstile}/dismiss"
    token = token_on(page)
    assert sign_in(house, "manager").post(dismiss, data={"csrf_token": token}).status_code in (400, 404)
    assert admin.post(dismiss, data={"csrf_token": token}).status_code == 303
    assert admin.post(dismiss, data={"csrf_token": token}).status_code == 303
    assert "Somebody decided on it before you." in admin.get(ROOM).text
    with house.app_context():
        assert db.session.get_one(EmergingTheme, turnstile).state == "dismissed"
    assert deeds(house) == ["theme_book.dismiss_word"]
