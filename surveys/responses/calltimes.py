"""When somebody would like to be called, from what they type (pure): a day and a window, or nothing at all.

Only what is wholly understood counts: a call at a wrong time is worse than asking again.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from surveys.responses.numbers import fold

OPENS, CLOSES = time(9), time(20)
WORKING_WEEK = 5
ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAYS_OF_WEEK = r"mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_WEEK = r"(?:个)?(?:周|星期|礼拜)"
_TOMORROW = r"(?:tom+or+ow|tomor+o|tommorow|tmrw?|tmro|tmw|tomoz|2mor+ow|2moro)"
_DAY = re.compile(
    r"(?<![a-z])(?:(?P<over>(?:the )?day after tomorrow|(?<!大)后天)"
    rf"|(?P<tomorrow>{_TOMORROW})(?:'?s(?![a-z]))?"
    r"|(?P<tomorrow_han>听日|听朝|听晚|明天|明日|明早|明晚)"
    rf"|(?P<before>next|coming|this)?\s*(?P<english>{_DAYS_OF_WEEK})(?:'?s(?![a-z]))?"
    r"(?P<week_after>\s*(?:of )?next week)?"
    rf"|(?P<which>下|本|这|到)?{_WEEK}(?P<han>[一二三四五六日天])(?:(?=[^a-z])|$)"
    rf"|(?P<week>next week|下{_WEEK}(?![一二三四五六日天末]))"
    r"|(?P<today>today(?:'s)?|this|tonight|asap|(?:right )?now|(?:right|straight) away|"
    r"今天|今日|今晚|今早|现在|而家|依家|马上|立刻|尽快))(?![a-z])"
)
_PARTS = {
    "morning": (time(9), time(12)),
    "am": (time(9), time(12)),
    "noon": (time(12), time(14)),
    "lunchtime": (time(12), time(14)),
    "before lunch": (time(9), time(12)),
    "after lunch": (time(13), time(18)),
    "after work": (time(17), time(20)),
    "afternoon": (time(13), time(18)),
    "pm": (time(13), time(18)),
    "evening": (time(17), time(20)),
    "tonight": (time(17), time(20)),
    "早上": (time(8), time(12)),
    "上午": (time(9), time(12)),
    "早": (time(8), time(12)),
    "中午": (time(12), time(14)),
    "下午": (time(13), time(18)),
    "午饭后": (time(13), time(18)),
    "午后": (time(13), time(18)),
    "下班后": (time(17), time(20)),
    "傍晚": (time(17), time(19)),
    "晚上": (time(18), time(20)),
    "朝早": (time(9), time(12)),
    "晏昼": (time(13), time(18)),
    "下昼": (time(13), time(18)),
    "夜晚": (time(18), time(20)),
    "晚": (time(18), time(20)),
}
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_HAN = {sign: value for value, sign in enumerate("零一二三四五六七八九十")} | {"两": 2, "兩": 2}
_HOUR = (
    rf"(?:(?P<part{{n}}>早上|上午|中午|下午|朝早|晏昼|下昼|夜晚|傍晚|晚上|早|晚)\s*)?(?P<hour{{n}}>\d{{{{1,2}}}}|十[一二]?|[{''.join(_HAN)}])"
    r"(?:\s*(?:[:.点點时時]\s*(?P<minute{n}>[0-5]\d|半|一刻|三刻)?分?|o'?clock))?\s*(?P<half{n}>a\.?m\.?|p\.?m\.?)?"
)
_ONE = re.compile(
    r"(?P<how>after|from|past|any ?time after|before|by|until|till|not after|at|around|about|@|in the)?\s*"
    + _HOUR.format(n="")
    + r"\s*(?P<then>以后|以後|之后|之後|过后|過後|后|後|以前|之前|前|左右)?"
)
_TWO = re.compile(
    r"(?:between|from|在)?\s*"
    + _HOUR.format(n="1")
    + r"\s*(?:-|–|—|~|to|till|until|and|到|至)\s*"
    + _HOUR.format(n="2")
)
_PART_ALONE = re.compile(rf"(?:in the |during the )?(?P<part>{_PART})(?:'?s)?(?![a-z])")
_FILLER = re.compile(
    r"\b(?:please|pls|plz|call|me|ring|phone|back|you|can|could|may|ok|okay|yes|if|poss(?:ible)?|best|better|is|good|fine|"
    r"free|available|any ?time|sometime|i|am|i'm|would|like|prefer|thanks|thank|the|on|at|it|be|would be|works|for|"
    r"instead|rather|do|does|give|a|bell|whenever|suits?|lah|la|hi|hello|so|later|just|easier|ideal(?:ly)?|maybe|perhaps|"
    r"only|will|much|bit|then|are|more convenient|nicer)\b|'(?:s|ll|d)\b|"
    r"请|請|打给我|打給我|打电话|打電話|来电|來電|给我|給我|打|可以|可|方便|最好|吧|的|我|谢谢|謝謝|有空|先|得闲|得閒|就|在|再|都行|都可以|都得|得|啦|呀|"
    r"唔该|麻烦|行|好|比较|较|更|会|些|一点|啲|点|还是|的话|应该|合适|比"
)
# "Not tomorrow morning" refuses no more than a morning.
_THEN = (
    rf"(?:now|(?:today|{_TOMORROW})(?![a-z])"
    rf"(?!\s*(?:in the|at|after|before|around|from|until|till|by|between|\d|{_PART})))"
)
_THEN_HAN = "(?:今天|今日|现在|而家|明天|明日|听日)"
# Another day is named after it: "not today, tomorrow".
_NOT_THEN = re.compile(
    rf"^(?:sorry,? |no,? )?(?:(?:not|can'?t(?: do| talk)?|cannot|busy|no good|don'?t (?:call|ring|phone)(?: me)?) "
    rf"{_THEN}(?![a-z])|"
    rf"{_THEN}(?: does(?:n't| not) (?:work|suit)|"
    r"(?: is(?:n't| not| no)|'?s (?:not|no)| not| no) (?:good|great|ok|convenient|free|possible|time)|"
    r"(?: is| i'?m)? (?:busy|cannot|can'?t)(?! (?:call|ring|phone))|"
    r" won't (?:work|do))(?: (?:for )?me)?|"
    rf"(?:不是)?{_THEN_HAN}(?:不行|不得|没空|没时间|不方便|有事|忙|冇空|冇时间|唔得(?:闲|空)?|[不没]得(?:闲|空)|走[不唔]开|唔方便)|"
    rf"(?:不要|不是|别|唔好|唔系){_THEN_HAN}(?=[\s,.;-]|[是系]))"
    r"\s*[,.;，。-]*\s*(?:but\s+|而?是|系)?(?=\S)"
)
# Two days side by side may both be refused: "今天明天不行".
_AND_NOT_THEN = re.compile(
    rf"[\s,.;，。-]*(?:and |but )?(?:not {_THEN}|(?:不是|不要|别|唔好|唔系){_THEN_HAN}|"
    rf"(?<![天日]){_THEN_HAN}(?:比较|很|太)?(?:不行|不得|没空|唔得|冇空|忙|有事|不方便|没时间))$"
)
_REFUSES = re.compile(
    rf"\b(?:not|never|except|busy|can'?t(?: do| talk)?|cannot) (?:on )?{_THEN}|(?:不要|不是|别|唔好|唔系){_THEN_HAN}|"
    rf"{_THEN_HAN}.?(?:不行|不得|没空|唔得|冇空|不方便|唔方便)"
)
_NOW = re.compile(r"\bnow|现在|而家")
_TODAY = re.compile(r"\btoday|今[天日]")
# Whom both days suit is called on the first: "今天明天都可以". Without a word for both nobody knows.
_OR = r"\s*[,、/]?\s*(?:或者?|还是|和|跟|同)?\s*"
_BOTH = re.compile(
    rf"(?:今[天日]{_OR}(?:明[天日]|听日)|(?:明[天日]|听日){_OR}今[天日]|今明[天日]?)\s*(?:两天)?\s*[都均]|"
    rf"both today and {_TOMORROW}(?: (?:work|suit))?(?![a-z])|today and {_TOMORROW} (?:are )?both(?![a-z])"
)
_A_LITTLE = re.compile(r"(?<=[好便早晚快易])一[点些]")  # "好一点" is no one o'clock
_DENIED = re.compile(
    r"\b(?:i|we)(?:'ll|'d| will| can| could| would)?(?: rather| just)? (?:call|ring|phone)\b(?! me)|"  # they, not we
    r"\b(?:no|not|never|don'?t|dont|without|except|but|any day)\b|不|别|別|勿|没|沒|除"
)


@dataclass(frozen=True)
class CallTime:
    """The day they named, and the window on it; a side that is None is open.

    A "later" day is `ahead` days from now, or a weekday (0 is Monday; None: the whole week) that comes next, or lies in
    the week `weeks` after this one where they said so.
    """

    day: Literal["today", "tomorrow", "later"]
    after: time | None = None
    before: time | None = None
    ahead: int | None = None
    weekday: int | None = None
    weeks: int | None = None


@dataclass(frozen=True)
class Window:
    """When they would like to be called, as two moments."""

    start: datetime
    end: datetime


def window_of(wanted: CallTime, *, now: datetime, zone: ZoneInfo) -> Window | None:
    """The window on the customer's own clock, sides that are open between nine and eight; None once it is over."""
    first, last = _days(wanted, now.astimezone(zone))
    start = datetime.combine(first, wanted.after or OPENS, zone)
    end = datetime.combine(last, wanted.before or CLOSES, zone)
    if wanted.day == "later" and wanted.weekday is not None and wanted.weeks is None and end <= now:
        start, end = start + timedelta(days=7), end + timedelta(days=7)  # "Monday", said on Monday evening
    return Window(start, end) if start < end and now < end else None


