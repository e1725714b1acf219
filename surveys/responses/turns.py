"""A turn of a conversation, as values: what is said, what came of a reply, and how the conversation stands after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from surveys.invitations.invited import Invited
from surveys.questionnaires.flow import Definition, Question
from surveys.responses.dialogues import Talk
from surveys.responses.kept import Kept


@dataclass(frozen=True)
class Say:
    """A text of the catalogue with its values; the door adds what it alone knows. `words` stand instead of the text."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    words: str | None = None


@dataclass(frozen=True)
class Standing:
    """How a conversation stands: the question it waits for, None when it is over; and whether we did not understand."""

    asking: str | None = None
    reprompted: bool = False


@dataclass(frozen=True)
class Turn:
    """What came of a reply: an outcome word for the inbox, the one text to answer with, and what was recorded."""

    outcome: str
    say: Say
    invitation: Invited
    then: Standing = Standing()
    response_id: int | None = None
    call: str | None = None  # today, tomorrow, none: they answered whether we may call
    recovered: str | None = None  # yes, partly, no: they answered whether it is put right
    words: str | None = None  # said as well, and for a person: no question takes them, or they speak of stopping
    seen: bool = False  # nobody need look at the answer any more
    plain: bool = False  # an answer was chosen and nothing said beside it
    unsure: bool = False  # they may want no more texts, and nothing urgent is asked or told by this turn


@dataclass(frozen=True)
class Asked:
    """The question that stands open in a conversation, and what was given before it."""

    dialogue: Talk
    definition: Definition
    question: Question
    kept: Kept

    @property
    def invitation(self) -> Invited:
        return self.dialogue.invitation
