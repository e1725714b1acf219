"""Questionnaires in the console: begun, written, looked at, published; nothing typed is lost, nobody is asked by it."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.auth.models import AuditEntry
from app.extensions import Model, db
from surveys.invitations.models import Invitation
from surveys.questionnaires.flow import read_definition
from surveys.questionnaires.models import Survey, SurveyVersion
from surveys.questionnaires.service import draft_of, latest_version
from surveys.responses.models import Response
from tests.app.console.office import send, sign_in
from tests.app.console.pages import Fields, form_on

ROOM = "/console/questionnaires"


@pytest.fixture
def admin(house: Flask) -> FlaskClient:
    return sign_in(house, "admin")


class Desk:
    """What lies in the database, looked at between two requests."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def id_of(self, key: str) -> int:
        """The number of a questionnaire."""
        with self.app.app_context():
            return db.session.scalars(select(Survey.id).where(Survey.key == key)).one()

    def has_draft(self, key: str) -> bool:
        """Whether somebody is writing it."""
        with self.app.app_context():
            return draft_of(db.session.scalars(select(Survey).where(Survey.key == key)).one()) is not None

    def draft(self, key: str) -> dict[str, Any]:
        """What is being written."""
        with self.app.app_context():
            found = draft_of(db.session.scalars(select(Survey).where(Survey.key == key)).one())
            assert found is not None, "no draft"
            return found.definition

    def live(self, key: str) -> tuple[int, dict[str, Any]] | None:
        """Number and definition of what is live."""
        with self.app.app_context():
            version = latest_version(self.id_of(key))
            return (version.number, version.definition) if version else None

    def count(self, model: type[Model]) -> int:
        """How many rows there are."""
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(model)) or 0

    def deeds(self) -> list[str]:
        """What the audit log says was done here."""
        query = select(AuditEntry.action).where(AuditEntry.subject_kind == "survey").order_by(AuditEntry.id)
        with self.app.app_context():
            return list(db.session.scalars(query))


@pytest.fixture
def desk(house: Flask) -> Desk:
    return Desk(house)


def changed(fields: Fields, **new: str) -> Fields:
    """The same form with other words in some boxes; "__" in a name stands for "-"."""
    names = {name.replace("__", "-"): value for name, value in new.items()}
    return [(name, value) for name, value in fields if name not in names] + list(names.items())


def post(client: FlaskClient, path: str, fields: Fields) -> Any:
    form: dict[str, list[str]] = {}
    for name, value in fields:
        form.setdefault(name, []).append(value)
    return client.post(path, data=form)


def start(admin: FlaskClient, english: str = "Counter", chinese: str = "柜台") -> str:
    """The address of a new, empty questionnaire."""
    answer = send(admin, f"{ROOM}/new", f"{ROOM}/new", name_en=english, name_zh=chinese)
    assert answer.status_code == 303
    return str(answer.location).removesuffix("/questions/new")


def add(admin: FlaskClient, at: str, kind: str, **new: str) -> Any:
    """Add a question of this kind with the words that are filled in, or others."""
    fields = form_on(admin.get(f"{at}/questions/new?kind={kind}").text, f"{at}/questions/new")
    return post(admin, f"{at}/questions/new", changed(fields, **new))


def test_the_room_is_for_administrators(house: Flask) -> None:
    for name in ("manager", "regional", "analyst", "auditor"):
        assert sign_in(house, name).get(ROOM).status_code == 404
    assert "Questionnaires" in sign_in(house, "admin").get("/console/setup").text


def test_the_list_says_what_is_live_who_uses_it_and_how_many_answered(admin: FlaskClient, case_id: int) -> None:
    page = admin.get(ROOM).text
    assert "After a branch visit" in page
    assert "live, version 1" in page
    assert "1 customer answered" in page


def test_one_begins_with_a_ready_questionnaire_and_nobody_is_asked_by_it(admin: FlaskClient, desk: Desk) -> None:
    assert "Start with this" in admin.get(f"{ROOM}/new").text
    before = desk.live("branch_visit")
    answer = send(admin, f"{ROOM}/new", f"{ROOM}/new/branch_visit")
    assert answer.status_code == 303
    mine = desk.draft("branch_visit_2")
    assert mine["names"]["en"] == "After a branch visit (copy)"
    assert mine["questions"]
    assert desk.live("branch_visit_2") is None
    assert desk.live("branch_visit") == before
    assert desk.deeds() == ["questionnaire.start_from_library"]


