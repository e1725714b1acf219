"""Every way through a questionnaire, as a thread of texts with its segments and cost."""

from decimal import Decimal

from surveys.questionnaires.flow import read_definition
from surveys.questionnaires.paths import paths
from surveys.questionnaires.preview import cost, sms_thread
from surveys.questionnaires.service import library
from tests.surveys.questionnaires.forms import choices, form, question


def test_a_score_with_three_follow_ups_has_three_ways_through() -> None:
    ways = paths(read_definition(library()["branch_visit"]))
    assert [[step.question.key for step in way.steps] for way in ways] == [
        ["recommend", "why", "call"],
        ["recommend", "why"],
        ["recommend", "why"],
    ]
    assert ways[0].steps[2].condition == "recommend is low (0 to 6)"


def test_answers_that_lead_the_same_way_are_one_way() -> None:
    asked = read_definition(
        form(
            question("reason", "choice", choices=choices("loan", "card", "cash")),
            question("rate", "csat", when=[{"question": "reason", "choices": ["loan"]}]),
        )
    )
    assert [[step.question.key for step in way.steps] for way in paths(asked)] == [["reason", "rate"], ["reason"]]


def test_the_number_of_ways_is_bounded() -> None:
    many = [question(f"q{n}", "yes_no") for n in range(12)]
    follow = [question(f"f{n}", "text", when=[{"question": f"q{n}", "choices": ["no"]}]) for n in range(12)]
    assert len(paths(read_definition(form(*many, *follow)), limit=50)) == 50


def test_the_thread_shows_both_sides_and_says_what_our_side_costs() -> None:
    asked = read_definition(library()["branch_visit"])
    thread = sms_thread(asked, paths(asked)[0], language="en", values={"org": "Harbour Bank", "branch": "Central"})
    assert [text.direction for text in thread] == ["out", "in", "out", "in", "out", "in", "out"]
    assert thread[0].body.startswith("Harbour Bank: after Central ")
    assert thread[-1].body.startswith("Harbour Bank: thank you. The manager of Central will call you")
    assert not any("{" in text.body for text in thread)
    assert cost(thread, Decimal("0.05")) == Decimal("0.20")


def test_without_words_for_sms_they_are_made_of_the_question_and_how_to_answer() -> None:
    asked = read_definition(
        form(
            question("fixed", "yes_no", "Is it mended, {customer}?", "修好了吗？"),
            question("what", "choices", "What did we do?", "我们做了什么？", choices=choices("call", "visit")),
            question("when", "callback", "May we call you?", "可以给您打电话吗？"),
        )
    )
    english = [t.body for t in sms_thread(asked, paths(asked)[0], language="en", values={"org": "HB"})]
    assert english[0] == "HB: Is it mended, customer? Reply 1 Yes, 2 No. STOP to end"
    assert english[1] == "1"
    assert english[2] == "HB: What did we do? Reply all that apply, like 1 3: 1 The call, 2 The visit."
    chinese = [t.body for t in sms_thread(asked, paths(asked)[0], language="zh-Hans", values={"org": "海港银行"})]
    assert chinese[0] == "【海港银行】修好了吗？请回复数字：1是 2否。拒收请回复R"
    assert chinese[4].startswith("【海港银行】可以给您打电话吗？请回复：1今天 2明天 3不用打电话")


def test_an_earlier_answer_is_said_in_a_later_question() -> None:
    asked = read_definition(
        form(
            question("reason", "choice", choices=choices("loan", "card")),
            question("rate", "csat", "How was {answer.reason}?", "{answer.reason}办得怎么样？"),
        )
    )
    thread = sms_thread(asked, paths(asked)[0], language="en", values={"org": "HB"})
    assert thread[2].body == "HB: How was The loan? Reply 1 to 5."
