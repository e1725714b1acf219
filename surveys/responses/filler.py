"""Words that carry nothing beside an answer (pure): politeness, "I would say", what the question itself said."""

import re

from surveys.responses.numbers import Folded, numbers

# Words that carry nothing but the number beside them.
_FILLER = frozenset(
    re.findall(
        r"\S+",
        """i id ill i'd i'll im i'm would will say said give gave giving rate rated rating score scored my is its
        it's it a an the you u your them this that so um hmm well maybe probably about think guess
        answer reply number of to at as for from me us please pls plz thanks thank thx ty ok okay yes
        yep hi hello hey dear sorry meant mean make should be definitely just only solid easy easily overall
        service visit bank experience recommend recommendation sir madam team today sure honestly
        definately definitly
        deserve deserves deserved likely point points star stars mark marks on scale out full big strong
        straight absolute sms nps csat ces go with choose pick option harbour been was were prob probs def
        defo fat hiya heya yo x xx xxx lah la lor leh sia ah eh mate guys period comma outta kinda maam ma'am mam
        man bro afraid guessing gotta honest frankly oops whoops typo
        answr anwser ans ta""",
    )
)
_HAN_FILLER = re.compile(
    r"(?:打|说|按|点|选|发|输|写|填)错|我觉得|我认为|我感觉|我选择|我选|我会|我就|我|给您们|给你们|给您|给你|给|打个|打|评价|评个|评|应该是|"
    r"应该|大概|大约|差不多|可能|选择|选|"
    r"回复|答案|答|评分|打分|分数|分|满意度|你们|您们|贵行|您|你|谢谢|多谢|唔该|请|嗯|哦|啊|呢|呀|吧|了|的|好的|"
    r"那就|那|还是|算是|算|值|就是|就|是|系|为|"
    r"先打?|才|只能|只|仅|也就|"
    r"勉勉强强|勉强|最多|顶多|至多|撑死|必须|必|俾|畀|拣|比|啦|咯|喇|话|这次|本次|今天|总体|整体|综合|推荐|愿意|改成|改为|更正|刚才|唔好意思|不好意思|抱歉|对不起|个|颗星|星|服务"
)
# Said for strength, or by a phone that takes dictation.
_PHRASES = re.compile(
    r"\b(?:no (?:doubt|question)|full stop|at (?:the )?(?:very )?(?:best|most|least|max)|tops|at a push|if that|or so|"
    r"(?:have|got) to|(?:on|for|with) this (?:one|time|occasion)|in my opinion|imh?o|for now|or thereabouts|"
    r"(?:exclamation|question) (?:mark|point)|good (?:morning|afternoon|evening|day)|god bless|"
    r"(?:100|hundred) ?percent|more like|this time|now)\b|\b100 ?%"
)
# Dictation may write a stop as its name.
BREAK = re.compile(r"[,.;:!?…、\n\r()]+|\s[\-–—]\s|\s(?:comma|full stop)(?=\s)")
TURN = re.compile(
    BREAK.pattern + r"|\s(?=(?:but|though|although|because)\b)|(?=但|不过|可是|因为)|(?<=[\u3400-\u9fff])\s+"
)


def only_filler(text: str) -> bool:
    """Whether folded text says nothing of its own."""
    rest = _HAN_FILLER.sub(" ", _PHRASES.sub(" ", text))
    return all(word in _FILLER or not any(map(str.isalnum, word)) for word in re.findall(r"[\w']+", rest))


def words_alone(folded: Folded, words: str) -> str | None:
    """The words of a reply that held no answer; None when it held no words either."""
    return None if only_filler(unnumbered(folded.text)) else words


def unnumbered(text: str) -> str:
    """Folded text without its numbers and what joins two of them."""
    for number in reversed(numbers(text)):
        text = f"{text[: number.start]} {text[number.end :]}"
    return re.sub(r"[-+]?\d[\d.,/:]*|\b(?:or|and|to|between)\b|或者?|到|至|half|[⭐🌟★☆]", " ", text)
