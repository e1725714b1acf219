"""What every page of one questionnaire begins with: the survey, what is live, what is being written."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort, request
from flask_login import current_user

from app.console.audited import audited as in_the_log
from app.console.questionnaires.findings import Finding, findings
from app.console.questionnaires.words import best, languages_of
from app.extensions import clock, commit, db, lock
from app.i18n import language
from surveys.questionnaires.models import Survey, SurveyVersion
from surveys.questionnaires.service import draft_of, latest_version, save_draft

Data = dict[str, Any]


@dataclass(frozen=True)
class Work:
    """One questionnaire on the desk."""

    survey: Survey
    live: SurveyVersion | None
    draft: Data | None
    past: tuple[Mapping[str, Any], ...] = ()

    @property
    def last(self) -> Mapping[str, Any] | None:
        """The deed that can be taken back."""
        return self.past[-1] if self.past else None

    @property
    def seen(self) -> str:
        """A short sign of how all of it stands."""
        return mark(self.data)

    @property
    def data(self) -> Data:
        """What is being written: the draft, or the live version where nothing was changed yet."""
        if self.draft is not None:
            return self.draft
        return dict(self.live.definition) if self.live else {}

    @property
    def changed(self) -> bool:
        """Whether there is something to publish."""
        return self.draft is not None and (self.live is None or self.draft != self.live.definition)

    @property
    def name(self) -> str:
        return best(self.data["names"]) or self.survey.key

    @property
    def languages(self) -> tuple[str, ...]:
        return languages_of(self.data)

    @cached_property
    def findings(self) -> list[Finding]:
        """What the checks and the lint say about it."""
        return findings(self.data, tongue=language())

    @property
    def faults(self) -> list[Finding]:
        return [one for one in self.findings if one.blocks]

    @property
    def warnings(self) -> list[Finding]:
        return [one for one in self.findings if not one.blocks]

    def about(self, key: str) -> list[Finding]:
        """What is said about one question."""
        return [one for one in self.findings if one.question == key]

    @property
    def general(self) -> list[Finding]:
        """What is said about the whole."""
        return [one for one in self.findings if one.question is None]


def work_on(survey_id: int) -> Work:
    """The questionnaire with this number; 404 when there is none. Who is to write has it alone until the commit."""
    survey = db.session.get(Survey, survey_id)
    if survey is None:
        abort(404)
    if request.method == "POST":
        lock(f"survey:{survey.key}")
    draft = draft_of(survey)
    written, past = (dict(draft.definition), tuple(draft.past)) if draft else (None, ())
    work = Work(survey, latest_version(survey.id), written, past)
    if not work.data:
        abort(404)
    return work


def keep(work: Work, data: Data, deed: str, **detail: Any) -> None:
    """Save what was written as the draft, with a line in the audit log: ids and keys, never words."""
    now = clock().now()
    done = {"deed": deed, "question": str(detail.get("question", ""))}
    save_draft(work.survey.key, data, now, by=current_user.id, deed=done)
    audited(deed, work.survey.id, **detail)
    commit()


def audited(deed: str, survey_id: int, **detail: Any) -> None:
    """A line in the audit log about this questionnaire."""
    in_the_log(f"questionnaire.{deed}", "survey", survey_id, **detail)


def mark(written: Mapping[str, Any]) -> str:
    """A short sign of how something stands, so that two people who write at once notice one another."""
    return hashlib.sha256(json.dumps(written, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
