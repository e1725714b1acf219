"""What the demo company's customers say: made from the phrase bank, so that no two texts look alike."""

import tomllib
from collections import deque
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

NEGATIVE, POSITIVE, MIDDLE = "negative", "positive", "middle"
HOURS_EN = ("ten", "half past ten", "eleven", "noon", "one", "two", "half past two", "three", "four")
HOURS_ZH = ("十点", "十点半", "十一点", "中午", "下午一点", "两点", "两点半", "三点", "四点")
TERSE = {
    ("en", NEGATIVE): ("Too slow", "rude", "Fees!", "no", "bad", "Not good", "queue", "poor service", "slow as always"),
    ("en", POSITIVE): (
        "Great",
        "all good",
        "Good service",
        "Very nice",
        "perfect, thanks",
        "Fast",
        "lovely people",
        "👍",
    ),
    ("en", MIDDLE): ("ok", "fine", "Average", "so so", "nothing", "all right", "normal", "not bad"),
    ("zh", NEGATIVE): ("太慢", "态度差", "收费高", "差", "不好", "排队", "服务不行", "老样子", "失望"),
    ("zh", POSITIVE): ("很好", "服务好", "快", "都不错", "满意", "谢谢", "挺好的", "👍"),
    ("zh", MIDDLE): ("还行", "一般", "凑合", "没有", "还可以", "正常", "不差", "行吧"),
}


@cache
def phrases(language: str) -> dict[str, Any]:
    """The phrase bank of "en" or "zh"."""
    return tomllib.loads((Path(__file__).parent / f"phrases_{language}.toml").read_text("utf-8"))


class Comments:
    """Makes comments and remembers them: a whole text comes once, and the same sentence not again for a while."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._said: set[str] = set()
        self._lately: deque[str] = deque(maxlen=30)

    def comment(self, language: str, mood: str, theme: str, *, leaving: bool = False) -> str:
        """A comment in this language ("en", "zh-Hans"), mood and theme; `leaving` adds that they mean to go."""
        tongue = "zh" if language.startswith("zh") else "en"
        if not leaving and self._rng.random() < 0.06:
            return self._rng.choice(TERSE[tongue, mood])
        text = ""
        for _ in range(20):
            text = self._made(tongue, mood, theme, leaving)
            if text not in self._said:
                break
        self._said.add(text)
        return text

    def mixed(self, language: str, good: str, bad: str) -> str:
        """Praise for one theme, a complaint about another."""
        tongue = "zh" if language.startswith("zh") else "en"
        praise = self._core(tongue, POSITIVE, good)
        blame = self._core(tongue, NEGATIVE, bad)
        if tongue == "zh":
            return f"{praise}，就是{blame}。"
        return f"{praise.rstrip('.')}, but {_lower(blame)}"

    def stray(self, language: str) -> str:
        """Words that answer no question."""
        line: str = self._rng.choice(phrases("zh" if language.startswith("zh") else "en")["stray"]["lines"])
        return line

    def _made(self, tongue: str, mood: str, theme: str, leaving: bool) -> str:
        rng, bank = self._rng, phrases(tongue)
        core = self._core(tongue, mood, theme)
        opener = rng.choice(bank[mood]["openers"]) if rng.random() < 0.4 else ""
        more = (
            self._filled(tongue, rng.choice(bank["themes"][theme][mood]["more"]))
            if self._goes_on(bank, theme, mood)
            else ""
        )
        closer = rng.choice(bank[mood]["closers"]) if rng.random() < 0.45 else ""
        if leaving:
            closer = rng.choice(bank["leaving"]["lines"])
        return _chinese(opener, core, more, closer) if tongue == "zh" else _english(opener, core, more, closer)

    def _goes_on(self, bank: dict[str, Any], theme: str, mood: str) -> bool:
        return "more" in bank["themes"][theme][mood] and self._rng.random() < 0.5

    def _core(self, tongue: str, mood: str, theme: str) -> str:
        choices = phrases(tongue)["themes"][theme][mood]["core"]
        fresh = [c for c in choices if c not in self._lately] or choices
        core = self._rng.choice(fresh)
        self._lately.append(core)
        return self._filled(tongue, core)

    def _filled(self, tongue: str, text: str) -> str:
        rng = self._rng
        amount = rng.choice((2, 5, 8, 10, 12, 15, 20, 25, 30, 36, 50, 60, 80, 100, 120, 200))
        return text.format(
            minutes=rng.choice((20, 25, 30, 35, 40, 45, 50, 55, 60, 70, 80, 90)),
            window=rng.randint(1, 8),
            fee=f"{amount}元" if tongue == "zh" else f"{amount} yuan",
            days=rng.randint(3, 14),
            times=rng.choice(("两", "三", "四")) if tongue == "zh" else rng.choice(("two", "three", "four")),
            hour=rng.choice(HOURS_ZH if tongue == "zh" else HOURS_EN),
        )


def _english(opener: str, core: str, more: str, closer: str) -> str:
    if opener:
        core = f"{opener} {_upper(core) if opener[-1] == '.' else _lower(core)}"
    text = " ".join(part for part in (core, more, closer) if part)
    return _upper(text)


def _upper(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _lower(sentence: str) -> str:
    first = sentence.split(" ", 1)[0]
    return sentence if first in ("I", "I'm") or first[:2].isupper() else sentence[0].lower() + sentence[1:]


def _chinese(opener: str, core: str, more: str, closer: str) -> str:
    body = f"{opener}{core}，{more}" if more else f"{opener}{core}"
    return f"{body}。{closer}" if closer else f"{body}。" if len(body) > 8 else body