def test_an_empty_one_needs_a_name_and_keeps_what_was_typed(admin: FlaskClient) -> None:
    page = send(admin, f"{ROOM}/new", f"{ROOM}/new", name_en=" ", name_zh="").text
    assert "Give it a name" in page
    long = "a" * 90
    page = send(admin, f"{ROOM}/new", f"{ROOM}/new", name_en=long).text
    assert long in page


def test_a_question_gets_its_key_from_its_words_once(admin: FlaskClient, desk: Desk) -> None:
    at = start(admin)
    add(admin, at, "nps")
    question = desk.draft("counter")["questions"][0]
    assert (question["key"], question["kind"]) == ("likely_recommend_friend", "nps")
    assert question["text"]["zh-Hans"].startswith("您有多大可能")
    fields = form_on(admin.get(f"{at}/questions/{question['key']}").text, f"{at}/questions/{question['key']}")
    post(admin, f"{at}/questions/{question['key']}", changed(fields, text__en="Would you send a friend to us?"))
    again = desk.draft("counter")["questions"][0]
    assert (again["key"], again["text"]["en"]) == ("likely_recommend_friend", "Would you send a friend to us?")


def test_nothing_typed_is_lost_on_an_error(admin: FlaskClient, desk: Desk) -> None:
    at = start(admin)
    typed = {"text-en": "x" * 400, "text-zh-Hans": "您为什么来？", "choices-0-en": "To pay in"}
    answer = add(admin, at, "choice", **typed)
    assert answer.status_code == 200
    assert "nothing you wrote is lost" in answer.text
    assert "At most 300 characters fit here." in answer.text
    for words in typed.values():
        assert words in answer.text
    assert desk.draft("counter")["questions"] == []


def test_rows_of_answers_come_and_go_by_buttons_and_keep_what_was_typed(admin: FlaskClient, desk: Desk) -> None:
    at = start(admin)
    path = f"{at}/questions/new"
    page = admin.get(f"{path}?kind=choice").text
    typed = changed(form_on(page, path), **{"choices-0-en": "To pay in", "choices-1-en": "To take out"})
    page = post(admin, path, [*typed, ("deed", "more")]).text
    more = changed(form_on(page, path), **{"choices-2-en": "A loan"})
    page = post(admin, path, [*more, ("deed", "up-2")]).text
    page = post(admin, path, [*form_on(page, path), ("deed", "drop-0")]).text
    assert "To pay in" not in dict(form_on(page, path)).values()
    assert post(admin, path, form_on(page, path)).status_code == 303
    choices = desk.draft("counter")["questions"][0]["choices"]
    assert [(choice["key"], choice["label"]["en"]) for choice in choices] == [
        ("loan", "A loan"),
        ("take_out", "To take out"),
    ]


def test_a_question_is_asked_only_after_the_ticked_answers_in_words_of_its_own(admin: FlaskClient, desk: Desk) -> None:
    at = start(admin)
    add(admin, at, "nps")
    path = f"{at}/questions/new"
    fields = changed(
        form_on(admin.get(f"{path}?kind=text").text, path),
        text__en="What should we do better?",
        text_low__en="What went wrong?",
        by="likely_recommend_friend",
    )
    ticks = [("when_likely_recommend_friend", "low"), ("when_likely_recommend_friend", "mid")]
    assert post(admin, path, [*fields, *ticks]).status_code == 303
    question = desk.draft("counter")["questions"][1]
    assert question["when"] == [{"question": "likely_recommend_friend", "bands": ["low", "mid"]}]
    assert {band: words["en"] for band, words in question["text"].items()} == {
        "low": "What went wrong?",
        "mid": "What should we do better?",
        "high": "What should we do better?",
    }
    page = admin.get(at).text
    assert "dissatisfied (0 to 6) or neutral (7 or 8)" in page


def test_other_words_need_an_answer_that_decides(admin: FlaskClient) -> None:
    at = start(admin)
    add(admin, at, "csat")
    answer = add(admin, at, "text", text_low__en="What went wrong?")
    assert "Choose the answer that decides" in answer.text
    assert "What went wrong?" in answer.text


def ready_questions() -> list[tuple[str, str]]:
    from surveys.questionnaires.service import library

    return [(name, question["key"]) for name, data in library().items() for question in data["questions"]]