def _days(wanted: CallTime, here: datetime) -> tuple[date, date]:
    today = here.date()
    if wanted.day != "later":
        day = today + timedelta(days=int(wanted.day == "tomorrow"))
        return day, day
    if wanted.ahead is not None:
        return (today + timedelta(days=wanted.ahead),) * 2
    if wanted.weeks is None:
        assert wanted.weekday is not None
        return (today + timedelta(days=(wanted.weekday - today.weekday()) % 7),) * 2
    monday = today + timedelta(days=7 * wanted.weeks - today.weekday())
    if wanted.weekday is None:
        return monday, monday + timedelta(days=WORKING_WEEK - 1)
    return (monday + timedelta(days=wanted.weekday),) * 2


def call_time(text: str) -> CallTime | None:
    """The time somebody names ("tomorrow after 3", "周一上午十点"), today when they name no day; None for all else."""
    said = fold(text).text.strip(" .!,;")
    refused = _NOT_THEN.match(said)
    said, both = _BOTH.subn("today ", _A_LITTLE.sub("", _AND_NOT_THEN.sub("", _NOT_THEN.sub("", said))))
    if refused and not _NOW.search(refused[0]) and not _DAY.search(said):
        return None  # "not tomorrow, after 3": on which day?
    if not said or len(said) > 80 or (_DENIED.search(said) and "not after" not in said):
        return None
    named = [_named(match) for match in _DAY.finditer(said)]
    days = {day for day in named if day != CallTime("today")} or set(named)
    if len(days) > 1 or (len(set(named)) > 1 and _TODAY.search(said)):
        return None
    # 今晚 and "tonight" name a part of the day too.
    rest = _DAY.sub(
        lambda m: f" {m[0][-1]} " if m[0][-1] in "晚早" else " evening " if m[0] == "tonight" else " ", said
    )
    rest, (after, before) = _window(rest)
    if _FILLER.sub(" ", rest).strip(" ,.;:!?\n") or (not days and (after, before) == (None, None)):
        return None
    if both and (after, before) != (None, None):
        return None  # the hours of which day?
    if (after is not None and after >= CLOSES) or (before is not None and before <= OPENS):
        return None  # nobody calls then: better ask than promise another time
    return replace(days.pop() if days else CallTime("today"), after=after, before=before)


