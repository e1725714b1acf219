"""A rating and its words may disagree; only strong disagreement is worth a look."""

from surveys.scoring.agreement import conflicts
from surveys.scoring.score import score_text

PRAISE = score_text("Excellent service, the staff were wonderful and so helpful")
BLAME = score_text("Terrible service, rude staff, the worst bank ever")
NOTHING = score_text("")


def test_warm_words_beside_a_zero_are_a_conflict() -> None:
    assert conflicts(0, kind="nps", score=PRAISE)
    assert conflicts(1, kind="csat", score=PRAISE)
    assert conflicts(1, kind="ces", score=PRAISE)


def test_bitter_words_beside_a_ten_are_a_conflict() -> None:
    assert conflicts(10, kind="nps", score=BLAME)
    assert conflicts(5, kind="csat", score=BLAME)
    assert conflicts(7, kind="ces", score=BLAME)


def test_words_that_agree_or_sit_in_the_middle_are_none() -> None:
    assert not conflicts(10, kind="nps", score=PRAISE)
    assert not conflicts(0, kind="nps", score=BLAME)
    assert not conflicts(7, kind="nps", score=BLAME)
    assert not conflicts(3, kind="csat", score=PRAISE)


def test_silence_contradicts_nothing() -> None:
    assert not conflicts(0, kind="nps", score=NOTHING)
    assert not conflicts(10, kind="nps", score=NOTHING)
