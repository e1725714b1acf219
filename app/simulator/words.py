"""The words of the simulator's screen, in both languages of the interface."""

from datetime import datetime

from flask_babel import get_locale

from app.simulator.queries import ago

WORDS: dict[str, tuple[str, str]] = {
    "phones": ("Phones", "手机"),
    "mailbox": ("Mailbox", "邮箱"),
    "title": ("Simulated phones", "模拟手机"),
    "lede": (
        "Every text Heed sends lands here. No real phone is reached.",
        "Heed 发出的每条短信都到这里，不会发到真实手机。",
    ),
    "lede_real": (
        "Texts travel with the carrier now. Here are the phones the simulated carrier has served.",
        "短信现由运营商发送。这里是模拟运营商发过短信的手机。",
    ),
    "customer": ("Customer", "客户"),
    "staff": ("Staff", "员工"),
    "unknown": ("Unknown", "未知号码"),
    "you": ("You: ", "我："),
    "no_phones": ("No text has been sent yet", "还没有发出短信"),
    "no_phones_how": (
        "When a customer has been served, the invitation appears here in seconds. Open it and answer as they would.",
        "客户办完业务后，几秒钟内邀请短信就会出现在这里。打开它，像客户一样回复即可。",
    ),
    "no_texts": ("No texts on this phone yet.", "这部手机还没有短信。"),
    "choose": ("Choose a phone to read its texts and answer as its owner.", "请选一部手机，查看短信并以机主身份回复。"),
    "open_number": ("Open the phone with this number", "按号码打开手机"),
    "open": ("Open", "打开"),
    "number_wrong": (
        "Nobody has this number. Give the whole number of a customer or of a member of staff, like +86 154 0000 0001.",
        "没有人用这个号码。请填客户或员工的完整号码，例如 +86 154 0000 0001。",
    ),
    "reply_as": ("Answer as {name}", "以{name}的身份回复"),
    "reply": ("Your text", "短信内容"),
    "send": ("Send the text", "发送短信"),
    "reply_empty": ("Write something first; one digit is enough.", "请先写点内容，一个数字也可以。"),
    "real_number": (
        "This number belongs to a real phone, so only its owner can answer from it.",
        "这是真实手机号，只能由机主本人回复。",
    ),
    "web": ("Open this survey as a web page", "以网页打开这份问卷"),
    "back": ("All phones", "全部手机"),
    "back_mail": ("All mail", "全部邮件"),
    "segment": ("segment", "条"),
    "segments": ("segments", "条"),
    "queued": ("queued", "排队中"),
    "sent": ("sent", "已发出"),
    "delivered": ("delivered", "已送达"),
    "received": ("received", "已收到"),
    "failed": ("failed", "失败"),
    "undelivered": ("not delivered", "未送达"),
    "no_mail": ("No mail has been sent yet", "还没有发出邮件"),
    "no_mail_how": (
        "Managers get mail when a case opens, and the weekly report on Monday morning.",
        "新工单和每周一早上的周报，会以邮件发给负责人。",
    ),
    "choose_mail": ("Choose a mail to read it.", "请选一封邮件查看。"),
    "to": ("To", "收件人"),
    "as_text": ("As plain text", "纯文本"),
    "s": ("now", "刚刚"),
    "min": ("{n} min ago", "{n} 分钟前"),
    "h": ("{n} h ago", "{n} 小时前"),
    "d": ("{n} d ago", "{n} 天前"),
}


def chinese() -> bool:
    """Whether this reader chose Chinese."""
    locale = get_locale()
    return locale is not None and locale.language == "zh"


def word(key: str) -> str:
    """One word or sentence in the reader's language. Raises KeyError for a key that is not there."""
    return WORDS[key][1 if chinese() else 0]


def moment(at: datetime) -> str:
    """How long ago, in the reader's language."""
    number, unit = ago(at)
    return word(unit).format(n=number)
