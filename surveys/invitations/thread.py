"""How many segments the texts of a survey take at a branch and in a language; each is counted once."""

from dataclasses import replace
from functools import cache

from app.extensions import db, settings
from notifications import sms_dress
from notifications.gsm import segments
from notifications.texts import spoken
from surveys.invitations.eligibility import Channel
from surveys.people.models import Branch
from surveys.questionnaires.flow import Kind
from surveys.questionnaires.models import SurveyVersion
from surveys.questionnaires.paths import paths
from surveys.questionnaires.preview import asked_as, sms_thread
from surveys.questionnaires.service import definition_of


class TextLengths:
    """Lengths of one version's texts."""

    def __init__(self, version: SurveyVersion) -> None:
        self._definition = definition_of(version)
        self.asking, self.talking = cache(self._asking), cache(self._talking)

    def _asking(self, channel: str, branch_id: int, language: str) -> int:
        """Segments of the first text; a reminder is as long."""
        first = self._definition.first
        if channel == Channel.SMS_LINK and first.kind is not Kind.CHOICE:
            first = replace(first, sms={"": "invite_link"}, sms_text={})
        values = _values(branch_id, language)
        text = asked_as(self._definition, first, "", language=language, values=values)
        return segments(sms_dress().on(text, asks=True)).count

    def _talking(self, branch_id: int, language: str) -> float:
        """Segments of what we say after the first text, over the ways through the survey alike."""
        values = _values(branch_id, language)
        threads = [
            sms_thread(self._definition, way, language=language, values=values, dress=sms_dress())
            for way in paths(self._definition)
        ]
        ours = [[text.segments for text in thread if text.direction == "out"] for thread in threads]
        return sum(sum(one) - one[0] for one in ours) / len(ours)


def _values(branch_id: int, language: str) -> dict[str, str]:
    tongue = spoken(language)
    branch = db.session.get_one(Branch, branch_id)
    when = "昨天" if tongue == "zh-Hans" else "yesterday"
    return {"org": settings().organisation.name(tongue), "branch": branch.name(tongue), "when": when}
