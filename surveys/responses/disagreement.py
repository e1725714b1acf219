"""A score and words that cannot go together (pure): somebody read the scale upside down."""

import re

# A score outside these, beside words that cannot go with it, was the scale read upside down.
ENDS = {"nps": (3, 8), "csat": (2, 4), "ces": (2, 6)}
_HARSH = re.compile(
    r"\b(?:terrible|awful|horrible|worst|disgusting|appalling|dreadful|atrocious|pathetic|useless|rubbish|disgrace\w*|"
    r"unacceptable|very bad|so bad|really bad|very poor|never again|nightmare|"
    r"avoid (?:this|them|it|at all costs)|thief|thieves|crooks?|shambles|money back)\b|"
    r"太差|很差|极差|最差|真差|超差|差劲|差评|糟糕|糟透|垃圾|恶劣|烂透|太烂|真烂|气死|再也不来|失望透顶|"
    r"非常不满|很不满|极其不满|坑人|骗子|恶心"
)
_KIND = re.compile(
    r"\b(?:excellent|amazing|fantastic|wonderful|perfect|outstanding|superb|awesome|brilliant|very good|great service|"
    r"love it|loved it|love you|love this|the best|best \w+ (?:in|ever|around|i)\b|"
    r"very happy|very satisfied|very helpful|very friendly|well done)\b|"
    r"太好了|很好|非常好|特别好|真好|挺好|非常满意|很满意|十分满意|特别满意|太棒|很棒|真棒|完美|优秀|好评|点赞|太赞|一流|非常感谢"
)
_EASE = re.compile(
    r"\b(?:very|so|super|really|extremely|incredibly) (?:easy|simple)\b|"
    r"很省事|很简单|很方便|很容易|非常方便|太方便|非常简单"
)
_EFFORT = re.compile(
    r"\b(?:very|so|really|too|extremely|incredibly) (?:hard|difficult|complicated)\b|"
    r"很费事|太费事|太麻烦|很麻烦|太难|太复杂"
)
# What turns such a word round, or speaks of somebody else.
_TURNED = re.compile(
    r"\b(?:not|isn't|wasn't|aren't|weren't|don't|didn't|doesn't|never|no|nothing|hardly|far from|less than|"
    r"could be|almost|"
    r"used to|normally|usually)(?: \w+){0,2} $|(?:不|没|没有|不是|并非|谈不上|算不上|不太|称不上|别的|其他|"
    r"以前|原来|本来|希望)(?:是|那么|太)?$"
)
_CONTRAST = re.compile(
    r"\b(?:but|however|though|although|except|other banks?|than|until|apart from)\b|但|不过|虽然|除了|可是|"
    r"就是|别的银行|其他银行|比"
)


def disagree(comment: str, value: int, kind: str) -> bool:
    """Whether plainly kind words stand beside a low score, or harsh ones beside a high one."""
    low, high = ENDS[kind]
    if low < value < high or _CONTRAST.search(comment):
        return False
    kind_words, harsh_words = _plain(_KIND, comment), _plain(_HARSH, comment)
    if kind == "ces":
        kind_words, harsh_words = kind_words or _plain(_EASE, comment), harsh_words or _plain(_EFFORT, comment)
    if kind_words == harsh_words:
        return False
    return kind_words if value <= low else harsh_words


def _plain(pattern: re.Pattern[str], comment: str) -> bool:
    found = list(pattern.finditer(comment))
    return bool(found) and not any(_TURNED.search(comment[: match.start()]) for match in found)
