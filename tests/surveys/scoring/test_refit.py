"""What corrections teach: a little from one, firmly from many, never at the price of what was right."""

import json
from pathlib import Path

import pytest

from config import ROOT
from surveys.scoring.feeling import feeling
from surveys.scoring.golden import LANGUAGES, golden_f1, golden_set, judge, side_of, told_f1
from surveys.scoring.polarity import read_whole
from surveys.scoring.refit import LEXICON_MARGIN, MARGIN, Corrected, refit
from surveys.scoring.score import score_text
from surveys.scoring.tenant import Tenant, plain, tenant_from

PLACES = ("counter", "app", "branch", "cafe", "queue", "lobby", "desk", "hotline", "letter", "kiosk")


def polarity(text: str, tenant: Tenant | None = None) -> float:
    found = read_whole(text, tenant=tenant).polarity
    assert found is not None
    return found


def own_comments(language: str) -> list[str]:
    """What the shipped model was trained on beside others."""
    file = Path(ROOT) / "surveys" / "scoring" / "training" / f"own_{language}.tsv"
    return [line for line in file.read_text(encoding="utf-8").splitlines() if "\t" in line and line[0] != "#"]


def sick(many: int, *, phrase: str | None = None) -> list[Corrected]:
    texts = [f"the {place} was sick {turn}" for turn in ("today", "again") for place in PLACES]
    return [Corrected(text, "very_positive", None, phrase, "praise" if phrase else None) for text in texts[:many]]


def test_one_correction_moves_its_words_a_little_and_twenty_move_them_firmly() -> None:
    unseen = "honestly the repair was sick"
    before = polarity(unseen)
    after_one, after_twenty = (polarity(unseen, refit(sick(n), version=1).tenant) for n in (1, 20))
    assert before < -0.5
    assert before < after_one < before + 0.2
    assert after_twenty > before + 0.4
    assert polarity("kind staff", refit(sick(20), version=1).tenant) == pytest.approx(polarity("kind staff"), abs=0.05)


def test_a_word_somebody_explained_has_its_meaning_at_once_and_the_opposite_under_a_negation() -> None:
    tenant = refit(sick(1, phrase="sick"), version=1).tenant
    assert read_whole("the repair was sick", tenant=tenant).label in ("positive", "very_positive")
    assert polarity("the repair was not sick at all", tenant) < -0.5
    own = refit([Corrected("it was not crisp", "negative", None, "not crisp", "praise")], version=1).tenant
    assert polarity("it was not crisp", own) > 0.25, "a negation of its own turns nothing"
    assert feeling("the repair was sick") == "negative"
    assert feeling("the repair was sick", tenant=tenant) == "positive"


def test_a_word_of_the_company_that_no_model_knows_is_learnt_in_both_languages() -> None:
    known = [
        Corrected("the flexihub at your branch again", "negative", None, "flexihub", "criticism"),
        Corrected("这次又是海通盒办的", "positive", None, "海通盒", "praise"),
    ]
    tenant = refit(known, version=1).tenant
    assert polarity("flexihub", tenant) < -0.25
    assert polarity("我用了海通盒", tenant) > 0.25
    assert polarity("没海通盒", tenant) < -0.25


def test_a_word_is_heard_as_it_was_written_also_where_it_looks_like_a_slip_or_stands_between_chinese_ones() -> None:
    taught = [
        Corrected("rued again on my bill", "positive", None, "Rued", "praise"),
        Corrected("the two tap card pin is here", "positive", None, "two tap card pin", "praise"),
    ]
    tenant = refit(taught, version=1).tenant
    assert polarity("the counter has rued") < -0.5, "taken for a slip of rude"
    assert polarity("the counter has rued", tenant) > 0.25
    assert polarity("我们用了rued", tenant) > polarity("我们用了rued") + 0.3
    assert polarity("I used the two tap card pin", tenant) > 0.25
    spans = {span.text for span in score_text("I used the two tap card pin", tenant=tenant).deciding}
    assert {"two", "tap", "card", "pin"} <= spans


def test_a_chinese_negation_reaches_an_explained_word_as_it_reaches_any_other() -> None:
    tenant = refit([Corrected("这次又是海通盒办的", "positive", None, "海通盒", "praise")], version=1).tenant
    assert polarity("没有用海通盒", tenant) < polarity("没有用海通盒")
    assert polarity("我用了海通盒和海通盒", tenant) > 0.25


