"""How a comment feels: tables first, then the linear model of its language, and "nothing known" as an answer. Pure."""

import re
from typing import NamedTuple

from surveys.scoring.features import chinese_scoped, english_tokens, paired
from surveys.scoring.language import Language, detect, detect_folded, fold
from surveys.scoring.model import LinearModel, probability, shipped
from surveys.scoring.negation import tag_negation
from surveys.scoring.spans import fold_in_place
from surveys.scoring.spelling import mended
from surveys.scoring.tables import NAMED, TILT, Question, answers
from surveys.scoring.tenant import Lean, Tenant, bare, said_form

_VERY = 0.75
# What a whole answer of the tables is called by its polarity.
_NEGATIVE_FROM = -0.15
_POSITIVE_FROM = 0.25
# From this probability on a comment is called so; the best cuts on the dev texts. Where both are small it is neutral:
# polarity alone cannot tell "neither" from "both".
_CALLED_NEGATIVE = 0.35
_CALLED_POSITIVE = 0.4
# How often a label is right, by the probability it was given for: Platt's scales see a side as one against the rest,
# and a label is given to the likelier of three. Fitted by eye on the dev texts, the same for both languages.
_RIGHT_NEGATIVE = (0.25, 0.75)
_RIGHT_POSITIVE = (0.1, 0.88)
_DOUBTED = 0.6
_DOUBT = 1.5
_PRAISED = 0.5
_BLAMED = -0.35
_FEW_CLAUSES = 2
_DROWNS = 0.97
_LEANS = 0.5
_HAS_WORDS = re.compile(r"[a-z\u3400-\u9fff]")


class Reading(NamedTuple):
    """Polarity, label and confidence of a stretch of words; all None when nothing in it is known."""

    polarity: float | None
    label: str | None
    confidence: float | None
    whole: bool = False  # a table knew the answer as a whole

    def told_apart(self, clauses: "list[Reading]") -> "Reading":
        """This reading as "mixed" when its clauses say clearly opposite things and neither side drowns the other."""
        felt = [clause.polarity for clause in clauses if clause.polarity is not None]
        if self.polarity is None or not felt:
            return self
        praised, blamed = max(felt) >= _PRAISED, min(felt) <= _BLAMED
        drowned = abs(self.polarity) >= (_DROWNS if len(felt) <= _FEW_CLAUSES else _LEANS)
        return self._replace(label="mixed") if praised and blamed and not drowned else self


NO_SIGNAL = Reading(None, None, None)


def label_of(polarity: float) -> str:
    """The word for a polarity from a table (mixed is decided from clauses, not from one number)."""
    if _NEGATIVE_FROM < polarity < _POSITIVE_FROM:
        return "neutral"
    return _side(polarity)


def _side(polarity: float) -> str:
    side = "positive" if polarity > 0 else "negative"
    return f"very_{side}" if abs(polarity) >= _VERY else side


def _listed(polarity: float, confidence: float) -> Reading:
    return Reading(round(polarity, 4), label_of(polarity), round(confidence, 4))


def _weighed(negative: float, positive: float) -> Reading:
    """The reading of two probabilities; the confidence is how often such a label is right."""
    polarity = positive - negative
    if polarity <= 0 and negative >= _CALLED_NEGATIVE:
        label, confidence = _side(polarity), _right(negative, _RIGHT_NEGATIVE)
    elif polarity > 0 and positive >= _CALLED_POSITIVE:
        label, confidence = _side(polarity), _right(positive, _RIGHT_POSITIVE)
    else:
        neither = 1 - negative - positive
        label, confidence = "neutral", max(0.0, neither - _DOUBT * max(0.0, _DOUBTED - neither))
    return Reading(round(polarity, 4), label, round(confidence, 4))


def _right(share: float, line: tuple[float, float]) -> float:
    return line[0] + line[1] * share


def read(
    text: str,
    *,
    language: Language | None = None,
    question: Question | None = None,
    tenant: Tenant | None = None,
) -> Reading:
    """How a comment or clause feels; `question` is what it answers, as in tables.ANSWERED.

    `tenant`: what a company's corrections add.
    """
    folded = fold(text)
    language = language or detect_folded(folded)
    if len(folded) <= 40:
        known = _whole_answer(folded, question, tenant)
        if known is not None:
            return known
    if not _HAS_WORDS.search(folded):
        return _pictures(folded)
    if language == "unknown":
        return NO_SIGNAL
    negative, positive, bearing = _logits(folded, language, tenant)
    if not (bearing or question):
        return _pictures(folded)
    if question:
        negative += TILT[question][0]
        positive += TILT[question][1]
    return _weighed(*shares(negative, positive))


