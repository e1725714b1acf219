"""Sentences made from patterns: rare turns (negation, regret, relief) must be seen often enough to be learnt.

Written for this project: no text of anyone else is in them. They count as one more source of the highest licence
class.
"""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from pathlib import Path

from surveys.scoring.corpus import LABELS, Example
from surveys.scoring.training.turns import chinese_turns, english_turns

_HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def _patterns() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = tomllib.loads((_HERE / "patterns.toml").read_text(encoding="utf-8"))
    return found


def own_examples(language: str) -> list[Example]:
    """All sentences of this project's own making in one language; the hand-written ones count three times."""
    made = _english() if language == "en" else _chinese()
    patterned = [Example(f"{language}_own_patterns", language, label, text) for label, text in made]
    return patterned + 3 * list(_written(language))


def _written(language: str) -> Iterator[Example]:
    for line in (_HERE / f"own_{language}.tsv").read_text(encoding="utf-8").splitlines():
        label, found, text = line.partition("\t")
        if found and label in LABELS:
            yield Example(f"{language}_own_written", language, LABELS[label], text)


def _english() -> Iterator[tuple[int, str]]:
    made = _patterns()["en"]
    for i, (subject, word) in enumerate(product(made["subjects"], made["praise"])):
        yield -1, _joined(subject, made["not"][i % len(made["not"])], word)
        yield 1, _joined(subject, word)
        yield -1, _joined(subject.rpartition(" ")[0], made["nt"][i % len(made["nt"])], word)
    for i, (subject, word) in enumerate(product(made["subjects"], made["blame"])):
        yield -1, _joined(subject, word)
        yield 1, _joined(subject, ("not", "never", "not at all", "not too")[i % 4], word)
        if i % 2:
            yield 1, _joined(subject.rpartition(" ")[0], ("wasn't", "isn't", "weren't", "wasnt")[i // 2 % 4], word)
    for wish, word in product(made["wishes"], made["better"]):
        yield -1, f"{wish} {word}"
        yield -1, f"the service {wish} {word}"
    for peak, word in product(made["peaks"], made["better"]):
        yield 1, f"{peak} {word}"
        yield 1, f"the staff {peak} {word}"
    for word in made["praise"]:
        yield -1, f"used to be {word}"
        yield -1, f"i expected it to be {word}"
        yield -1, f"i don't think it was {word}"
        yield -1, f"i didn't find it {word}"
        yield -1, f"no {word} staff"
    for word in made["blame"]:
        yield 1, f"i don't think it was {word}"
        yield 1, f"never had a {word} experience"
        yield 1, f"nothing {word} to say"
        yield 1, f"no {word} staff"
    yield from _english_turns(made)
    yield from english_turns(made)


def _english_turns(made: dict[str, list[str]]) -> Iterator[tuple[int, str]]:
    for sign, fault in product(made["none_of"], made["faults"]):
        yield 1, f"{sign} {fault}"
    for sign, fault in product(made["some_of"], made["faults"]):
        yield -1, f"{sign} {fault}"
    for sign, deed in product(made["not_done"], made["regrets"]):
        yield 1, f"they {sign} {deed}"
    for sign, deed in product(("always", "they", "will"), made["regrets"]):
        yield -1, f"{sign} {deed}"
    for deed in made["deeds"]:
        yield from ((1, f"{sign} hesitate to {deed}") for sign in ("would not", "wouldn't", "i won't", "don't"))
        yield from ((-1, f"{sign} {deed}") for sign in ("would not", "i won't", "will never", "don't"))
    for task in made["tasks"]:
        yield from (
            (1, f"{not_} {hard} to {task}") for not_ in ("not", "isn't", "wasn't") for hard in ("hard", "difficult")
        )
        yield from ((-1, f"{not_} easy to {task}") for not_ in ("not", "isn't", "wasn't"))
    for verb, whom in product(made["thanks"], made["thanked"]):
        yield 1, f"can't {verb} {whom} {'at all' if verb == 'fault' else 'enough'}"
    for word in made["praise"]:
        yield from ((-1, f"{start} {word}") for start in ("i can't say it was", "i wouldn't call it", "no longer"))
        yield -1, f"wasn't as {word} as i expected"
        yield 1, f"could not have been more {word}"
    for word in made["blame"]:
        yield from ((1, f"{start} {word}") for start in ("i can't say it was", "i wouldn't call it", "no longer"))
        yield 1, f"wasn't as {word} as i feared"
        yield -1, f"could not have been more {word}"
    for word in made["better"]:
        yield from ((-1, f"{start} {word}") for start in ("it isn't any", "not any", "no", "it did not get"))
        yield from ((1, f"{start} {word}") for start in ("it doesn't get any", "much"))


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _chinese() -> Iterator[tuple[int, str]]:
    made = _patterns()["zh"]
    for sign, word in product(made["not"], made["praise"]):
        yield -1, f"{sign}{word}"
        yield -1, f"服务{sign}{word}"
    for sign, word in product(made["not_bad"], made["blame"]):
        yield 1, f"{sign}{word}"
    for wish, word in product(made["wish"], made["wished"]):
        yield -1, f"{wish}{word}"
    for noun in made["faults"]:
        for sign in made["none_of"]:
            yield 1, f"{sign}{noun}"
        for sign in made["some_of"]:
            yield -1, f"{sign}{noun}"
    for sign, deed in product(made["still"], made["mended"]):
        yield -1, f"{sign}{deed}"
        yield 1, f"很快就{deed}了"
    for verb, sign in product(made["regrets"], made["not_done"]):
        yield 1, f"{sign}{verb}"
    for verb in made["regrets"]:
        yield -1, f"让我{verb}"
        yield -1, f"有点{verb}"
    for degree, word in product(("很", "非常", "真的很", "特别", "挺", "太", "十分", ""), made["praise"]):
        yield 1, f"{degree}{word}"
        yield 1, f"服务{degree}{word}"
    for degree, word in product(("很", "非常", "真的很", "特别", "挺", "太", "十分", "有点", ""), made["blame"]):
        yield -1, f"{degree}{word}"
        yield -1, f"服务{degree}{word}"
    yield from chinese_turns(made)