def refuses_a_day(folded: str) -> bool:
    """Whether folded text says on which day they would rather not be called."""
    return _REFUSES.search(folded) is not None


def _named(match: re.Match[str]) -> CallTime:
    """The day that one mention names."""
    if match["over"]:
        return CallTime("later", ahead=2)
    if match["tomorrow"] or match["tomorrow_han"]:
        return CallTime("tomorrow")
    if match["week"]:
        return CallTime("later", weeks=1)
    if match["english"]:
        which = "next" if match["week_after"] else match["before"]
        weekday = ENGLISH_DAYS.index(match["english"][:3])
        return CallTime("later", weekday=weekday, weeks={"next": 1, "this": 0}.get(which or ""))
    if match["han"]:
        weekday = "一二三四五六日".index(match["han"].replace("天", "日"))
        return CallTime("later", weekday=weekday, weeks={"下": 1, "本": 0, "这": 0}.get(match["which"] or ""))
    return CallTime("today")


def _window(said: str) -> tuple[str, tuple[time | None, time | None]]:
    """What is left of the words, and the window they held."""
    if (two := _TWO.search(said)) and _timed(two, said):
        late = two["half2"] or _half(two["part2"])
        start = _clock(two["hour1"], two["minute1"], two["half1"] or _half(two["part1"]) or late)
        end = _clock(two["hour2"], two["minute2"], late)
        if start is not None and end is not None and start < end:
            return said[: two.start()] + " " + said[two.end() :], (start, end)
        return said, (None, None)
    part = _PART_ALONE.search(said)
    named = _half(part["part"]) if part else None
    for one in _ONE.finditer(said):
        half = one["half"] or _half(one["part"]) or named
        at = _clock(one["hour"], one["minute"], half)
        rest = said[: one.start()] + " " + said[one.end() :]
        # A bare number may be a choice.
        told = one["how"] or one["then"] or half or re.search(rf"[^\d{''.join(_HAN)}]", one[0].strip())
        if at is not None and told and not re.search(r"\d", rest):
            return _PART_ALONE.sub(" ", rest), _around(one, at)
        return said, (None, None)
    if part:
        return said[: part.start()] + " " + said[part.end() :], _PARTS[part["part"]]
    return said, (None, None)