def test_keeping_a_ready_question_as_it_is_changes_nothing_for_a_customer(admin: FlaskClient, desk: Desk) -> None:
    for name, key in ready_questions():
        path = f"{ROOM}/{desk.id_of(name)}/questions/{key}"
        before = desk.live(name)
        assert before is not None
        assert post(admin, path, form_on(admin.get(path).text, path)).status_code == 303, path
        was, now = read_definition(before[1]), read_definition(desk.draft(name))
        for old, new in zip(was.questions, now.questions, strict=True):
            assert (old.text, old.hint, old.choices, old.sms, old.sms_text, old.asks, old.optional) == (
                new.text,
                new.hint,
                new.choices,
                new.sms,
                new.sms_text,
                new.asks,
                new.optional,
            ), (name, key)
            assert old.conditions == new.conditions, (name, key)


def test_the_ready_sms_gives_way_when_the_question_says_something_else(admin: FlaskClient, desk: Desk) -> None:
    at = f"{ROOM}/{desk.id_of('branch_visit')}"
    path = f"{at}/questions/recommend"
    fields = form_on(admin.get(path).text, path)
    post(admin, path, changed(fields, text__en="Would you come back to {branch}?"))
    assert "sms" not in desk.draft("branch_visit")["questions"][0]
    assert "The SMS follows your new words now." in admin.get(at).text


def test_questions_are_moved_doubled_and_removed_after_a_look_at_what_leans_on_them(
    admin: FlaskClient, desk: Desk
) -> None:
    at = f"{ROOM}/{desk.id_of('branch_visit')}"
    send(admin, at, f"{at}/questions/why/move", way="down")
    assert [question["key"] for question in desk.draft("branch_visit")["questions"]] == ["recommend", "call", "why"]
    send(admin, at, f"{at}/questions/why/double")
    assert [question["key"] for question in desk.draft("branch_visit")["questions"]][2:4] == ["why", "why_2"]
    page = admin.get(f"{at}/questions/recommend/remove").text
    assert "These questions look at its answer" in page
    send(admin, at, f"{at}/questions/recommend/remove")
    assert "recommend" not in [question["key"] for question in desk.draft("branch_visit")["questions"]]
    page = admin.get(at).text
    assert "must be mended before it can be published" in page
    assert 'href="#q-why"' in page


def test_two_who_write_at_once_notice_one_another(house: Flask, admin: FlaskClient, desk: Desk) -> None:
    path = f"{ROOM}/{desk.id_of('branch_visit')}/questions/recommend"
    mine = changed(form_on(admin.get(path).text, path), text__en="My words?")
    other = sign_in(house, "admin")
    post(other, path, changed(form_on(other.get(path).text, path), text__en="Their words?"))
    answer = post(admin, path, mine)
    assert "Somebody else changed this question" in answer.text
    assert "My words?" in answer.text
    assert desk.draft("branch_visit")["questions"][0]["text"]["en"] == "Their words?"
    post(admin, path, form_on(answer.text, path))
    assert desk.draft("branch_visit")["questions"][0]["text"]["en"] == "My words?"


def test_faults_block_publishing_and_advice_has_to_be_read(admin: FlaskClient, desk: Desk) -> None:
    at = start(admin)
    add(admin, at, "choice", text__en="What did you come for?")
    page = admin.get(f"{at}/publish").text
    assert "Publish version 1" not in page
    assert send(admin, f"{at}/publish", f"{at}/publish").status_code == 422
    assert desk.live("counter") is None
    path = f"{at}/questions/come"
    fields = form_on(admin.get(path).text, path)
    filled = changed(fields, **{"choices-0-en": "To pay in", "choices-1-en": "To take out"})
    post(admin, path, filled)
    answer = send(admin, f"{at}/publish", f"{at}/publish")
    assert answer.status_code == 422
    assert "Please tick that you have read the advice" in answer.text
    assert send(admin, f"{at}/publish", f"{at}/publish", read="y").status_code == 303
    live = desk.live("counter")
    assert live is not None and live[0] == 1
    assert not desk.has_draft("counter")
    assert "questionnaire.publish" in desk.deeds()
    assert "Version 1 is live" in admin.get(f"{at}/publish").text


