"""What a deed came to: done, or refused with the reason as a value."""

from dataclasses import dataclass

from app.cases.models import Case

REFUSALS = {
    "not_yours": {
        "en": "This case belongs to another branch; ask its manager.",
        "zh-Hans": "这件事不归您负责，请找所属网点的经理。",
    },
    "taken": {"en": "Somebody else has taken this case already.", "zh-Hans": "已有同事接手这件事。"},
    "closed": {"en": "This case is closed already.", "zh-Hans": "这件事已经办结。"},
    "no_cause": {"en": "Choose the root cause before closing.", "zh-Hans": "办结前请选择根本原因。"},
    "no_outcome": {"en": "Choose an outcome before closing.", "zh-Hans": "办结前请选择结果。"},
    "too_long": {
        "en": "Say what was done in fewer words: the customer gets it as one text.",
        "zh-Hans": "请把处理结果写短一些，要放进一条短信。",
    },
    "no_note": {"en": "Write down why, in a few words.", "zh-Hans": "请写几个字说明原因。"},
    "promise_past": {
        "en": "The time you promised is over already; choose a later one.",
        "zh-Hans": "承诺的时间已过，请选晚一些的时间。",
    },
    "same_person": {"en": "They have this case already.", "zh-Hans": "这件事已经在对方手里。"},
    "away": {"en": "They are away today; choose somebody else.", "zh-Hans": "对方今天不在，请换一位同事。"},
    "no_name": {"en": "Nobody by this name can take the case.", "zh-Hans": "没有可以接手的这位同事。"},
    "not_now": {"en": "This case does not allow that where it stands.", "zh-Hans": "这件事目前不能这样处理。"},
}


@dataclass(frozen=True)
class Done:
    """The deed holds; `changed` is False when it was done before.

    `told` is False when no text about it reaches the customer, `later` True when it waits for their morning.
    """

    case: Case
    changed: bool = True
    told: bool = True
    later: bool = False


@dataclass(frozen=True)
class Refused:
    """The deed does not hold and nothing changed; `code` names why."""

    code: str
    case: Case | None = None

    def message(self, language: str = "en") -> str:
        """The reason as a sentence a person can act on."""
        said = REFUSALS[self.code]
        return said["zh-Hans" if language.startswith("zh") else "en"]


Result = Done | Refused
