"""What is filled into the words of a question: names, days, earlier answers. Pure.

What is not known is said by a neutral word, so that nobody reads a hole or a placeholder.
"""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from notifications.texts import cut, fallbacks
from surveys.questionnaires.flow import Definition, Given, Question, in_language

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NAMES = ("org", "branch", "staff", "customer", "service", "thing", "day", "when", "ends")
LINK = "link"  # by SMS only, and filled in when the text leaves
ANSWER = "answer."
MOST_WORDS = 40
_BRACES = str.maketrans("{}", "()")

_NEUTRAL: Mapping[str, Mapping[str, str]] = {
    "en": {
        "org": "our company",
        "branch": "our branch",
        "staff": "our colleague",
        "customer": "customer",
        "service": "our service",
        "thing": "request",
        "day": "that day",
        "when": "recently",
        "ends": "****",
        "holder": "the manager",
        "Holder": "The manager",
        "answer": "your answer",
    },
    "zh-Hans": {
        "org": "我们公司",
        "branch": "我们网点",
        "staff": "我们的同事",
        "customer": "客户",
        "service": "我们的服务",
        "thing": "业务",
        "day": "当天",
        "when": "最近",
        "ends": "****",
        "holder": "负责人",
        "Holder": "负责人",
        "answer": "您的回答",
    },
    "zh-Hant": {
        "org": "我們公司",
        "branch": "我們網點",
        "staff": "我們的同事",
        "customer": "客戶",
        "service": "我們的服務",
        "thing": "業務",
        "day": "當天",
        "when": "最近",
        "ends": "****",
        "holder": "負責人",
        "Holder": "負責人",
        "answer": "您的回答",
    },
}

# The longest value each takes: what the length of a text is judged by.
_LONGEST = {
    "en": {
        "org": 12,
        "branch": 16,
        "staff": 20,
        "customer": 20,
        "service": 20,
        "thing": 24,
        "day": 10,
        "when": 9,
        "holder": 31,
        "Holder": 31,
    },
    "zh": {
        "org": 4,
        "branch": 6,
        "staff": 4,
        "customer": 4,
        "service": 8,
        "thing": 8,
        "day": 6,
        "when": 6,
        "holder": 11,
        "Holder": 11,
    },
}
_LONGEST_LINK = 23


def placeholders(text: str) -> tuple[str, ...]:
    """The names in braces, each once, in order."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


def fill(text: str, values: Mapping[str, str], language: str) -> str:
    """The text with its values; a neutral word for what is not known. `{link}` stays unless it is given."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        known = values.get(name)
        if known:
            return known if name == LINK else known.translate(_BRACES)
        return match[0] if name == LINK else neutral(name, language)

    return PLACEHOLDER.sub(value, text)


def breaking(text: str) -> Markup:
    """A heading as HTML: "|" is where a Chinese line may break."""
    return Markup(str(escape(text)).replace("|", "<wbr>"))


def neutral(name: str, language: str) -> str:
    """What stands for a value that is not known."""
    table = next((_NEUTRAL[tag] for tag in fallbacks(language) if tag in _NEUTRAL), _NEUTRAL["en"])
    return table.get(name.partition(".")[0], table["answer"])


def answers_in_words(definition: Definition, answers: Mapping[str, Given], language: str) -> dict[str, str]:
    """Earlier answers as a later question says them, by placeholder: the number, the label, the words cut short."""
    found = {}
    for question in definition.questions:
        given = answers.get(question.key)
        words = answer_in_words(question, given, language) if given is not None else ""
        if words:
            found[f"{ANSWER}{question.key}"] = words
    return found


def answer_in_words(question: Question, given: Given, language: str) -> str:
    """One answer as it is said to the customer; "" when there is none."""
    if given.value is not None and question.scale:
        return str(given.value)
    chosen = [c for c in question.choices if c.key == given.choice or c.key in given.choices]
    if chosen:
        return ("、" if language.startswith("zh") else ", ").join(in_language(c.label, language) for c in chosen)
    return cut(" ".join(given.text.split()), MOST_WORDS) if given.text else ""


def longest_values(definition: Definition, language: str, given: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """The longest value of every placeholder; `given` says better what is long here."""
    chinese = language.startswith("zh")
    sample = "字" if chinese else "x"
    values = {name: sample * most for name, most in _LONGEST["zh" if chinese else "en"].items()}
    values |= {"ends": "0000", LINK: "x" * _LONGEST_LINK}
    for question in definition.questions:
        labels = [in_language(c.label, language) for c in question.choices]
        values[f"{ANSWER}{question.key}"] = (
            "10" if question.scale else max(labels, key=len) if labels else sample * MOST_WORDS
        )
    return values | dict(given or {})
