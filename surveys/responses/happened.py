"""Whether something came, from how people tell it (pure): "it arrived yesterday", 还没收到, "still waiting"."""

import re

from notifications import optout_words
from surveys.responses.filler import BREAK
from surveys.scoring.language import simplified

_THINGS = (
    r"(?:(?:it|they|i|we|ive|weve|its|the|my|our|your|new|bank|cards?|parcel|package|letter|parts?|delivery|order|"
    r"results?|has|have|had|did|is|was|were|been|already|just|finally|now|both|all|safely|even|dont think|"
    r"not|never|hasnt|havent|didnt|isnt|wasnt|aint|hadnt|still|yes|yeah|no|nope) )*"
)
_WHEN = (
    r"(?: (?:yesterday|today|tonight|this (?:morning|afternoon|week)|last (?:week|night|month|\w+day)|(?:on )?\w+day|"
    r"just now|now|fine|ok|okay|safely|already|in the (?:post|mail)|with thanks|yet|at all|so far|here|on time|"
    r"\w+ (?:days?|weeks?) ago|at last|finally|late|early|and working))*"
)
_CAME = re.compile(
    rf"{_THINGS}(?:arrived?|came|come|turn(?:ed)? up|show(?:ed)? up|got here|(?:got|have|had|received|recieved|get|"
    r"receive|seen) (?:it|them|mine|(?:the|my|your|a) (?:new )?(?:card|parcel|package|letter|thing)|anything)|"
    rf"received|recieved|delivered|landed|here|picked (?:it|them) up|collected(?: it)?){_WHEN}"
)
_WHO_BRINGS = (
    r"(?:(?:yes|yeah|yep|the|my|our|a|your|bank|post|mail|delivery|courier|dhl|ups|fedex|sf) )*"
    r"(?:post(?:man|woman|ie|al worker)|mail(?:man|woman|carrier)|courier|driver|delivery|man|guy|lady|boy|rider|dhl|"
    r"ups|fedex|sf|they|he|she|you|someone|somebody|neighbou?r|wife|husband|mum|mom|dad|son|daughter|doorman|concierge)"
)
_BROUGHT = re.compile(
    rf"{_WHO_BRINGS} (?:has |have |had |did |just |already |finally )*(?:brought|delivered|dropped|left|handed|gave|"
    r"signed for)(?: (?:it|them|mine|me|us|over|in|off|up|round|around|by|to|at|with|on|the|my|our|new|card|parcel|"
    r"package|letter|door|doorstep|desk|house|home|office|work|reception|mailbox|letterbox|wife|husband|neighbou?r|"
    rf"family|doorman|safely))*{_WHEN}"
)
_DENIED = re.compile(r"\b(?:not|never|hasnt|havent|didnt|isnt|wasnt|aint|hadnt|dont think|no|nope)\b")
_WAITS = re.compile(
    r"(?:(?:still|im|i am|am|we are|were|been|just|have|ive|yet) )*a?waiting"
    rf"(?: for (?:it|them|(?:the|my) \w+)| on it)?{_WHEN}|"
    r"(?:still |theres |there is |got |had )*no (?:sign|trace|show|news|card|delivery|joy|luck)"
    rf"(?: of (?:it|them|(?:the|my) \w+))?{_WHEN}|(?:still |got |received |seen |absolutely )*nothing"
    r"(?: (?:arrived|came|here|received|yet|so far|in the (?:post|mail)))+|"
    r"nowhere to be (?:seen|found)|(?:got |its )?lost in the (?:post|mail)"
)
_HAN_THINGS = (
    r"(?:我们?|新?卡|银行卡|东西|快递|件|信|是|都|就|今天|今日|今早|昨天|昨日|前天|上午|下午|上?周.|上?星期.|早上|晚上)"
)
_HAN_CAME = re.compile(
    rf"(?:{_HAN_THINGS}|已经?|早就?|刚刚?|刚才|终于|总算)*(?:收到|拿到|领到|取到|接到|送到|送达|寄到|到手|到货|签收|到|收)"
    r"(?:新?卡|东西)?(?:了|咗|啦|喇|的|嘞|哦|呀|哈)+(?:谢谢|多谢|感谢)?(?:收?到了)?"
    rf"|{_HAN_THINGS}*(?:已经?|早就?|刚刚?|终于|总算)(?:收到|拿到|领到|签收|送到|送达)(?:新?卡)?"
)
_HAN_BRINGS = (
    r"(?:邮递员|邮差|快递员?|快递小哥|小哥|送货员?|顺丰|邮局|"
    r"门卫|保安|前台|物业|邻居|家人|老公|老婆|您们|你们|他们|有人)"
)
_HAN_BROUGHT = re.compile(
    rf"(?:{_HAN_THINGS}|{_HAN_BRINGS}|已经?|早就?|刚刚?|刚才|终于|总算|就|把|帮我?|给我|替我)*"
    r"(?:送|带|拿|寄|放|派|送货|送上)(?:来|到|上门|到家|过来|到了?家|到前台|到门口|在门口|给我|到公司|嚟)+"
    r"(?:新?卡|东西)?(?:了|咗|啦|的|嘞|呀|哈|喇)+(?:谢谢|多谢)?"
)
_HAN_WAITS = re.compile(
    rf"(?:{_HAN_THINGS}|一直|到现在|至今|直到现在|现在|目前|到而家|而家|仲|还|依然|仍然?|也|根本|压根)*"
    r"(?:(?:没有?|未有?|冇|并未|并没有?|从未|从没)(?:收到|收过|拿到|领到|接到|送到|寄到|到货|到|见到|看到)|在等|等紧|没影)"
    r"(?:过|啊|呢|喎|㖞|呙|呀|啦|哦|哈|了|的|新?卡|东西)*"
)


def came(text: str) -> bool | None:
    """Whether what we asked about came; None when they tell of something else, or of both."""
    said = [optout_words.fold(simplified(clause)) for clause in BREAK.split(text)]
    if len(text) > 80 or len(said) > 4:
        return None
    found = {verdict for clause in said if (verdict := _came(clause)) is not None}
    return found.pop() if len(found) == 1 else None


def _came(clause: str) -> bool | None:
    dense = clause.replace(" ", "")
    if _WAITS.fullmatch(clause) or _HAN_WAITS.fullmatch(dense):
        return False
    if _HAN_CAME.fullmatch(dense) or _HAN_BROUGHT.fullmatch(dense):
        return True
    told = _CAME.fullmatch(clause) or _BROUGHT.fullmatch(clause)
    return not _DENIED.search(clause) if told else None
