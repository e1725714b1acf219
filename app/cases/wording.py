"""How a case is spoken of: people without their surname, times as people say them, causes and reasons by name. Pure."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from notifications.texts import Catalogue, fallbacks, spoken

WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh-Hans": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

TO_DO = {
    "en": (("call by", "no call"), ("no call, fix by", "no answer")),
    "zh-Hans": (("回电", "未回电"), ("短信答复", "未答复")),
}
SAW = {
    "en": ("has seen your answer", "has read your words"),
    "zh-Hans": ("已看到您的评价", "已看过您的话"),
    "zh-Hant": ("已看到您的評價", "已看過您的話"),
}
YOURS = {
    "en": ("your answer is", "your words are"),
    "zh-Hans": ("您的评价", "您的话"),
    "zh-Hant": ("您的評價", "您的話"),
}
CAUSES = {
    "waiting": {"en": "waiting", "zh-Hans": "等候"},
    "staff": {"en": "staff", "zh-Hans": "态度"},
    "fees": {"en": "fees", "zh-Hans": "收费"},
    "system": {"en": "system", "zh-Hans": "系统"},
    "other": {"en": "other", "zh-Hans": "其他"},
}
OUTCOME_NAMES = {
    "saved": {"en": "saved", "zh-Hans": "挽回"},
    "lost": {"en": "lost", "zh-Hans": "流失"},
    "unreachable": {"en": "not reached", "zh-Hans": "未联系上"},
    "not_justified": {"en": "not justified", "zh-Hans": "不成立"},
}
CAUSE_BY_DIGIT = dict(zip("12345", CAUSES, strict=True))

COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "夏侯", "端木")


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Every text about a case."""
    return Catalogue.load(Path(__file__).parent / "texts.toml")


def called(name: str, language: str) -> str:
    """A customer as staff read of them by SMS: "C. W." or "陈姓客户"; never the whole name."""
    name = name.strip()
    chinese = any("\u4e00" <= sign <= "\u9fff" for sign in name)
    if spoken(language) == "zh-Hans":
        if not chinese:
            return "".join(f"{part[0].upper()}." for part in name.split()[:2]) or "客户"
        surname = next((s for s in COMPOUND_SURNAMES if name.startswith(s)), name[0])
        return f"{surname}{'姓' if len(surname) == 1 else ''}客户"
    if not name or chinese:
        return "customer"
    return " ".join(f"{part[0].upper()}." for part in name.split()[:2])


def staff_time(moment: datetime, zone: str, language: str, *, now: datetime) -> str:
    """A time as a colleague says it: "17:00" today, "Fri 17:00" within a week, else the day."""
    tongue, there, today = spoken(language), moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    away = abs((there.date() - today.date()).days)
    if away == 0:
        return f"{there:%H:%M}"
    if away > 6:
        return day(moment, zone, language)
    weekday = WEEKDAYS[tongue][there.weekday()]
    return f"{weekday}{there:%H:%M}" if tongue == "zh-Hans" else f"{weekday} {there:%H:%M}"


def customer_time(moment: datetime, zone: str, language: str, *, now: datetime) -> str:
    """A time as a customer reads it, right also tomorrow: "17:00" today, else "17:00 on 21 Nov", "11月21日17:00"."""
    there, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if there.date() == today.date():
        return f"{there:%H:%M}"
    said = day(moment, zone, language)
    return f"{said}{there:%H:%M}" if spoken(language) == "zh-Hans" else f"{there:%H:%M} on {said}"


def day(moment: datetime, zone: str, language: str) -> str:
    """ "20 Nov", "11月20日"."""
    there = moment.astimezone(ZoneInfo(zone))
    if spoken(language) == "zh-Hans":
        return f"{there.month}月{there.day}日"
    return f"{there.day} {MONTHS[there.month - 1]}"


def of_full(rating: int, top: int, language: str) -> str:
    """ "2/10"; a Chinese reader counts in points: "2分(满分10)"."""
    return f"{rating}分(满分{top})" if spoken(language) == "zh-Hans" else f"{rating}/{top}"


def to_do(language: str, *, no_call: bool) -> dict[str, str]:
    """What is to be done by a time, and what was not: a call, or an answer to somebody who wants none."""
    act, none = TO_DO[spoken(language)][no_call]
    return {"act": act, "Act": act[:1].upper() + act[1:], "none": none}


def saw(language: str, *, words: bool) -> str:
    """That somebody has read what the customer said; a number alone is no words."""
    return SAW[next(name for name in fallbacks(language) if name in SAW)][words]


def yours(language: str, *, words: bool) -> str:
    """What of theirs somebody has."""
    return YOURS[next(name for name in fallbacks(language) if name in YOURS)][words]


def cause_name(cause: str | None, language: str) -> str:
    """A root cause by name."""
    return CAUSES.get(cause or "other", CAUSES["other"])[spoken(language)]


def outcome_name(outcome: str, language: str) -> str:
    """What came of a case, by name."""
    return OUTCOME_NAMES[outcome][spoken(language)]


def fresh_words(before: str | None, said: str | None) -> str | None:
    """The lines of `said` that `before` does not hold yet; None when there is nothing new in it."""
    known = set((before or "").splitlines())
    lines = [line for line in (said or "").splitlines() if line.strip() and line not in known]
    return "\n".join(lines) or None


def with_words(before: str | None, fresh: str) -> str:
    """All they said, in order. A line that only goes on where an earlier one ended takes its place."""
    lines = (before or "").splitlines()
    for line in fresh.splitlines():
        place = next((n for n, old in enumerate(lines) if old and line.startswith(old)), None)
        if place is None:
            lines.append(line)
        else:
            lines[place] = line
    return "\n".join(lines)
