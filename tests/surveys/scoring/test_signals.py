"""Words that call for a person at once, and words that only look like it."""

import pytest

from surveys.scoring.signals import SignalKind, find_signals
from tests.surveys.scoring.signal_sentences import rests_on, sentences, tallies

# A manager who is called out twice for nothing stops looking, so precision comes first; words of self-harm may not be
# missed. The figures of the first sight of each file, which these sentences can no longer give, are in the card.
PRECISION, RECALL = 0.95, 0.80
FILES = tuple(f"signals_{n}.tsv" for n in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh"))


@pytest.mark.parametrize(
    ("text", "kind", "evidence"),
    [
        ("I am closing my account tomorrow", "intent_to_leave", "closing my account"),
        ("Taking my money elsewhere.", "intent_to_leave", "Taking my money elsewhere"),
        ("I'll switch to another bank", "intent_to_leave", "switch to another bank"),
        ("The counter closed. I will move my account.", "intent_to_leave", "will move my account"),
        ("再这样我就销户", "intent_to_leave", "就销户"),
        ("我要销户", "intent_to_leave", "要销户"),
        ("準備銷戶了", "intent_to_leave", "準備銷戶"),
        ("以后再也不来了", "intent_to_leave", "再也不来"),
        ("You will hear from my lawyer", "legal_threat", "my lawyer"),
        ("I will report this to the ombudsman", "legal_threat", "report this to the ombudsman"),
        ("我要去银保监会投诉你们", "legal_threat", "银保监会投诉"),
        ("不处理就打12378", "legal_threat", "打12378"),
        ("there was an unauthorised transaction on my card", "fraud_safety", "unauthorised transaction"),
        ("someone stole my card", "fraud_safety", "someone stole my card"),
        ("卡被盗刷了三千", "fraud_safety", "盗刷"),
        ("这笔不是本人操作", "fraud_safety", "不是本人操作"),
        ("They treated me badly because of my accent", "discrimination", "because of my accent"),
        ("歧视外地人", "discrimination", "歧视"),
        ("I want to die", "self_harm", "want to die"),
        ("不想活了", "self_harm", "不想活"),
        ("This is absolutely unacceptable", "anger", "unacceptable"),
        ("气死我了", "anger", "气死"),
        ("Please call me back", "call_request", "Please call me"),
        ("请给我回个电话", "call_request", "请给我回个电话"),
        ("I want to speak to the manager", "call_request", "want to speak to the manager"),
    ],
)
def test_a_signal_is_found_with_its_words(text: str, kind: str, evidence: str) -> None:
    signals = {signal.kind.value: signal.evidence for signal in find_signals(text)}
    assert kind in signals
    assert evidence in signals[kind].text
    assert text[signals[kind].start : signals[kind].end] == signals[kind].text


@pytest.mark.parametrize(
    "text",
    [
        "I opened an account and the card came quickly",
        "I am not closing my account, I like it here",
        "They helped me close the window",
        "The legal department opens at nine",
        "The fraud prevention talk was interesting",
        "The colour of the card is nice",
        "No need to call me",
        "you call me a valued customer",
        "I will move my account to the branch near work",
        "the branch moved to another street",
        "开户很快，卡也好看",
        "我不会销户的",
        "谨防诈骗的讲座很有用",
        "电话银行很好用",
        "法律规定要实名",
        "卡激活不了",
        "我妈妈的卡很好看",
        "不用跟我联系，谢谢",
        "请不要给我打电话",
        "请勿来电",
        "是不是我本人刷的，是我",
        "摇滚音乐放得太响",
        "",
    ],
)
def test_ordinary_words_raise_nothing(text: str) -> None:
    assert find_signals(text) == ()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", [kind.value for kind in SignalKind])
def test_each_kind_keeps_its_precision_and_recall_on_the_written_sentences(name: str, kind: str) -> None:
    tally = tallies(name)[kind]
    assert tally.precision >= PRECISION, tally.wrong
    assert tally.recall >= RECALL, tally.missed


@pytest.mark.parametrize("name", FILES)
def test_evidence_is_cut_from_the_words_as_they_were_written(name: str) -> None:
    for sentence in sentences(name):
        # Full-width letters and emoji before the evidence must not move it.
        text = "\uff23\uff32\uff2d\U0001f620 " + sentence.text
        for signal in find_signals(text):
            assert text[signal.evidence.start : signal.evidence.end] == signal.evidence.text
            assert signal.evidence.text.strip()
        for signal in find_signals(sentence.text):
            assert signal.kind.value != sentence.about or rests_on(signal, sentence)


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("If you don't refund me I will sue you", True),
        ("I don't think I will sue you", False),
        ("Nobody called so I am closing my account", True),
        ("My father is not closing his account and I am not closing my account", False),
        ("不退钱我就销户", True),
        ("我不得不销户", True),
        ("我不会因为这个销户", False),
        ("They asked if I wanted to close my account", False),
        ("They closed my account without asking", False),
        ("你们把我的账户注销了", False),
        ("请你们把我的账户注销", True),
        ("再也不来了", True),
        ("再也不用排队了", False),
    ],
)
def test_a_denial_reaches_no_further_than_its_clause(text: str, fires: bool) -> None:
    kinds = {signal.kind for signal in find_signals(text)}
    assert bool(kinds & {SignalKind.LEGAL_THREAT, SignalKind.INTENT_TO_LEAVE}) is fires
