"""The mail that asks: one question, its scale as large buttons that open the page with the number chosen (pure).

Complete without pictures and without its style sheet; the text part stands alone.
"""

from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from config import Organisation
from notifications.texts import fallbacks
from surveys.invitations.models import Invitation
from surveys.questionnaires.flow import Question, in_language, said
from surveys.questionnaires.piping import breaking, fill, placeholders
from surveys.responses.texts import day_words, known_values

SAYS = {
    "en": {
        "subject": "{org}: how did we do on {day}?",
        "last": "A last time, {subject}",
        "where": "{branch}, {day}",
        "tap": "Tap a number. The page opens with it chosen, and you send it there.",
        "open": "Answer",
        "minute": "It takes a minute.",
        "once": "We remind you only this once.",
        "numbers": "{low} to {high}: {low} is {lowest}, {high} is {highest}.",
        "foot": "You get this because you were served at {branch}. We never ask for a password or a card number.",
        "stop": "No more surveys by e-mail",
    },
    "zh-Hans": {
        "subject": "{org}：{day}的服务怎么样？",
        "last": "最后提醒一次：{subject}",
        "where": "{branch}，{day}",
        "tap": "点一个数字，打开的页面会替您选好，在那里提交。",
        "open": "回答",
        "minute": "一分钟就好。",
        "once": "只提醒这一次。",
        "numbers": "{low}到{high}分：{low}是{lowest}，{high}是{highest}。",
        "foot": "您在{branch}办过业务，所以收到这封邮件。我们不会询问密码和卡号。",
        "stop": "不再用邮件向我发调查",
    },
    "zh-Hant": {
        "subject": "{org}：{day}的服務怎麼樣？",
        "last": "最後提醒一次：{subject}",
        "where": "{branch}，{day}",
        "tap": "點一個數字，打開的頁面會替您選好，在那裡提交。",
        "open": "回答",
        "minute": "一分鐘就好。",
        "once": "只提醒這一次。",
        "numbers": "{low}到{high}分：{low}是{lowest}，{high}是{highest}。",
        "foot": "您在{branch}辦過業務，所以收到這封電子郵件。我們不會詢問密碼和卡號。",
        "stop": "不再用電子郵件向我發調查",
    },
}
_FONT = "-apple-system,'Segoe UI',Roboto,'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',Arial,sans-serif"


@dataclass(frozen=True)
class Mail:
    """Subject, text and HTML; {link} and {stop} are filled in when it leaves."""

    subject: str
    text: str
    html: str


def survey_mail(invitation: Invitation, first: Question, *, organisation: Organisation, reminds: bool) -> Mail:
    """The invitation, or its one reminder, in the customer's language."""
    tongue = next(name for name in fallbacks(invitation.language) if name in SAYS)
    says = SAYS[tongue]
    day = day_words(invitation.event.occurred_at.astimezone(ZoneInfo(invitation.branch.time_zone)).date(), tongue)
    values = {"org": organisation.name(tongue), "branch": invitation.branch.name(tongue), "day": day}
    subject = says["subject"].format(**values)
    asked = said(first.text, "", tongue)
    question = fill(asked, known_values(placeholders(asked), tongue, invitation=invitation), tongue)
    foot = says["foot"].format(**values)
    after = says["once"] if reminds else says["minute"]
    return Mail(
        says["last"].format(subject=subject) if reminds else subject,
        _text(first, tongue, [says["where"].format(**values), question.replace("|", "")], [after, foot]),
        _html(first, tongue, organisation, says["where"].format(**values), question, after, foot),
    )


def _text(first: Question, tongue: str, before: list[str], after: list[str]) -> str:
    says = SAYS[tongue]
    parts = [*before]
    if first.scale:
        low, high = first.scale
        ends = {"lowest": in_language(first.low, tongue), "highest": in_language(first.high, tongue)}
        parts.append(says["numbers"].format(low=low, high=high, **ends))
    colon = "：" if tongue.startswith("zh") else ": "
    parts += [f"{says['open']}{colon}{{link}}?lang={tongue}", *after, f"{says['stop']}{colon}{{stop}}?lang={tongue}"]
    return "\n\n".join(parts) + "\n"


def _html(
    first: Question, tongue: str, organisation: Organisation, where: str, question: str, after: str, foot: str
) -> str:
    says, brand = SAYS[tongue], organisation.brand
    small = 'style="margin:0 0 16px;font-size:14px;line-height:1.6;color:#485863"'
    buttons = _scale(first, tongue, brand) if first.scale else _button(says["open"], tongue, brand)
    hint = f"<p {small}>{escape(says['tap'])}</p>" if first.scale else ""
    # A Chinese line breaks where a reader would breathe, as on the page.
    phrases = ";word-break:keep-all;overflow-wrap:anywhere" if tongue.startswith("zh") else ""
    return (
        f'<!doctype html><html lang="{tongue}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"></head>'
        f'<body style="margin:0;background:#fff;color:#15212a;font:16px/1.6 {_FONT}">'
        f'<div style="max-width:600px;margin:0 auto;padding:24px 16px;border-top:4px solid {brand}">'
        f'<p style="margin:0 0 24px;font-weight:700;color:{brand}">{escape(organisation.name(tongue))}</p>'
        f"<p {small}>{escape(where)}</p>"
        f'<h1 style="margin:0 0 20px;font-size:24px;line-height:1.35{phrases}">{breaking(question)}</h1>'
        f"{buttons}{hint}<p {small}>{escape(after)}</p>"
        '<hr style="margin:24px 0 16px;border:0;border-top:1px solid #d6dee2">'
        f"<p {small}>{escape(foot)}</p>"
        f'<p {small}><a href="{{stop}}?lang={tongue}" style="color:{brand}">{escape(says["stop"])}</a></p>'
        "</div></body></html>"
    )


def _scale(first: Question, tongue: str, brand: str) -> str:
    assert first.scale is not None
    low, high = first.scale
    style = (
        "display:inline-block;box-sizing:border-box;width:44px;height:52px;margin:0 2px 8px 0;line-height:50px;"
        f"text-align:center;font-size:19px;font-weight:600;color:{brand};border:1px solid #74838d;border-radius:8px;"
        "text-decoration:none"
    )
    numbers = " ".join(
        f'<a href="{{link}}?a={value}&amp;lang={tongue}" style="{style}">{value}</a>' for value in range(low, high + 1)
    )
    end = 'style="margin:0 0 8px;font-size:14px;line-height:1.5;color:#485863"'
    lowest, highest = escape(in_language(first.low, tongue)), escape(in_language(first.high, tongue))
    return (
        f'<p {end}><b style="color:#15212a">{low}</b> {lowest}</p><p style="margin:0">{numbers}</p>'
        f'<p {end}><b style="color:#15212a">{high}</b> {highest}</p>'
    )


def _button(word: str, tongue: str, brand: str) -> str:
    return (
        f'<p style="margin:0 0 20px"><a href="{{link}}?lang={tongue}" style="display:inline-block;padding:14px 28px;'
        f'background:{brand};color:#fff;font-weight:600;text-decoration:none;border-radius:8px">{escape(word)}</a></p>'
    )
