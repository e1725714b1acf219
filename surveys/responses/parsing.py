"""What a reply by SMS means (pure): a score, words, both, or a wish; a wrong number is worse than asking again."""

from collections.abc import Collection, Sequence
from typing import Literal

from notifications import optout_words
from surveys.responses.calltimes import CallTime, call_time
from surveys.responses.chosen import chosen, several
from surveys.responses.disagreement import disagree
from surveys.responses.filler import BREAK, only_filler, words_alone
from surveys.responses.numbers import fold, numbers
from surveys.responses.replies import Action, Reply, clean
from surveys.responses.scale_words import in_own_words
from surveys.responses.scores import comment_beside, score_in
from surveys.responses.tongues import language_wanted

__all__ = ["Action", "Reply", "call_back_choice", "read_reply", "words_beside_a_wish"]

Kind = Literal["nps", "csat", "ces", "yes_no", "choice", "choices", "text", "callback"]

CALL_BACK: tuple[Literal["today"], Literal["tomorrow"], Literal["none"]] = ("today", "tomorrow", "none")
_SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


def read_reply(
    text: str,
    *,
    kind: Kind | str,
    language: str = "en",
    choices: Sequence[str] = (),
    labels: Sequence[Collection[str]] = (),
) -> Reply:
    """Read any text whatever as the answer to one question.

    Both languages are read whichever one was asked in. Yes is 1 and no is 0; a choice is its place, from 1; `labels`
    are what else each is called. A time to be called at is its day's place, the words its comment. Raises ValueError
    only for a kind that does not exist.
    """
    words = clean(text)
    if reserved := optout_words.classify(words):
        return _wish(words, reserved, kind)
    if wanted := language_wanted(words):
        # Whoever reads Traditional and writes "中文" wants what they had.
        if wanted == "zh":
            wanted = "zh-Hant" if language == "zh-Hant" else "zh-Hans"
        return Reply(None, None, Action.LANGUAGE, wanted)
    if kind == "text":
        said = bool(fold(words).text.strip())  # signs that nobody sees say nothing
        return Reply(None, words, Action.RECORD) if said else Reply(None, None, Action.ASK_AGAIN)
    if kind == "choices":
        return several(words, choices, labels)
    if kind == "callback":
        choices = choices or CALL_BACK
    if kind == "callback" and (when := call_time(words)) and (day := _day_offered(when, choices)):
        said_more = when.day == "later" or (when.after, when.before) != (None, None)
        return Reply(day, words if said_more else None, Action.RECORD)
    if kind in ("yes_no", "choice", "callback"):
        return chosen(words, kind, choices, labels)
    if kind not in _SCALES:
        raise ValueError(f"there is no question kind {kind!r}")
    return _scored(words, kind)


def _day_offered(when: CallTime, choices: Sequence[str]) -> int | None:
    """The number of the choice that comes next to the day they named; a later one is not today, and its words count."""
    day = "tomorrow" if when.day == "later" else when.day
    return choices.index(day) + 1 if day in choices else None


def words_beside_a_wish(text: str) -> str | None:
    """What somebody said besides asking to stop: "Stop texting me, the teller was rude" is also a complaint."""
    words = clean(text)
    parts = [part for part in BREAK.split(fold(words).text) if part.strip() and not only_filler(part)]
    return words if any(not optout_words.is_stop(part) for part in parts) else None


def call_back_choice(text: str) -> Literal["today", "tomorrow", "none"] | None:
    """The answer to "may we call you: 1 today, 2 tomorrow, 3 please do not"; None when it is something else."""
    reply = chosen(clean(text), "choice", CALL_BACK)
    return CALL_BACK[reply.value - 1] if reply.value is not None else None


def _wish(words: str, reserved: optout_words.Reserved, kind: str) -> Reply:
    action = Action(reserved)
    if action is Action.STOP and kind in _SCALES:
        # "1 terrible, stop texting me" also says how it was.
        scored = _scored(words, kind)
        parts = [part for part in BREAK.split(fold(scored.comment or "").text) if not only_filler(part)]
        if scored.value is not None and not all(map(optout_words.is_stop, parts)):
            return Reply(scored.value, scored.comment, action)
    return Reply(None, None, action)


def _scored(words: str, kind: str) -> Reply:
    low, high = _SCALES[kind]
    folded = fold(words)
    number = score_in(folded.text, low, high)
    if number is not None and number.value is not None:
        value, comment = number.value, comment_beside(folded, words, number)
    elif not numbers(folded.text) and (found := in_own_words(words, folded, kind)):
        value, comment = found
    else:
        return Reply(None, words_alone(folded, words), Action.ASK_AGAIN)
    apart = comment is not None and disagree(fold(comment).text, value, kind)
    return Reply(value, comment, Action.CONFLICT if apart else Action.RECORD)
