"""The words that decided are shown to managers as whole words."""

import pytest

from surveys.scoring.deciding import chinese_words
from surveys.scoring.score import score_text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("服务态度很差", "服务 态度 很 差"),
        ("手机银行经常闪退", "手机 银行 经常 闪退"),
        ("味道不错", "味道 不错"),
    ],
)
def test_chinese_is_cut_into_the_words_a_reader_sees(text: str, words: str) -> None:
    assert [text[start:end] for start, end in chinese_words(text)] == words.split()


@pytest.mark.parametrize("text", ["", "，", "柜员非常热情，vip 也要等？", "𠮷野家不好吃"])
def test_every_character_is_in_exactly_one_word(text: str) -> None:
    assert "".join(text[start:end] for start, end in chinese_words(text)) == text


def test_a_chinese_word_is_highlighted_whole_and_with_its_negation() -> None:
    told = {span.text: span.weight for span in score_text("办事效率低，我很不满意").deciding}
    assert any(word.endswith("不满意") and weight < 0 for word, weight in told.items()), told


def test_the_strongest_words_come_first() -> None:
    pulls = [abs(span.weight) for span in score_text("味道不错但是配送太慢，包装也破了").deciding]
    assert pulls == sorted(pulls, reverse=True)
