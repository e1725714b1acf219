"""New words that several customers begin to use, and that no theme knows."""

import math

from app.insights.emerging import Said, emerging, g2, terms_of
from surveys.scoring.themes import standard_book

BOOK = standard_book()


def comments(*texts: str, first: int = 1, unhappy: bool = False, name: str = "") -> list[Said]:
    return [Said(at, at, text, unhappy, name) for at, text in enumerate(texts, first)]


EARLIER = comments(
    *["The teller was kind", "柜员很热情", "I waited an hour", "排队太久", "A leaflet was there"] * 20, first=1000
)
PLAIN = ["The teller was kind", "柜员很热情"] * 10


def terms(recent: list[Said], before: list[Said] = EARLIER, *, names: tuple[str, ...] = ()) -> list[str]:
    return [one.term for one in emerging(recent, before, book=BOOK, names=names)]


def test_g2_is_the_likelihood_ratio_of_the_table() -> None:
    # Two columns that are alike say nothing; all against nothing says 2 n ln 2.
    assert g2(10, 100, 20, 200) == 0
    assert math.isclose(g2(10, 10, 0, 10), 40 * math.log(2))


def test_a_word_that_several_begin_to_use_is_proposed_with_what_speaks_for_it() -> None:
    recent = comments(*PLAIN, "The turnstiles hurt me", "A turnstile blocked me", "That turnstile again", "turnstile!")
    (found,) = emerging(recent, EARLIER, book=BOOK)
    assert (found.term, found.language, found.comments, found.customers, found.before) == ("turnstile", "en", 4, 4, 0)
    assert found.g2 > 10.83
    assert found.examples == (24, 23, 22, 21)


def test_chinese_is_proposed_as_the_whole_word_once() -> None:
    recent = comments(*PLAIN, "新的充电桩坏了", "充电桩太少", "没有充电桩", "充电桩在哪里")
    assert terms(recent) == ["充电桩"]


def test_two_words_that_stand_together_are_one_proposal() -> None:
    recent = comments(*PLAIN, "The locker room flooded", "One locker room", "locker room please", "Locker room!")
    assert terms(recent) == ["locker room"]


def test_nothing_is_proposed_from_fewer_than_three_customers() -> None:
    said = [Said(at, at % 2, "That turnstile again", False) for at in range(100, 112)]
    assert terms([*comments(*PLAIN), *said]) == []


def test_what_a_theme_knows_is_not_new() -> None:
    assert terms(comments(*PLAIN, *["The kiosk"] * 6)) == []


def test_what_was_always_said_is_not_new() -> None:
    assert terms(comments(*PLAIN, *["A leaflet was there"] * 6)) == []


def test_a_word_of_the_dissatisfied_rises_among_them_alone() -> None:
    before = [
        *EARLIER,
        *comments(*["The turnstile was fun"] * 8, first=3000),
        *comments(*["Bad"] * 40, first=4000, unhappy=True),
    ]
    recent = [*comments(*PLAIN), *comments(*["That turnstile again"] * 5, first=500, unhappy=True)]
    (found,) = emerging(recent, before, book=BOOK)
    assert (found.term, found.unhappy) == ("turnstile", 5)
    assert found.unhappy_g2 > 10.83


def test_secrets_that_were_taken_out_and_names_are_never_proposed() -> None:
    assert terms(comments(*PLAIN, *["It is [id_number], [phone]"] * 6)) == []
    said = comments(*PLAIN, *["Ofelia ran off", "奥菲莉亚跑了"] * 6)
    assert any("ofelia" in term for term in terms(said))
    assert not any("ofelia" in term or "菲莉" in term for term in terms(said, names=("Ofelia Quist", "奥菲莉亚")))
    own = comments(*PLAIN, *["Ofelia here, umbrella"] * 6, name="Ofelia Quist")
    assert terms(own) == ["umbrella"]


def test_a_company_that_has_just_begun_is_told_nothing() -> None:
    assert terms(comments(*["The turnstile hurt me"] * 6), EARLIER[:20]) == []


def test_terms_stop_at_what_a_theme_knows_and_at_stops() -> None:
    assert [term for _, term in terms_of("Parsley, the queue sage. Thyme", book=BOOK)] == ["parsley", "sage", "thyme"]