def read_whole(
    text: str, *, language: Language | None = None, question: Question | None = None, tenant: Tenant | None = None
) -> Reading:
    """How a whole comment feels: mixed where its clauses say opposite things."""
    language = language or detect(text)
    reading = read(text, language=language, question=question, tenant=tenant)
    parts = split_clauses(fold_in_place(text), language=language)
    if len(parts) < 2:
        return reading
    return reading.told_apart([read(text[a:b], language=language, question=question, tenant=tenant) for a, b in parts])


def _whole_answer(folded: str, question: Question | None, tenant: Tenant | None) -> Reading | None:
    tables = answers()
    said = bare(folded)
    if (
        tenant is not None
        and tenant.whole
        and (question or "", said) in tenant.whole
        and not tables.sign.search(folded)
    ):
        return _listed(tenant.whole[question or "", said], 0.8)._replace(whole=True)
    for table, confidence in ((tables.answered[question] if question else {}, 0.9), (tables.whole, 0.85)):
        if said in table:
            value = table[said]
            if value is None:
                return _pictures(folded)
            return _listed(value, confidence)._replace(whole=True) if not tables.sign.search(folded) else None
    if tables.unsaid.fullmatch(said):
        return _pictures(folded)
    if tables.named.fullmatch(said) and not tables.sign.search(folded):
        meant = NAMED.get(question or "")
        return NO_SIGNAL if meant is None else _listed(meant, 0.7)._replace(whole=True)
    return None


def prepare() -> None:
    """Read every table and weight file now, so that the first comment does not wait for them (about half a second)."""
    for text in ("unkown wrod", "你好吗"):
        read(text)


def polarity_of(text: str) -> float | None:
    """Polarity alone, as fast as it can be had."""
    return read(text).polarity


def shares(negative_logit: float, positive_logit: float) -> tuple[float, float]:
    """The probabilities of negative and positive, made to leave one whole with neutral."""
    negative, positive = probability(negative_logit), probability(positive_logit)
    total = negative + positive
    return (negative / total, positive / total) if total > 1 else (negative, positive)


def _logits(folded: str, language: Language, tenant: Tenant | None) -> tuple[float, float, bool]:
    if language == "mixed":
        english = _english(re.sub("[\u3400-\u9fff]+", " . ", folded), tenant)
        chinese = _chinese(folded, tenant)
        sides = [side for side in (english, chinese) if side[2]]
        if not sides:
            return 0.0, 0.0, False
        return sum(s[0] for s in sides) / len(sides), sum(s[1] for s in sides) / len(sides), True
    return _chinese(folded, tenant) if language == "zh" else _english(folded, tenant)


def _english(folded: str, tenant: Tenant | None) -> tuple[float, float, bool]:
    model = shipped("en")
    written = english_tokens(folded)
    tagged = tag_negation(mended(written, model, name="en"))
    features = paired(tagged)
    found, lean = _one(model, features), tenant.leans.get("en") if tenant is not None else None
    if lean is None:
        return found
    return _with(found, lean, features, said_form(written, tagged) if lean.may_say(written) else "")


def _chinese(folded: str, tenant: Tenant | None) -> tuple[float, float, bool]:
    features = chinese_scoped(folded)
    found, lean = _one(shipped("zh"), features), tenant.leans.get("zh") if tenant is not None else None
    return found if lean is None else _with(found, lean, features, folded if lean.may_say(features) else "")


def _one(model: LinearModel, features: set[str]) -> tuple[float, float, bool]:
    return (*model.logits(features), not model.telling.isdisjoint(features))


def _with(found: tuple[float, float, bool], lean: Lean, features: set[str], said: str) -> tuple[float, float, bool]:
    negative, positive, tells = lean.moved(features, said)
    return found[0] + negative, found[1] + positive, found[2] or tells


def _pictures(folded: str) -> Reading:
    tables = answers()
    values = [tables.signs[sign] for sign in tables.sign.findall(folded)]
    return _listed(sum(values) / len(values), 0.8) if values else NO_SIGNAL


_CONTRAST = re.compile(
    r"(?:[.!?;。！？；\n]+\s*)"
    r"|(?:,?\s*\b(?:but|however|although|though|yet|except|whereas|while|unfortunately|on the other hand)\b)"
    r"|[，,、\s]*(?:但是|但|不过|可是|然而|就是|只是|除了|美中不足)|[，,]"
)


def split_clauses(folded: str, *, language: Language) -> list[tuple[int, int]]:
    """Where the clauses of a folded comment start and end: at stops and at words of contrast."""
    bounds = []
    start = 0
    for match in _CONTRAST.finditer(folded):
        if match.start() > start:
            bounds.append((start, match.start()))
        start = match.end() if not re.search(r"\w", match.group()) else match.start()
    if start < len(folded):
        bounds.append((start, len(folded)))
    return [(a, b) for a, b in bounds if re.search(r"\w", folded[a:b])] or [(0, len(folded))]
