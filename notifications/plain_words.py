"""A text as tables of words know it (pure): one case, one width, one script, and no dialect of place or thumb."""

import re
import unicodedata

_SIMPLIFIED = str.maketrans(
    "訂閱絕發給騷擾煩請別謝復幫調問來嗎這種類廣麼從號碼該訊簡傳係刪將們電話個還無對說過聯繫絡夠厭惡興參與銷終結關閉開單斷總",
    "订阅绝发给骚扰烦请别谢复帮调问来吗这种类广么从号码该讯简传系删将们电话个还无对说过联系络够厌恶兴参与销终结关闭开单断总",
)
# What Cantonese and Taiwan say, in the words the wishes below are written in.
_ELSEWHERE = {
    "可唔可以": "可不可以",
    "唔该": "",
    "唔好": "不要",
    "唔使": "不用",
    "唔想": "不想",
    "唔要": "不要",
    "唔愿": "不愿",
    "唔希望": "不希望",
    "冇兴趣": "没兴趣",
    "咪再": "别再",
    "咪发": "别发",
    "咪烦": "别烦",
    "呢啲": "这些",
    "呢d": "这些",
    "依啲": "这些",
    "依d": "这些",
    "嗰啲": "那些",
    "你哋": "你们",
    "我哋": "我们",
    "嚟": "来",
    "俾": "给",
    "畀": "给",
    "简讯": "短信",
    "短讯": "短信",
    "讯息": "信息",
    "再传": "再发",
    "传送": "发送",
    "传短信": "发短信",
    "传信息": "发信息",
}
# What thumbs write, in the words the wishes are written in.
_THUMBED = {
    short: full
    for full, shorts in {
        "want to": "wanna",
        "you": "u yall",
        "your": "ur yr",
        "dont": "dnt dun donot",
        "messaging": "msging mssging messging msgin messagin",
        "texting": "txtn textin texing txtin",
        "bugging": "buggin",
        "bothering": "botherin",
        "sending": "sendin sendng",
        "receive": "recieve",
        "receiving": "recieving recievin",
        "messages": "mesages msgz",
        "texts": "txts textes texs",
        "please": "plse pleas plea",
        "contact": "contct",
    }.items()
    for short in shorts.split()
}
_IN_FULL = re.compile(rf"\b(?:{'|'.join(_THUMBED)})\b")
# "un subscribe", "unsubcribe", "unsuscribe"
_UNSUBSCRIBE = re.compile(r"\bun ?su?b?s?c?r?[ie]{0,2}b(?=e?(?:d|ing|me)?\b)e?")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")  # "stoppp"
_SAID_ELSEWHERE = re.compile("|".join(_ELSEWHERE) + r"|(?<![a-z])send(?![a-z])")
_HAN = "\u3400-\u9fff"


def fold(text: str) -> str:
    """The text without case, width, punctuation and traditional forms, so that keywords compare."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFIED)
    plain = re.sub(r"['\u2018\u2019`\u00b4\u200b-\u200f\ufe0f]", "", plain)
    plain = re.sub(r"[^\w\U0001f6d1]+|_", " ", plain).strip()
    if plain.strip("\U0001f6d1 "):
        plain = " ".join(plain.replace("\U0001f6d1", " ").split())  # a sign beside words is only emphasis
    plain = _UNSUBSCRIBE.sub("unsubscribe", _DRAWN_OUT.sub(r"\1", plain))
    plain = _IN_FULL.sub(lambda found: _THUMBED[found[0]], plain)
    if any(sign > "\u3400" for sign in plain):
        plain = _SAID_ELSEWHERE.sub(lambda found: _ELSEWHERE.get(found[0], "发"), plain).strip()
    return re.sub(rf"(?<=[{_HAN}]) (?=[{_HAN}])", "", plain)
