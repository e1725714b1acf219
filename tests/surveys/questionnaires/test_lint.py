"""The lint says in plain words what would be better, and is silent about what is well made."""

import pytest

from surveys.questionnaires.flow import read_definition
from surveys.questionnaires.lint import Level, advice
from surveys.questionnaires.service import library
from tests.surveys.questionnaires.forms import Data, form, question, words


def codes(data: Data) -> set[tuple[str, str]]:
    return {(a.pointer, a.code) for a in advice(read_definition(data))}


@pytest.mark.parametrize("key", sorted(library()))
def test_nothing_is_to_be_warned_of_in_a_ready_questionnaire(key: str) -> None:
    assert [a for a in advice(read_definition(library()[key])) if a.level is Level.WARN] == []


@pytest.mark.parametrize(
    ("english", "chinese", "code"),
    [
        ("How great was our service?", "服务怎么样？", "leading"),
        ("Don't you agree that we were quick?", "快吗？", "leading"),
        ("How was it?", "您对我们优质的服务满意吗？", "leading"),
        ("How satisfied were you with the speed and friendliness?", "满意吗？", "double_barrelled"),
        ("How was it?", "您对办理速度和服务态度满意吗？", "double_barrelled"),
    ],
)
def test_wording_that_bends_the_answer_is_found(english: str, chinese: str, code: str) -> None:
    assert code in {found for _, found in codes(form(question("a", "csat", english, chinese)))}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("How likely are you to recommend us to friends and family?", "您有多大可能推荐给亲戚朋友？"),
        ("How easy was it to get this done?", "办起来费不费事？"),
        ("How well was your complaint handled?", "您愿意推荐给家人和朋友吗？"),
        ("How satisfied were you?", "我们和您沟通得及时吗？"),
    ],
)
def test_even_wording_is_left_alone(english: str, chinese: str) -> None:
    assert codes(form(question("a", "csat", english, chinese))) == set()


def test_open_words_may_ask_for_two_things() -> None:
    data = form(question("a", "text", "What went well and what did not?", "哪里好？哪里不好？"))
    assert codes(data) == set()


def test_more_than_three_answers_by_sms_are_too_many() -> None:
    data = form(*(question(f"q{n}", "csat") for n in range(4)))
    assert codes(data) == {("questions", "many_steps")}


def test_a_text_is_measured_with_the_longest_names() -> None:
    long = "How was it at {branch} " + "and so on " * 24
    data = form(question("a", "text", long + "?", "怎么样？"))
    found = [a for a in advice(read_definition(data)) if a.code == "long_text"]
    assert [a.pointer for a in found] == ["questions/0/text"]
    assert not [a for a in advice(read_definition(data), longest={"branch": "X", "org": "Y"}) if a.code == "long_text"]


@pytest.mark.parametrize("ask", ["Reply YES or NO", "please text cancel", "Reply 'end' when done", "Answer QUIT"])
def test_a_word_of_the_carrier_is_no_answer(ask: str) -> None:
    own = words(f"HB: is it mended? {ask}. STOP to end", "【海港】修好了吗？回复1或2。拒收请回复R")
    assert ("questions/0/sms_text", "carrier_word") in codes(form(question("a", "yes_no", sms_text=own)))


def test_own_words_of_the_first_text_must_say_how_to_stop() -> None:
    own = words("HB: is it mended? Reply 1 yes, 2 no", "【海港】修好了吗？回复1或2。")
    found = [a for a in advice(read_definition(form(question("a", "yes_no", sms_text=own)))) if a.code == "no_opt_out"]
    assert len(found) == 2
    assert "STOP to end" in found[0].detail


def test_a_link_is_not_sent_where_carriers_let_none_through() -> None:
    own = words("HB: tell us at {link} STOP to end", "【海港】请打开{link}。拒收请回复R")
    found = [a.detail for a in advice(read_definition(form(question("a", "nps", sms_text=own))))]
    assert found == ["Carriers there let no link through: leave it out of the Simplified Chinese SMS."]


def test_a_missing_translation_is_named() -> None:
    data = form({"key": "a", "kind": "nps", "text": {"en": "How likely?"}}, languages=["en", "zh-Hant"])
    assert ("questions/0/text/zh-Hant", "missing_translation") in codes(data)


def test_hard_words_and_long_sentences_are_hints_only() -> None:
    english = (
        "Considering the comprehensive administrative procedures necessitated by regulatory obligations, "
        "how satisfactory was the institutional communication?"
    )
    chinese = (
        "请您回想一下本次在我行网点办理业务的全部过程包括取号排队等候填写单据以及最终办结的各个环节之后告诉我们感受"
    )
    found = advice(read_definition(form(question("a", "text", english, chinese))))
    assert {(a.code, a.level) for a in found if a.code in ("hard_to_read", "long_sentence")} == {
        ("hard_to_read", Level.HINT),
        ("long_sentence", Level.HINT),
    }


def test_where_the_carrier_approves_wordings_ones_own_are_named() -> None:
    own = read_definition(
        {
            "key": "own",
            "names": {"en": "Own"},
            "languages": ["en"],
            "questions": [
                {
                    "key": "recommend",
                    "kind": "nps",
                    "text": {"en": "How likely are you to recommend us?"},
                    "sms_text": {"en": "{org}: 0 to 10, how likely are you to recommend us? STOP to end"},
                }
            ],
        }
    )
    assert "needs_approval" in {one.code for one in advice(own, approved_only=True)}
    assert "needs_approval" not in {one.code for one in advice(own)}