def test_what_publishing_changes_is_told_in_words(admin: FlaskClient, desk: Desk) -> None:
    at = f"{ROOM}/{desk.id_of('branch_visit')}"
    path = f"{at}/questions/call"
    post(admin, path, changed(form_on(admin.get(path).text, path), text__en="Shall we call you?"))
    page = admin.get(f"{at}/publish").text
    assert "<del" in page and "May the branch manager call you?" in page
    assert "<ins" in page and "Shall we call you?" in page
    assert send(admin, f"{at}/publish", f"{at}/publish", read="y").status_code == 303
    page = admin.get(f"{at}/versions").text
    assert "Shall we call you?" in page
    assert "May the branch manager call you?" in admin.get(f"{at}/versions/1").text
    assert "Shall we call you?" in admin.get(f"{at}/versions/2").text
    assert admin.get(f"{at}/versions/3").status_code == 404


def test_the_preview_shows_page_and_texts_of_every_way_and_records_nothing(admin: FlaskClient, desk: Desk) -> None:
    at = f"{ROOM}/{desk.id_of('branch_visit')}"
    page = admin.get(f"{at}/preview?way=0&language=en").text
    assert "dissatisfied (0 to 6)" in page
    assert "how likely are you to recommend us?" in page
    assert f'src="{at}/phone/0/0/1/en"' in page
    chinese = admin.get(f"{at}/preview?way=0&language=zh-Hans").text
    assert "多大可能" in chinese
    phone = admin.get(f"{at}/phone/0/0/1/en")
    assert "How likely are you to recommend Harbour Bank" in phone.text
    assert "frame-ancestors 'self'" in phone.headers["Content-Security-Policy"]
    assert "form-action 'none'" in phone.headers["Content-Security-Policy"]
    assert "您有多大可能" in admin.get(f"{at}/phone/0/0/1/zh-Hans").text
    assert "What went wrong?" in admin.get(f"{at}/phone/0/0/2/en").text
    assert admin.get(f"{at}/phone/0/99/1/en").status_code == 404
    for model in (Invitation, Response):
        assert desk.count(model) == 0


def test_an_sms_is_counted_while_it_is_typed(admin: FlaskClient, desk: Desk) -> None:
    at = f"{ROOM}/{desk.id_of('branch_visit')}"
    one = send(admin, at, f"{at}/count", text="{org}: how was it?", language="en").get_json()
    two = send(admin, at, f"{at}/count", text="y" * 161, language="en").get_json()
    assert (one["segments"], two["segments"]) == (1, 2)
    assert one["words"].startswith("1 segment")


def test_a_draft_is_thrown_away_after_a_look_at_what_is_lost(admin: FlaskClient, desk: Desk) -> None:
    at = start(admin)
    assert "never published" in admin.get(f"{at}/discard").text
    send(admin, f"{at}/discard", f"{at}/discard")
    assert admin.get(at).status_code == 404
    assert desk.count(Survey) == desk.count(SurveyVersion)
    at = f"{ROOM}/{desk.id_of('branch_visit')}"
    send(admin, at, f"{at}/questions/why/move", way="down")
    assert "Version 1 stays live" in admin.get(f"{at}/discard").text
    send(admin, f"{at}/discard", f"{at}/discard")
    assert not desk.has_draft("branch_visit")


def test_a_language_taken_out_keeps_its_words(admin: FlaskClient, desk: Desk) -> None:
    at = f"{ROOM}/{desk.id_of('branch_visit')}"
    fields = form_on(admin.get(f"{at}/settings").text, f"{at}/settings")
    only = [(name, value) for name, value in fields if name != "languages" or value == "en"]
    post(admin, f"{at}/settings", only)
    assert desk.draft("branch_visit")["languages"] == ["en"]
    path = f"{at}/questions/recommend"
    page = admin.get(path).text
    assert "text-zh-Hans" not in page
    post(admin, path, form_on(page, path))
    assert desk.draft("branch_visit")["questions"][0]["text"]["zh-Hans"]


def test_a_chinese_reader_meets_no_english_sentence(admin: FlaskClient, desk: Desk) -> None:
    at = f"{ROOM}/{desk.id_of('branch_visit')}"
    for path in (ROOM, f"{ROOM}/new", at, f"{at}/questions/why", f"{at}/preview", f"{at}/publish", f"{at}/versions"):
        page = admin.get(f"{path}?lang=zh-Hans").text
        assert "设置" in page
        assert "Questionnaire" not in page


def test_another_sort_of_answer_is_another_question_where_answers_may_lie(admin: FlaskClient, desk: Desk) -> None:
    at = f"{ROOM}/{desk.id_of('branch_visit')}"
    path = f"{at}/questions/recommend"
    assert "kind=csat" in admin.get(f"{path}/kind").text
    fields = form_on(admin.get(f"{path}?kind=csat").text, path)
    post(admin, path, fields)
    question = desk.draft("branch_visit")["questions"][0]
    assert (question["key"], question["kind"]) == ("recommend_2", "csat")
    assert question["text"]["en"].startswith("How likely")
    assert "sms" not in question


