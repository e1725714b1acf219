"""The why-ledger in plain words: what each rule asks, what it said, in both languages. Pure.

The ledger keeps a short English sentence with each verdict; Chinese readers get the same sentence by its shape.
"""

import re

RULES: dict[str, dict[str, str]] = {
    "no_programme": {"en": "Do we ask about this kind of visit?", "zh-Hans": "这类业务要不要做调查"},
    "opted_out": {"en": "Have they asked us to stop?", "zh-Hans": "客户是否要求不再打扰"},
    "no_consent": {"en": "Have they agreed to be asked?", "zh-Hans": "客户是否同意接受调查"},
    "no_channel": {"en": "Is there an address to write to?", "zh-Hans": "有没有可用的手机号或邮箱"},
    "frequency_cap": {"en": "Were they asked a short time ago?", "zh-Hans": "近期是否已经问过"},
    "open_conversation": {"en": "Are they being asked something else?", "zh-Hans": "另一份调查是否还没结束"},
    "open_case": {"en": "Is a case of theirs open?", "zh-Hans": "是否有问题正在处理"},
    "hold": {"en": "Is the branch or the customer on hold?", "zh-Hans": "网点或客户是否暂停调查"},
    "stale_event": {"en": "Is it too long ago?", "zh-Hans": "离办理业务是否太久"},
    "sampling": {"en": "Were they drawn in the sample?", "zh-Hans": "是否被抽中"},
    "quota": {"en": "Have enough been asked today?", "zh-Hans": "当天是否已问够人数"},
    "drip": {"en": "Has the branch a free slot?", "zh-Hans": "网点是否排得开"},
    "reminder": {"en": "May the one reminder go out?", "zh-Hans": "要不要提醒一次"},
    "quiet_hours": {"en": "Is this a fit day and hour to write?", "zh-Hans": "现在发送是否合适"},
}

VERDICTS: dict[str, dict[str, str]] = {
    "pass": {"en": "fine", "zh-Hans": "通过"},
    "stop": {"en": "do not ask", "zh-Hans": "不问"},
    "defer": {"en": "wait", "zh-Hans": "稍后再问"},
}

CHANNELS = {"sms": "短信对话", "sms_link": "短信链接", "email": "邮件"}
_CLOSED = {"outside hours": "{}不在发送时段内", "a public holiday": "{}是公众假期"}
_UNITS = {"minute": "分钟", "hour": "小时", "day": "天"}
_WORDS = {"asked": "问过", "answered": "答复过"}
_HOLDS = {"open_case": "问题正在处理"}

_SPAN = r"([\d.]+) (minute|hour|day)s?"
_MOMENT = r"(\d{4}-\d\d-\d\d \d\d:\d\d)"
_PACE = r"(?:; the branch asks (\d+) a day)?"

_WHOLE = {
    "no live programme asks about this": "没有针对这类业务的调查",
    "this number asked us to stop": "这个号码要求不再打扰",
    "not opted out": "没有要求停止",
    "this address asked us to stop": "这个邮箱要求不再打扰",
    "no consent to texts is on record": "没有同意接收短信的记录",
    "no consent is on record": "没有同意接收调查的记录",
    "no way is open": "没有可用的渠道",
    "this programme does not remind": "这个调查项目不提醒",
    "the conversation it would go on from has ended": "原来的对话已经结束",
    "the address they were asked at is not theirs any more": "当时的号码或邮箱已经不是客户的了",
    "the address they were asked at asked us to stop": "当时的号码或邮箱要求不再打扰",
    "no channel is open to remind by": "没有可以提醒的渠道",
    "no address is known": "没有地址",
    "asked us to stop": "要求不再打扰",
    "consent is on record": "有同意记录",
    "no number that takes texts is known": "没有能收短信的号码",
    "a number is known": "有可用号码",
    "owed to the customer, so no cap applies": "这是应当向客户回访的，不受间隔限制",
    "owed to the customer, so no limit applies": "这是应当向客户回访的，不受数量限制",
    "never asked before": "以前没有问过",
    "the unanswered survey is replaced by this one": "未答的调查由这一次代替",
    "no conversation is open": "没有未结束的调查",
    "a conversation is open on this number": "这个号码上还有一份调查没结束",
    "a case of this customer is open": "这位客户的问题正在处理",
    "no case is open": "没有正在处理的问题",
    "nothing is held": "没有暂停",
    "no time of the event is known": "不知道办理时间",
    "every complaint is asked about": "凡有投诉都会回访",
    "the branch has a free slot": "网点排得开",
    "No hour is both lawful there and a company hour; widen the company hours or the weekdays.": (
        "没有一个时段既合规又在本行发送时段内，请放宽发送时段或发送日"
    ),
}


def _span(number: str, unit: str) -> str:
    return f"{number}{_UNITS[unit]}"


def _pace(per_day: str | None) -> str:
    return f"；网点每天问{per_day}人" if per_day else ""


