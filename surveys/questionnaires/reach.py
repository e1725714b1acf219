"""Which earlier answers lead to a question. Pure.

All conditions must hold together, so what a question asks of an earlier answer is one set: the answers every condition
on the way allows. Where a set is empty nobody gets there.
"""

from collections.abc import Collection, Mapping

from surveys.questionnaires.flow import Band, Condition, Definition, Feeling, Kind, Question
from surveys.questionnaires.questions import BAND_OF

Ways = Mapping[str, frozenset[str]]


def outcomes(question: Question) -> frozenset[str]:
    """The answers a later question can tell apart: bands, feelings or keys of choices."""
    if question.scale:
        return frozenset(Band)
    if question.kind is Kind.TEXT:
        return frozenset(Feeling)
    return frozenset(choice.key for choice in question.choices)


def allowed(condition: Condition, about: Question) -> frozenset[str]:
    """The answers to the earlier question that this condition lets through."""
    if condition.bands:
        if about.kind is Kind.TEXT:
            return frozenset(feeling for feeling in Feeling if BAND_OF[feeling] in condition.bands)
        return frozenset(condition.bands) & outcomes(about)
    return frozenset(condition.feelings or condition.choices) & outcomes(about)


class Reach:
    """What must have been answered to get to each question of a definition, also along the way."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._ways: dict[str, Ways] = {}
        for question in definition.questions:
            self._ways.setdefault(question.key, self._to(question))

    def _to(self, question: Question) -> Ways:
        found: dict[str, frozenset[str]] = {}
        for condition in question.conditions:
            about = self._definition.earlier(question, condition.question)
            if about is None:
                continue
            for key, answers in {**self._ways[about.key], about.key: allowed(condition, about)}.items():
                found[key] = _both(self._definition.question(key), found.get(key), answers)
        return found

    def is_reachable(self, question: Question) -> bool:
        """Whether any answers lead there."""
        return all(self._ways[question.key].values())

    def bands_at(self, question: Question) -> frozenset[str]:
        """The bands whose words may be needed there; "" where it may be asked without that earlier answer."""
        about = self._definition.earlier(question, question.by) if question.by else None
        if about is None:
            return frozenset([""])
        ways = self._ways[question.key]
        answers = ways.get(about.key, outcomes(about))
        bands = {str(BAND_OF[Feeling(a)] if about.kind is Kind.TEXT else Band(a)) for a in answers}
        # A score that is surely asked is surely given; words may be passed over.
        sure = about.key in ways or (about.scale is not None and set(self._ways[about.key]) <= set(ways))
        return frozenset(bands if sure else {*bands, ""})


def _both(question: Question | None, one: Collection[str] | None, other: frozenset[str]) -> frozenset[str]:
    if one is None:
        return other
    if question is not None and question.kind is Kind.CHOICES and one and other:
        return frozenset(one) | other  # several may be chosen at once, so both can hold
    return frozenset(one) & other
