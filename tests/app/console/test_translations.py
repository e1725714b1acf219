"""The interface says everything in Chinese, and what is compiled is what is written."""

import re

from babel.messages.catalog import Message
from flask import Flask

from app.translations import COMPILED, compiled, merged, said_in_english, texts, without_chinese
from tests.app.console.office import sign_in

NAMES = {"Heed", "Clara", "Wong", "Anna", "Reed", "Ben", "Shaw", "Zhou", "Min"}


def chinese_of(message: Message) -> str:
    """What is said; Chinese has one form for one and for many."""
    said = message.string or ""
    return said if isinstance(said, str) else said[0]


def test_everything_is_said_in_chinese_too() -> None:
    assert without_chinese() == []


def test_the_compiled_catalogue_is_fresh() -> None:
    assert texts(COMPILED.read_bytes()) == texts(compiled()), "run `make translations`"


def test_nothing_is_translated_that_nobody_says() -> None:
    said = {said for _, _, said in said_in_english()}
    forgotten = [m.id for m in merged() if m.id and (tuple(m.id) if isinstance(m.id, list) else m.id) not in said]
    assert forgotten == []


def test_a_translation_fills_in_the_same_values() -> None:
    def values(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)s", text))

    for message in merged():
        if message.id:
            english = message.id if isinstance(message.id, str) else message.id[1]
            assert values(english) == values(chinese_of(message)), english


def test_chinese_uses_its_own_stops() -> None:
    wrong = []
    for message in merged():
        chinese = chinese_of(message)
        if message.id and re.search(r"[\u4e00-\u9fff][,.;:!?]", chinese):
            wrong.append(chinese)
    assert wrong == []


def test_a_chinese_reader_meets_no_english_on_the_first_screens(house: Flask, case_id: int) -> None:
    manager = sign_in(house, "manager")
    for path in ("/console/", f"/console/cases/{case_id}"):
        page = manager.get(f"{path}?lang=zh-Hans").text
        page = re.sub("</?mark[^>]*>", "", page)
        page = re.sub(r'(?s)<(\w+)[^>]*lang="en"[^>]*>.*?</\1>', " ", page)
        left = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"<[^>]+>", " ", page)))
        assert left == NAMES & left, path