_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(shape), name)
    for shape, name in (
        (r"programme (.+)", "programme"),
        (rf"(asked|answered) {_SPAN} ago; the limit is {_SPAN}", "cap"),
        (rf"(asked|answered) for {_SPAN} from now; the limit is {_SPAN}", "cap_ahead"),
        (r"held: (.+)", "held"),
        (rf"it would be {_SPAN} old after the programme's delay; the limit is {_SPAN}", "would_be"),
        (rf"it would be {_SPAN} old when the conversation is looked at again; the limit is {_SPAN}", "would_wait"),
        (rf"a conversation is open on this number; looked at again at {_MOMENT}", "talking"),
        (rf"happened {_SPAN} ago; the limit is {_SPAN}", "happened"),
        (rf"happened for {_SPAN} from now; the limit is {_SPAN}", "happens"),
        (r"(not drawn|drawn); ([\d.e+-]+) % are asked", "drawn"),
        (r"(\d+) sent today; there is no quota", "no_quota"),
        (r"(\d+) of (\d+) sent today", "quota"),
        (rf"the next slot, {_MOMENT}, is too late{_PACE}", "slot_late"),
        (rf"the next slot is {_MOMENT}{_PACE}", "slot"),
        (rf"{_MOMENT} is within hours", "within"),
        (rf"hours open at {_MOMENT}, when the event is too old", "opens_late"),
        (rf"{_MOMENT} is (outside hours|a public holiday); hours open at {_MOMENT}, when the event is too old", "late"),
        (rf"{_MOMENT} is (outside hours|a public holiday); waits until {_MOMENT}", "outside"),
        (r"no address is known for (.+)", "nowhere"),
        (r"no answer has come; goes by (\w+)", "reminds"),
        (r"(?:goes by (\w+)|no way is open)((?:; \w+: [^;]+)*)", "way"),
    )
)


def _chinese(name: str, g: tuple[str, ...]) -> str:
    match name:
        case "programme":
            return f"调查项目：{g[0]}"
        case "cap":
            return f"{_span(g[1], g[2])}前{_WORDS[g[0]]}，间隔至少{_span(g[3], g[4])}"
        case "cap_ahead":
            return f"{_span(g[1], g[2])}后{_WORDS[g[0]]}，间隔至少{_span(g[3], g[4])}"
        case "held":
            return f"已暂停：{_HOLDS.get(g[0], g[0])}"
        case "would_be":
            return f"按调查项目的延时，届时已过{_span(g[0], g[1])}，时限为{_span(g[2], g[3])}"
        case "would_wait":
            return f"等那份调查有结果时已过{_span(g[0], g[1])}，时限为{_span(g[2], g[3])}"
        case "talking":
            return f"这个号码上还有一份调查没结束，{g[0]}再看"
        case "happened":
            return f"{_span(g[0], g[1])}前办理，时限为{_span(g[2], g[3])}"
        case "happens":
            return f"{_span(g[0], g[1])}后办理，时限为{_span(g[2], g[3])}"
        case "drawn":
            return f"{'被抽中' if g[0] == 'drawn' else '未被抽中'}，抽取比例{g[1]}%"
        case "no_quota":
            return f"今天已发{g[0]}条，没有上限"
        case "quota":
            return f"今天已发{g[0]}条，上限{g[1]}条"
        case "slot_late":
            return f"下一个空档{g[0]}太晚{_pace(g[1])}"
        case "slot":
            return f"下一个空档是{g[0]}{_pace(g[1])}"
        case "within":
            return f"{g[0]}在发送时段内"
        case "opens_late":
            return f"要到{g[0]}才能发，那时已过太久"
        case "late":
            return f"{_CLOSED[g[1]].format(g[0])}，要到{g[2]}才能发，那时已过太久"
        case "reminds":
            return f"还没有回答，用{CHANNELS.get(g[0], g[0])}提醒"
        case "nowhere":
            return f"没有可用的地址：{'、'.join(CHANNELS.get(name, name) for name in g[0].split(', '))}"
        case "way":
            return _way(*g)
    return f"{_CLOSED[g[1]].format(g[0])}，等到{g[2]}"


def _way(taken: str | None, passed: str) -> str:
    first = f"用{CHANNELS.get(taken, taken)}" if taken else _WHOLE["no way is open"]
    others = [part.partition(": ") for part in passed.split("; ") if part]
    return "；".join([first, *(f"{CHANNELS.get(name, name)}：{_WHOLE.get(why, why)}" for name, _, why in others)])


def rule_name(rule: str, language: str) -> str:
    """What this rule asks, as a question a person would ask; the rule's own key when it is not one of ours."""
    return RULES.get(rule, {}).get(language) or rule.replace("_", " ")


def verdict_word(verdict: str, language: str) -> str:
    """What the rule said, in a word."""
    return VERDICTS.get(verdict, {}).get(language) or verdict


def detail_words(detail: str, language: str) -> str:
    """The facts behind a verdict; a sentence of no known shape stays as it was written."""
    if language != "zh-Hans" or not detail:
        return detail
    if detail in _WHOLE:
        return _WHOLE[detail]
    for shape, name in _SHAPES:
        found = shape.fullmatch(detail)
        if found:
            return _chinese(name, found.groups())
    return detail