def test_another_sort_of_answer_keeps_the_key_of_a_question_nobody_was_asked(admin: FlaskClient, desk: Desk) -> None:
    at = start(admin)
    add(admin, at, "csat")
    key = desk.draft("counter")["questions"][0]["key"]
    path = f"{at}/questions/{key}"
    post(admin, path, form_on(admin.get(f"{path}?kind=ces").text, path))
    assert [(q["key"], q["kind"]) for q in desk.draft("counter")["questions"]] == [(key, "ces")]


def test_the_fixed_answers_of_a_kind_may_be_reworded(admin: FlaskClient, desk: Desk) -> None:
    at = start(admin)
    add(admin, at, "yes_no", text__en="Did it work?")
    question = desk.draft("counter")["questions"][0]
    assert "choices" not in question
    path = f"{at}/questions/{question['key']}"
    post(admin, path, changed(form_on(admin.get(path).text, path), **{"choices-0-en": "Yes, it did"}))
    choices = desk.draft("counter")["questions"][0]["choices"]
    assert [(choice["key"], choice["label"]["en"]) for choice in choices] == [("yes", "Yes, it did"), ("no", "No")]
    assert choices[0]["label"]["zh-Hant"] == "是"
    assert "Mend" not in admin.get(at).text


def test_the_ready_sms_stands_in_each_language_of_the_questionnaire(admin: FlaskClient, desk: Desk) -> None:
    page = admin.get(f"{ROOM}/{desk.id_of('branch_visit')}/questions/recommend").text
    for stop in ("STOP to end", "拒收请回复R", "拒收請回覆R"):
        assert stop in page


def test_what_was_removed_comes_back_by_one_button_with_all_that_hung_on_it(admin: FlaskClient, desk: Desk) -> None:
    room = f"{ROOM}/{desk.id_of('branch_visit')}"
    removal = f"{room}/questions/why/remove"
    post(admin, removal, form_on(admin.get(removal).text, removal))
    page = admin.get(room).text
    assert "Last change:" in page and "a question was removed" in page
    assert post(admin, f"{room}/undo", form_on(page, f"{room}/undo")).location == f"{room}#q-why"
    assert not desk.has_draft("branch_visit"), "as it was before anything was written"
    assert "Taken back: a question was removed" in admin.get(room).text


def test_deeds_are_taken_back_one_after_the_other_and_never_unseen(admin: FlaskClient, desk: Desk) -> None:
    room = f"{ROOM}/{desk.id_of('branch_visit')}"
    move, undo = f"{room}/questions/why/move", f"{room}/undo"
    post(admin, move, [*form_on(admin.get(room).text, move), ("way", "up")])
    first = desk.draft("branch_visit")
    stale = form_on(admin.get(room).text, undo)
    removal = f"{room}/questions/recommend/remove"
    post(admin, removal, form_on(admin.get(removal).text, removal))
    post(admin, undo, stale)
    assert "Somebody changed it in the meantime" in admin.get(room).text
    assert "recommend" not in [question["key"] for question in desk.draft("branch_visit")["questions"]]
    post(admin, undo, form_on(admin.get(room).text, undo))
    assert desk.draft("branch_visit") == first
    post(admin, undo, form_on(admin.get(room).text, undo))
    assert not desk.has_draft("branch_visit")
    assert "Last change:" not in admin.get(room).text


def test_an_answer_taken_away_in_the_form_can_be_put_back_before_anything_is_kept(admin: FlaskClient) -> None:
    path = f"{start(admin)}/questions/new"
    page = admin.get(f"{path}?kind=choice").text
    typed = changed(form_on(page, path), **{"choices-0-en": "Counter", "choices-1-en": "Telephone"})
    page = post(admin, path, [*typed, ("deed", "drop-0")]).text
    left = form_on(page, path)
    assert "An answer was taken away." in page and "Counter" not in dict(left).values()
    back = dict(form_on(post(admin, path, [*left, ("deed", "back-0")]).text, path))
    assert (back["choices-0-en"], back["choices-1-en"]) == ("Counter", "Telephone")
    spoilt = changed(left, dropped="no JSON")
    assert post(admin, path, [*spoilt, ("deed", "back-0")]).status_code == 200
