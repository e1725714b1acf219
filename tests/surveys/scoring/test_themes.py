"""What a comment is about."""

import pytest

from surveys.scoring.score import score_text
from surveys.scoring.themes import label, read_book, standard_book

KEYS = {
    "staff_attitude", "competence", "waiting", "fees", "product", "app_website", "atm_branch", "communication",
    "resolution", "safety_fraud",
}  # fmt: skip


def _themes(text: str) -> set[str]:
    return {mention.theme for mention in score_text(text).themes}


def test_the_ten_themes_have_names_in_both_languages() -> None:
    assert set(standard_book().themes) == KEYS
    for key in KEYS:
        assert label(key, "en") != label(key, "zh-Hans")
        assert label(key, "zh-Hans").strip()


def test_an_unknown_theme_has_no_name() -> None:
    with pytest.raises(KeyError):
        label("weather", "en")


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("the teller was rude", "staff_attitude"),
        ("柜员很不耐烦", "staff_attitude"),
        ("she was very knowledgeable", "competence"),
        ("业务不熟练", "competence"),
        ("waited an hour in the queue", "waiting"),
        ("排队排了一个小时", "waiting"),
        ("overdraft fee is too high", "fees"),
        ("手续费太贵", "fees"),
        ("my credit card limit", "product"),
        ("信用卡额度太低", "product"),
        ("the app crashes", "app_website"),
        ("手机银行闪退", "app_website"),
        ("the ATM was out of order", "atm_branch"),
        ("取款机坏了", "atm_branch"),
        ("nobody explained anything", "communication"),
        ("没有告知我", "communication"),
        ("my problem is still not solved", "resolution"),
        ("问题到现在没解决", "resolution"),
        ("money stolen, this is fraud", "safety_fraud"),
        ("卡被盗刷", "safety_fraud"),
    ],
)
def test_each_theme_is_known_by_its_words(text: str, theme: str) -> None:
    assert theme in _themes(text)


def test_a_word_inside_another_word_names_no_theme() -> None:
    assert "fees" not in _themes("coffee was offered")
    assert "app_website" not in _themes("I was happy")


def test_a_company_brings_its_own_themes() -> None:
    book = read_book(
        'version = "mine-1"\n[lounge]\nen_label = "Lounge"\nzh_label = "贵宾室"\n'
        '[lounge.coffee]\nen_label = "Coffee"\nzh_label = "咖啡"\nen = ["coffee*"]\nzh = ["咖啡"]\n'
    )
    assert book.version == "mine-1"
    mentions = score_text("The coffee was cold", book=book).themes
    assert [(mention.theme, mention.subtheme, mention.evidence.text) for mention in mentions] == [
        ("lounge", "coffee", "coffee")
    ]


def test_a_book_of_another_shape_is_refused() -> None:
    with pytest.raises(KeyError):
        read_book("[lounge]\nen_label = 'Lounge'\n")