def _timed(two: re.Match[str], said: str) -> bool:
    """Whether two numbers are times of the day, and no list of choices."""
    return not re.fullmatch(r"\s*\d\s*and\s*\d\s*", said) and bool(re.search(r"\D", said.replace(" ", "")))


def _around(one: re.Match[str], at: time) -> tuple[time | None, time | None]:
    if one["how"] in ("before", "by", "until", "till", "not after") or one["then"] in ("以前", "之前", "前"):
        return None, at
    if one["then"] in (None, "左右") and one["how"] in (None, "at", "around", "about", "@", "in the"):
        return at, time(min(at.hour + 1, 23), at.minute)
    return at, None


def _half(part: str | None) -> str | None:
    if part is None:
        return None
    return "pm" if _PARTS[part][0] >= time(12) else "am"


def _clock(hour: str, minute: str | None, half: str | None) -> time | None:
    value = int(hour) if hour.isdigit() else _HAN["十"] + _HAN.get(hour[1:], 0) if hour[0] == "十" else _HAN[hour]
    minutes = {"半": 30, "一刻": 15, "三刻": 45}.get(minute or "", int(minute) if minute and minute.isdigit() else 0)
    afternoon = (half or "").startswith("p")
    if value > 23 or (half and value > 12 and not afternoon):
        return None
    if value < 12 and (afternoon or (not half and 1 <= value <= 7)):
        value += 12  # nobody asks to be called at three in the night
    return time(value, minutes) if time(7) <= time(value, minutes) <= time(21) else None
