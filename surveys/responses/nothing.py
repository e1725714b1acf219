"""Words that say there is nothing to say (pure): nobody is thanked for them, or told that they are read."""

from surveys.responses.saying import plain_forms
from surveys.responses.wording import words_of

NOTHING = words_of(
    """no|nope|nah|none|nil|na|n a|nothing|nothing really|nothing much|nothing else|nothing at all
    nothing to say|nothing to add
    nothing special|nothing comes to mind|not really|not particularly|no comment|no comments|nothing to report
    no reason|no particular reason|no idea|dont know|i dont know|idk|dunno|not sure|no thanks|no thank you|skip|pass
    next|later
    i have nothing to say|rather not say|id rather not say|prefer not to say
    cant think of anything|nobody|no one
    never mind|nevermind|forget it|doesnt matter|it doesnt matter|whatever
    没|没有|没有了|没了|无|暂无|没什么|没啥|没什么好说的|没啥好说的|没有什么|没什么可说的|没什么说的|没意见|无意见|没有意见
    不知道|不清楚|说不上来|不想说|不想写|不说了|不写了|不便说|懒得说|懒得写|跳过|略|略过|过|随便|算了|没事|没关系|无所谓|没想法|没有想法|暂时没有|目前没有
    冇|冇嘢|冇嘢讲|无嘢讲|唔知|唔想讲|无可奉告|不方便说|不用了|不必了"""
)


def says_nothing(text: str | None) -> bool:
    """Whether an answer in words is none: left out, a sign, or "nothing"."""
    forms = list(plain_forms(text or ""))
    return not forms or any(form in NOTHING for form in forms)