def test_what_was_learnt_is_shown_among_the_words_that_decided() -> None:
    tenant = refit(sick(1, phrase="sick"), version=7).tenant
    score = score_text("the repair was sick", tenant=tenant)
    assert score.version == score_text("fine").version.replace("+r", "+t7+r")
    weights = {span.text: span.weight for span in score.deciding}
    assert weights["sick"] > 0
    assert {span.text: span.weight for span in score_text("the repair was sick").deciding}["sick"] < 0


def test_a_short_answer_is_read_as_the_company_reads_it() -> None:
    tenant = refit([Corrected("OK.", "negative")] * 3, version=1).tenant
    assert read_whole("ok").label == "neutral"
    assert read_whole("Ok!", tenant=tenant).label == "negative"


def test_the_same_corrections_give_the_same_refit_and_it_can_be_kept() -> None:
    rows = [
        *sick(6, phrase="sick"),
        Corrected("态度牛", "very_positive", None, "牛", "praise"),
        Corrected("ok", "mixed"),
    ]
    first = refit(rows, version=3)
    assert plain(refit(rows, version=3).tenant) == plain(first.tenant)
    kept = tenant_from(3, json.loads(json.dumps(plain(first.tenant))))
    for text in ("the repair was sick", "这家牛", "ok", "not sick"):
        assert read_whole(text, tenant=kept) == read_whole(text, tenant=first.tenant)


def test_what_would_spoil_the_golden_set_is_held_back() -> None:
    wrong = {"neg": "very_positive", "pos": "very_negative", "neu": "very_negative"}
    spoilt = [Corrected(row.text, wrong[row.side]) for row in golden_set("en")]
    explained = [
        Corrected(f"{place} {word}", label, None, word, means)
        for place in PLACES
        for word, label, means in (("good", "negative", "criticism"), ("rude", "positive", "praise"))
    ]
    assert refit(spoilt, version=1).strength < 1
    for rows in (spoilt, explained):
        fitted = refit(rows, version=1)
        for language in LANGUAGES:
            reached = told_f1(judge(golden_set(language), fitted.tenant))
            assert reached >= golden_f1(language) - MARGIN - LEXICON_MARGIN


def test_no_correction_is_judged_by_what_was_learnt_from_itself() -> None:
    rows = sick(1, phrase="sick") * 4
    assert [told.told for told in refit(rows, version=1).own] == ["neg"] * 4
    assert read_whole(rows[0].text, tenant=refit(rows, version=1).tenant).label in ("positive", "very_positive")
    taught = refit(sick(4, phrase="sick"), version=1)
    assert [told.told for told in taught.own] == ["pos"] * 4, "others teach the word"
    assert [told.told for told in taught.shipped_own] == ["neg"] * 4


def test_explanations_that_make_the_other_corrections_worse_are_held_back() -> None:
    labels = {"neg": "negative", "pos": "positive", "neu": "neutral"}
    rows = []
    for number, line in enumerate(own_comments("en")[:240]):
        side, _, text = line.partition("\t")
        odd = number % 3 == 0  # somebody explains whatever word stands last, the wrong way round
        means = ("criticism" if side == "pos" else "praise") if odd else None
        rows.append(Corrected(text, labels[side_of(side)], None, text.split()[-1] if odd else None, means))
    fitted = refit(rows, version=1)
    assert fitted.lexicon < 1
    assert told_f1(fitted.own) >= told_f1(fitted.shipped_own) - 2 * MARGIN


def test_what_somebody_explained_is_not_weakened_by_what_is_only_guessed_from_the_same_comments() -> None:
    guessed = [Corrected(row.text, "very_positive" if row.side == "neg" else "negative") for row in golden_set("en")]
    fitted = refit([*guessed[:150], *sick(1, phrase="sick")], version=1)
    assert fitted.strength < fitted.lexicon == 1.0
    assert polarity("the repair was sick", fitted.tenant) > 0.25


def test_nothing_to_learn_from_is_the_shipped_model() -> None:
    tenant = refit([], version=1).tenant
    for text in ("the repair was sick", "服务很差", "ok"):
        assert read_whole(text, tenant=tenant) == read_whole(text)
    unknown = refit([Corrected("สวัสดี", "positive"), Corrected("好 but slow service today", "mixed")], version=1)
    assert unknown.strength == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_golden_set_is_trained_on_by_nobody(language: str) -> None:
    golden = {row.text.casefold() for row in golden_set(language)}
    assert len(golden) == len(golden_set(language)) >= 200
    assert {row.side for row in golden_set(language)} == {"neg", "neu", "pos"}
    trained = {line.partition("\t")[2].casefold() for line in own_comments(language)}
    assert golden & trained == set()
