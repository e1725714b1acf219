"""Answers about cases: who to call next, everything on one case, what the customer sees. Reads only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.cases.clocks import due_by
from app.cases.customer_status import CustomerStatus, Step, closed_for_good, status_for_invitation
from app.cases.lookup import by_code
from app.cases.models import Case, CaseEvent, CaseOrigin
from app.cases.policy import LIVE
from app.cases.script import Script, script_for
from app.cases.wording import fresh_words
from app.cases.worklist import OpenCounts, WorklistItem, at_risk, open_by_branch, open_counts, worklist
from app.extensions import db
from surveys.people.models import Customer, Staff
from surveys.people.queries import Reach, sms_reach
from surveys.questionnaires.flow import Kind
from surveys.responses.models import Answer, AnswerRevision, FreeText, Response
from surveys.scoring.language import detect
from surveys.scoring.signals import as_spans, find_signals


@dataclass(frozen=True)
class Said:
    """An answer or a free text: redacted, with the stretches that weighed most as (start, end, weight), and signals."""

    source: Answer | FreeText
    text: str
    language: str
    at: datetime
    label: str | None
    polarity: float | None
    deciding: tuple[tuple[int, int, float], ...]
    signals: tuple[dict[str, Any], ...]
    question_key: str


@dataclass(frozen=True)
class CasePage:
    """Everything on one case."""

    case: Case
    customer: Customer
    owner: Staff
    due: datetime
    overdue: bool
    at_risk_cents: int
    reach: Reach | None
    said: tuple[Said, ...]
    rest: str | None  # what else they told: a complaint, and what they wrote later
    forgotten: bool  # they said something that is no longer kept
    responses: tuple[Response, ...]
    history: tuple[CaseEvent, ...]
    other_cases: tuple[Case, ...]
    script: Script


def case_page(case_id: int, *, now: datetime) -> CasePage | None:
    """Everything on this case; None when there is none. Who may see it is the door's to decide."""
    case = db.session.get(Case, case_id)
    if case is None:
        return None
    responses, texts = tuple(_responses(case)), _texts(case)
    due = due_by(case, now=now)
    return CasePage(
        case=case,
        customer=case.customer,
        owner=case.owner,
        due=due,
        overdue=case.state in LIVE and due < now,
        at_risk_cents=at_risk(case),
        reach=sms_reach(case.customer_id),
        said=tuple(_said(responses, texts)),
        rest=_rest(case, responses, texts),
        forgotten=case.words is None and _once_spoke(case, responses),
        responses=responses,
        history=tuple(case.history),
        other_cases=tuple(_others(case)),
        script=script_for(case, texts),
    )


def colleagues_for(case: Case) -> list[Staff]:
    """Who the case may be handed to: people of the branch and its manager, without the one who has it."""
    here = (Staff.branch_id == case.branch_id) | (Staff.id == case.branch.manager_id)
    query = select(Staff).where(here, Staff.id != case.owner_id, Staff.settled_at.is_(None)).order_by(Staff.name)
    return list(db.session.scalars(query))


def words_beside(case: Case) -> str | None:
    """What a case holds that is neither an answer nor a free text: a complaint, and what the customer wrote later."""
    return _rest(case, _responses(case), _texts(case))


def _responses(case: Case) -> list[Response]:
    ids = _origins(case, "response")
    return list(db.session.scalars(select(Response).where(Response.id.in_(ids)).order_by(Response.answered_at.desc())))


def _texts(case: Case) -> list[FreeText]:
    ids = _origins(case, "free_text")
    return list(db.session.scalars(select(FreeText).where(FreeText.id.in_(ids), FreeText.text != ""))) if ids else []


def _origins(case: Case, kind: str) -> list[int]:
    origins = select(CaseOrigin.ref).where(CaseOrigin.case_id == case.id, CaseOrigin.kind == kind)
    return [int(ref) for ref in db.session.scalars(origins)]


def _rest(case: Case, responses: Collection[Response], texts: Collection[FreeText]) -> str | None:
    if not case.words:
        return None
    answers = [answer for response in responses for answer in response.answers if answer.kind == Kind.TEXT]
    before = select(AnswerRevision.text).where(AnswerRevision.answer_id.in_([answer.id for answer in answers]))
    known = [*(a.text for a in answers), *(t.text for t in texts), *(db.session.scalars(before) if answers else ())]
    return fresh_words("\n".join(text for text in known if text), case.words)


def _said(responses: Collection[Response], texts: Collection[FreeText]) -> list[Said]:
    answers = [_as_said(a) for r in responses for a in r.answers if a.kind == Kind.TEXT and a.text]
    return sorted([*answers, *(_text_said(text) for text in texts)], key=lambda said: said.at, reverse=True)


def _once_spoke(case: Case, responses: Collection[Response]) -> bool:
    """Whether this case ever had words: a letter or a text of their own always has, an answer that was scored, too."""
    if any(answer.score_version for response in responses for answer in response.answers):
        return True
    kinds = select(CaseOrigin.kind).where(CaseOrigin.case_id == case.id)
    return bool({"complaint", "free_text"} & set(db.session.scalars(kinds)))


def _as_said(answer: Answer) -> Said:
    return Said(
        source=answer,
        text=answer.text or "",
        language=answer.language or answer.response.language,
        at=answer.at,
        label=answer.label,
        polarity=answer.polarity,
        deciding=tuple((int(start), int(end), float(weight)) for start, end, weight in answer.deciding),
        signals=tuple(answer.signals),
        question_key=answer.question_key,
    )


def _text_said(free: FreeText) -> Said:
    return Said(
        source=free,
        text=free.text,
        language=free.language or detect(free.text),
        at=free.at,
        label=free.label,
        polarity=free.polarity,
        deciding=(),
        signals=tuple(as_spans(find_signals(free.text))),
        question_key="",
    )


def _others(case: Case) -> list[Case]:
    query = select(Case).where(Case.customer_id == case.customer_id, Case.id != case.id)
    return list(db.session.scalars(query.order_by(Case.opened_at.desc()).limit(10)))


__all__ = [
    "CasePage",
    "CustomerStatus",
    "OpenCounts",
    "Said",
    "Script",
    "Step",
    "WorklistItem",
    "by_code",
    "case_page",
    "closed_for_good",
    "colleagues_for",
    "open_by_branch",
    "open_counts",
    "status_for_invitation",
    "words_beside",
    "worklist",
]
