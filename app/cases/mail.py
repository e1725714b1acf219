"""The mail that goes with an alert: who, the score, the words in full, by when, and the way to the case."""

from datetime import datetime
from html import escape

from app.cases.models import Case
from app.cases.reasons import reason_words
from app.cases.wording import called, staff_time, to_do
from app.extensions import settings
from notifications.texts import spoken
from surveys.people.models import Staff

SAYS = {
    "en": {
        "alert": "{who} is unhappy: {act} {by}",
        "words": "{who} now wrote: {act} {by}",
        "raised": "{who} is unhappy again: {act} {by}",
        "hand_up": "Nobody called {who}: it is yours now, by {by}",
        "overdue": "{who} still waits: it is yours now, by {by}",
        "handed_over": "{who} was handed to you: {act} {by}",
        "back": "{who} says it is not put right: {act} {by}",
        "wrote": "{who} wrote again",
        "wrote_after": "{who} wrote after it was closed; nothing is due",
        "more": "{who} came back after it was closed: {act} {by}",
        "not_fixed": "{who} says it is not fixed: by {by}",
        "still": "{who} still waits for a call: please call today",
        "still_open": "{who} still waits: please put it right today",
        "corrected": "{who} corrects the number downwards: {act} {by}",
        "corrected_stands": "{who} corrects the number upwards, and the case stands: {act} {by}",
        "corrected_over": "{who} corrects the number: it was a slip, and the case is closed",
        "score": "Score",
        "no_score": "no number given",
        "tier": "Value",
        "branch": "Branch",
        "by": "{Act}",
        "why": "Why it is urgent",
        "words_head": "Their words",
        "no_words": "No words yet, only the number.",
        "open": "Open the case",
        "reply": "Or text OK {code} to {number}.",
        "foot": "You get this because the case is yours or was handed up to you.",
    },
    "zh-Hans": {
        "alert": "{who}不满意：请在{by}前{act}",
        "words": "{who}刚写来原话：请在{by}前{act}",
        "raised": "{who}再次反映：请在{by}前{act}",
        "hand_up": "{who}一直没人回电，现在转给您：请在{by}前{act}",
        "overdue": "{who}的问题还没办结，现在转给您：请在{by}前办好",
        "handed_over": "{who}转给您了：请在{by}前{act}",
        "back": "{who}说问题没解决：请在{by}前{act}",
        "wrote": "{who}又写来了",
        "wrote_after": "{who}办结后又写来，不用处理",
        "more": "{who}办结后又来反映：请在{by}前{act}",
        "not_fixed": "{who}说还没解决：请在{by}前联系",
        "still": "{who}一直在等回电：请今天回电",
        "still_open": "{who}的事一直没办好：请今天办好",
        "corrected": "{who}更正了评分，比之前低：请在{by}前{act}",
        "corrected_stands": "{who}更正了评分，比之前高，事情仍未办结：请在{by}前{act}",
        "corrected_over": "{who}更正了评分，之前是打错了，这件事已关闭",
        "score": "评分",
        "no_score": "没有打分",
        "tier": "客户价值",
        "branch": "网点",
        "by": "{act}时限",
        "why": "为什么急",
        "words_head": "客户原话",
        "no_words": "还没写原因，只有评分。",
        "open": "打开详情",
        "reply": "也可以短信回复“收到 {code}”到{number}。",
        "foot": "这件事由您负责或已转给您，所以您收到这封邮件。",
    },
}


def alert_mail(case: Case, staff: Staff, kind: str, *, score: str, by: datetime, now: datetime) -> tuple[str, str, str]:
    """Subject, text and HTML in the language of the colleague."""
    tongue = spoken(staff.language)
    says = SAYS[tongue]
    time = staff_time(by, case.branch.time_zone, tongue, now=now)
    who = called(case.customer.name, tongue)
    acts = to_do(tongue, no_call=case.call_choice == "none")
    head = says[kind].format(who=who, by=time, **acts)
    facts = [
        (says["score"], score or says["no_score"]),
        (says["tier"], case.customer.tier or "-"),
        (says["branch"], case.branch.name(tongue)),
        (says["by"].format_map(acts), time),
        (says["why"], reason_words(case.reasons, tongue)),
    ]
    link = f"{settings().public_url}/console/cases/{case.id}"
    reply = says["reply"].format(code=case.code, number=settings().sms_from)
    words = case.words or says["no_words"]
    return (
        f"{case.code} {head}",
        _text(says, head, words, facts, link, reply),
        _html(says, head, words, facts, link, reply, tongue, case.words_language),
    )


def _text(says: dict[str, str], head: str, words: str, facts: list[tuple[str, str]], link: str, reply: str) -> str:
    lines = "\n".join(f"{name}: {value}" for name, value in facts if value)
    return f"{head}\n\n{says['words_head']}:\n{words}\n\n{lines}\n\n{says['open']}: {link}\n{reply}\n\n{says['foot']}\n"


def _html(
    says: dict[str, str],
    head: str,
    words: str,
    facts: list[tuple[str, str]],
    link: str,
    reply: str,
    tongue: str,
    words_language: str | None,
) -> str:
    brand = settings().organisation.brand
    rows = "".join(
        f'<tr><td style="padding:4px 16px 4px 0;color:#555;vertical-align:top">{escape(name)}</td>'
        f'<td style="padding:4px 0">{escape(value)}</td></tr>'
        for name, value in facts
        if value
    )
    font = "'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',Arial,sans-serif"
    return (
        f'<!doctype html><html lang="{tongue}"><body style="margin:0;padding:24px;background:#fff;color:#1a1a1a;'
        f'font:16px/1.6 {font}"><div style="max-width:560px">'
        f'<h1 style="font-size:20px;line-height:1.4;margin:0 0 16px">{escape(head)}</h1>'
        f'<p style="margin:0 0 4px;color:#555">{escape(says["words_head"])}</p>'
        f'<blockquote lang="{words_language or tongue}" style="margin:0 0 20px;padding:0 0 0 16px;'
        f'border-left:3px solid {brand};font-size:18px">{"<br>".join(escape(words).splitlines())}</blockquote>'
        f'<table role="presentation" style="border-collapse:collapse;margin:0 0 20px">{rows}</table>'
        f'<p style="margin:0 0 12px"><a href="{escape(link)}" style="display:inline-block;padding:12px 20px;'
        f'background:{brand};color:#fff;text-decoration:none;border-radius:6px">{escape(says["open"])}</a></p>'
        f'<p style="margin:0 0 20px">{escape(reply)}</p>'
        f'<p style="margin:0;color:#555;font-size:14px">{escape(says["foot"])}</p></div></body></html>'
    )
