"""Every way through a questionnaire, with an example of each answer that leads there. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from surveys.questionnaires.flow import (
    RANGE,
    Band,
    Condition,
    Definition,
    Feeling,
    Given,
    Kind,
    Question,
    band_of,
    band_range,
    holds,
    in_language,
)
from surveys.questionnaires.questions import BAND_OF
from surveys.questionnaires.sentences import sentence, word

MOST_SETS = 3  # of several choices that matter, every set of them up to this many

_EXAMPLES: Mapping[str, Mapping[str, str]] = {
    Feeling.NEGATIVE: {
        "en": "I waited far too long",
        "zh-Hans": "等得太久了，很失望",
        "zh-Hant": "等得太久了，很失望",
    },
    Feeling.NEUTRAL: {"en": "Nothing special", "zh-Hans": "一般", "zh-Hant": "一般"},
    Feeling.POSITIVE: {"en": "Everybody was very kind", "zh-Hans": "大家都很热情", "zh-Hant": "大家都很熱情"},
}


@dataclass(frozen=True)
class PathStep:
    """A question on the way, an answer that leads on, and why it is asked; "" for one that is always asked."""

    question: Question
    given: Given
    condition: str

    def words(self, language: str) -> str:
        """The example of an answer in words, in a customer's language."""
        return in_language(_EXAMPLES[self.given.feeling or Feeling.NEUTRAL], language) if self.given.text else ""


@dataclass(frozen=True)
class Path:
    """One way through, from the first question to the thanks."""

    steps: tuple[PathStep, ...]

    @property
    def answers(self) -> Mapping[str, Given]:
        """The answers given on the way, by question."""
        return {step.question.key: step.given for step in self.steps}


def paths(definition: Definition, *, limit: int = 200, tongue: str = "en") -> tuple[Path, ...]:
    """Every distinct way through, at most `limit`: ways differ by the questions asked and by their wording.

    `tongue`: the language in which conditions are told.
    """
    found: dict[tuple[tuple[str, str], ...], Path] = {}
    for tried, answers in enumerate(_answered(definition, definition.questions, {})):
        if len(found) >= limit or tried >= limit * 20:
            break
        asked = definition.path(answers)
        wording = tuple((q.key, definition.band_for(q, answers)) for q in asked)
        if asked:
            steps = tuple(PathStep(q, answers[q.key], condition_words(definition, q, tongue=tongue)) for q in asked)
            found.setdefault(wording, Path(steps))
    return tuple(found.values())


def _answered(
    definition: Definition, rest: Sequence[Question], answers: Mapping[str, Given]
) -> Iterator[Mapping[str, Given]]:
    if not rest:
        yield answers
        return
    question = rest[0]
    if not definition.asked(question, answers):
        yield from _answered(definition, rest[1:], answers)
        return
    options = tuple(_told_apart(definition, question))
    if len(options) == 1 and question.kind is Kind.TEXT:
        options = (_fitting(definition.band_for(question, answers)),)
    for given in options:
        yield from _answered(definition, rest[1:], {**answers, question.key: given})


def _told_apart(definition: Definition, question: Question) -> Iterator[Given]:
    """One example of each answer that something later tells from the others."""
    seen = set()
    for given in examples(question):
        effect = tuple(_effects(definition, question, given))
        if effect not in seen:
            seen.add(effect)
            yield given


def _fitting(about: str) -> Given:
    """Words that go with the answer they are asked about."""
    feeling = next((f for f in Feeling if BAND_OF[f] == about), Feeling.NEUTRAL)
    return Given(text=_EXAMPLES[feeling]["en"], feeling=feeling)


def _effects(definition: Definition, question: Question, given: Given) -> Iterator[object]:
    for later in definition.questions:
        if later.by == question.key:
            yield band_of(question, given)
        for condition in later.conditions:
            if condition.question == question.key:
                yield holds(condition, question, given)


def examples(question: Question) -> tuple[Given, ...]:
    """Examples of every sort of answer to a question."""
    if question.kind in RANGE:
        low, mid, high = (band_range(question.kind, about) for about in (Band.LOW, Band.MID, Band.HIGH))
        return tuple(Given(value=value) for value in (low[0] + 1, mid[0], high[1]))
    if question.kind is Kind.TEXT:
        return tuple(Given(text=_EXAMPLES[feeling]["en"], feeling=feeling) for feeling in Feeling)
    if question.kind is Kind.CHOICES:
        keys = [choice.key for choice in question.choices]
        sets = [some for size in range(1, MOST_SETS + 1) for some in combinations(keys, size)]
        return tuple(Given(choices=some) for some in sets) or (Given(choices=()),)
    return tuple(Given(choice=choice.key) for choice in question.choices) or (Given(),)


def condition_words(definition: Definition, question: Question, *, tongue: str = "en") -> str:
    """When a question is asked, in words; "" when always."""
    told = [_told(definition, question, condition, tongue) for condition in question.conditions]
    return sentence("ways", "and", tongue).join(words for words in told if words)


def _told(definition: Definition, question: Question, condition: Condition, tongue: str) -> str:
    about = definition.earlier(question, condition.question)
    if about is None:
        return ""
    either = sentence("ways", "or", tongue)
    if condition.bands and about.scale:
        told = []
        for band in condition.bands:
            low, high = band_range(about.kind, band)
            values = {"key": about.key, "band": word(band, tongue), "from": low, "to": high}
            told.append(sentence("ways", "band", tongue, **values))
        return either.join(told)
    if condition.choices:
        labels = [in_language(c.label, tongue) for c in about.choices if c.key in condition.choices]
        return sentence("ways", "choice", tongue, key=about.key, labels=either.join(labels))
    felt = condition.feelings or tuple(f for f in Feeling if BAND_OF[f] in condition.bands)
    told = [word(feeling, tongue) for feeling in felt]
    return sentence("ways", "feeling", tongue, key=about.key, feelings=either.join(told))
