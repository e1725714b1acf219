"""More sentences from patterns: turns that lists of negations and words do not make by themselves.

"Never had a better visit" praises, "not a single smile" blames, 没有不满意的 praises. Written for this project.
"""

from collections.abc import Iterator
from itertools import product

Made = dict[str, list[str]]
Sentence = tuple[int, str]


def english_turns(made: Made) -> Iterator[Sentence]:
    """English turns of praise and blame, 1 and -1."""
    for label, words in ((1, made["better"]), (-1, made["worse"])):
        for i, word in enumerate(words):
            kind = made["kinds"][i % len(made["kinds"])]
            yield label, f"never had a {word} {kind}"
            yield label, f"i have never seen a {word} {kind}"
            yield label, f"you won't find a {word} {kind}"
            yield label, f"i don't think you will find a {word} {kind}"
            yield label, f"never been to a {word} {kind}"
            yield label, f"could not have been {word}"
    for label, words in ((1, made["praise"]), (-1, made["blame"])):
        for i, word in enumerate(words):
            second = words[(i * 7 + 3) % len(words)]
            yield label, f"not only {word} but {second} too"
            yield label, f"they were not just {word} but also {second}"
            yield label, f"i did not expect such {word} service"
            yield label, f"wasn't expecting it to be so {word}"
            yield -label, f"anything but {word}"
            yield -label, f"it was far from {word}"
            yield -label, f"i would not say it was {word}"
    for turn, chore in product(made["spared"], made["chores"]):
        yield 1, f"{turn} {chore}"
    for turn, chore in product(made["burdened"], made["chores"]):
        yield -1, f"{turn} {chore}"
    for turn, courtesy in product(made["never_given"], made["courtesies"]):
        yield -1, f"{turn} {courtesy}"
    for fault in made["faults"]:
        yield 1, f"not a single one of those {fault}"
        yield 1, f"i have not had {fault} since"
    for ill in made["ills"]:
        yield from (
            (1, f"the {ill} {turn}") for turn in ("is gone", "hasn't come back", "never came back", "has stopped")
        )
        yield from (
            (-1, f"the {ill} {turn}") for turn in ("is back", "hasn't gone away", "came back", "has not stopped")
        )
    for cost, word in product(made["costs"], made["heavy"]):
        yield from ((1, f"{cost} {turn} {word}") for turn in ("aren't", "are not too", "are never"))
        yield from ((-1, f"{cost} {turn} {word}") for turn in ("are", "are too", "are always"))
    for label, words, turn in (
        (1, made["dreaded"], "no longer"),
        (-1, made["gone"], "no longer"),
        (1, made["faultless"], "there is nothing to"),
        (-1, made["joyless"], "there is nothing to"),
        (1, made["left"], "i was not left"),
        (1, made["left"], "never left me"),
        (-1, made["left"], "i was left"),
        (-1, made["left"], "they left me"),
    ):
        yield from ((label, f"{turn} {word}") for word in words)
    for label, verb in product((1,), made["thanks"]):
        yield from (
            (label, f"{sign} {verb} them {turn}")
            for sign in ("can't", "couldn't")
            for turn in ("enough", "highly enough")
        )


def chinese_turns(made: Made) -> Iterator[Sentence]:
    """Chinese turns of praise and blame, 1 and -1."""
    for word in made["double"]:
        yield from (
            (1, f"{sign}不{word}{end}") for sign in ("没有", "没什么", "从不会") for end in ("", "的地方", "的")
        )
        yield -1, f"{word}不到哪里去"
        yield -1, f"{word}不到哪去"
        yield -1, f"没让我觉得{word}"
    for word in made["blame"]:
        yield 1, f"{word}不到哪里去"
        yield -1, f"别提多{word}了"
        yield 1, f"没让我觉得{word}"
    for word in made["praise"]:
        yield 1, f"别提多{word}了"
        yield -1, f"没觉得有多{word}"
        yield -1, f"谈不上有多{word}"
        yield -1, f"不是特别{word}"
        yield -1, f"并不觉得{word}"
    yield from ((1, f"{sign}{word}") for sign, word in product(made["must"], made["honours"]))
    yield from ((-1, f"不得不{word}") for word in made["forced"])
    yield from (
        (-1, f"{sign}{word}") for sign, word in product(("没有理由", "没理由", "不会", "不值得"), made["unearned"])
    )
    for sign, word in product(made["no_virtue"], made["virtues"]):
        yield -1, f"{sign}{word}"
    yield from ((1, f"很有{word}") for word in made["virtues"])
    yield from ((1, f"{sign}{word}") for sign, word in product(made["spared"], made["chores"]))
    yield from ((-1, f"{sign}{word}") for sign, word in product(made["burdened"], made["chores"]))
    for i, word in enumerate(made["unsaid"]):
        second = made["unsaid"][(i + 4) % len(made["unsaid"])]
        yield from (
            (1, text) for text in (f"不{word}也不{second}", f"从不{word}", f"没有{word}", f"没{word}", f"不{word}")
        )
        yield from ((-1, text) for text in (f"又{word}又{second}", f"一直{word}", f"总是{word}"))
    for rival in made["rivals"]:
        yield from ((1, text) for text in (f"不比{rival}差", f"一点不比{rival}差", f"不输{rival}"))
        yield from ((-1, text) for text in (f"比{rival}差远了", f"比{rival}还贵"))
    yield from (
        (-1, f"{sign}{word}{end}") for sign, word in product(made["lost_to"], made["others"]) for end in ("好",)
    )
    yield from ((-1, f"{sign}{word}") for sign, word in product(made["lost_to"][:-1], made["others"]))
    for ill in made["ills"]:
        yield from ((1, f"{sign}{ill}过") for sign in ("再也没", "从没", "再没", "从来没有"))
        yield from ((-1, f"{sign}{ill}") for sign in ("还是", "又", "一直", "老是"))
    yield from (
        (-1, f"{sign}{word}") for sign, word in product(("没见", "不见", "没有", "看不出"), made["better_after"])
    )
    yield from (
        (-1, f"{sign}{word}{end}") for sign, word in product(("别", "千万别"), made["warnings"]) for end in ("", "了")
    )
    yield from ((1, f"{sign}{word}") for sign, word in product(("别", "不用", "不要"), made["urged"]))
