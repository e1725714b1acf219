"""Who answers, when, by what way and what: the response of one demo customer to one question after the other."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.demo import moods
from app.demo.comments import MIDDLE, NEGATIVE, POSITIVE, Comments
from app.demo.ledger import Ledger
from app.demo.letters import Letters, moment_text
from app.demo.visits import Visit
from notifications import Purpose
from surveys.invitations.models import InvitationState
from surveys.questionnaires.flow import Band, Kind, Question, band
from surveys.responses.models import Answer, Response
from surveys.responses.review import as_kept
from surveys.scoring.score import Score, score_text
from surveys.scoring.signals import as_spans

MOOD = {Band.LOW: NEGATIVE, Band.MID: MIDDLE, Band.HIGH: POSITIVE}
NUMBER_WORDS_ZH = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")


@dataclass(frozen=True)
class Reply:
    """What a customer is going to say: the number, the words if any, whether they may be called."""

    score: int
    band: Band
    theme: str
    words: str | None
    call: str | None


@dataclass(frozen=True)
class Given:
    """What was answered: the rows, and the score of the words."""

    response: dict[str, Any]
    reply: Reply
    polarity: float | None
    label: str | None
    signals: tuple[str, ...]
    done_at: datetime


class Answering:
    """Writes responses with their answers, their messages and what the scorer makes of the words."""

    def __init__(self, ledger: Ledger, letters: Letters, comments: Comments, rng: Random, *, now: datetime) -> None:
        self._ledger, self._letters, self._comments, self._rng, self._now = ledger, letters, comments, rng, now

    def imagine(self, visit: Visit, nps: float, *, score: int | None = None, words: str | None = None) -> Reply:
        """What this customer would say about a branch that does as well as `nps`."""
        rng, first = self._rng, visit.asked.definition.first
        if score is None:
            score = {Kind.NPS: moods.nps_score, Kind.CSAT: moods.csat_score, Kind.CES: moods.ces_score}[first.kind](
                rng, nps
            )
        found = band(first.kind, score)
        theme = moods.theme(rng, visit.place.code, bad=found is not Band.HIGH)
        if theme == "safety_fraud" and found is not Band.LOW:
            theme = "waiting"
        if words is None and rng.random() < (0.9 if found is Band.LOW else 0.8):
            words = self._words(visit, found, theme, score)
        call = rng.choices(("today", "tomorrow", "none"), (5, 3, 2))[0] if found is Band.LOW else None
        return Reply(score, found, theme, words, call)

    def _words(self, visit: Visit, found: Band, theme: str, score: int) -> str:
        language, rng = visit.person.language, self._rng
        if found is Band.MID and rng.random() < 0.25:
            praised = moods.theme(rng, visit.place.code, bad=False)
            return self._comments.mixed(language, praised, theme if theme != praised else "fees")
        leaving = found is Band.LOW and score <= 3 and rng.random() < 0.16
        return self._comments.comment(language, MOOD[found], theme, leaving=leaving)

    def give(
        self, visit: Visit, reply: Reply, *, at: datetime, web: bool, partly: bool = False, patient: bool = True
    ) -> Given | None:
        """Write the answers, the first of them at that moment. None when it lies in the future."""
        if at > self._now:
            return None
        invitation, definition = visit.invitation, visit.asked.definition
        response = self._begin(visit, at, web)
        score, done_at, complete = None, at, False
        text_in = self._typed(visit, reply)
        for question in definition.questions:
            if question.bands and reply.band not in question.bands:
                continue
            if question.kind is Kind.TEXT and (reply.words is None or partly) and not web:
                break  # by text there is no passing over: they fell silent here
            if question.asks_for_call and (partly or reply.call is None):
                break
            answer = self._answer(response, question, reply, done_at, web)
            if question.kind is Kind.TEXT and answer["text"]:
                score = self._score(answer, question, reply)
            if not web:
                done_at = self._turn(visit, question, reply, text_in[str(question.kind)], done_at)
            else:
                done_at += timedelta(seconds=self._rng.randint(8, 40))
            if done_at > self._now:
                break
        else:
            complete = True
        self._close(invitation, response, score, min(done_at, self._now), complete)
        visit.person.answered_at = at
        polarity, label = (score.polarity, score.label) if score else (None, None)
        signals = tuple(response["signals"])
        return Given(response, reply, polarity, label, signals, min(done_at, self._now))

    def _begin(self, visit: Visit, at: datetime, web: bool) -> dict[str, Any]:
        invitation = visit.invitation
        return self._ledger.add(
            Response,
            invitation_id=invitation["id"],
            customer_id=visit.person.id,
            branch_id=visit.place.id,
            staff_id=invitation["staff_id"],
            touchpoint_id=visit.asked.touchpoint_id,
            channel="web" if web else "sms",
            language=invitation["language"],
            started_at=at,
            answered_at=at,
            changed_at=at,
            late=bool(invitation["expires_at"] and at >= invitation["expires_at"]),
            review_due=False,
            reviewed_at=at,
        )

    def _answer(
        self, response: dict[str, Any], question: Question, reply: Reply, at: datetime, web: bool
    ) -> dict[str, Any]:
        number = question.scale is not None
        words = reply.words if question.kind is Kind.TEXT else None
        if number:
            response[str(question.kind)] = reply.score
        response["changed_at"] = response["reviewed_at"] = at
        return self._ledger.add(
            Answer,
            response_id=response["id"],
            question_key=question.key,
            kind=str(question.kind),
            value=reply.score if number else None,
            choice=reply.call if question.asks_for_call else None,
            text=words,
            skipped=question.kind is Kind.TEXT and words is None,
            channel="web" if web else "sms",
            at=at,
        )

    @staticmethod
    def _score(answer: dict[str, Any], question: Question, reply: Reply) -> Score:
        asks = question.asks.get(reply.band) or question.asks.get("")
        score = score_text(answer["text"], question=asks)
        answer.update(
            language=score.language,
            polarity=score.polarity,
            label=score.label,
            confidence=score.confidence,
            score_version=score.version,
            book_version=score.book_version,
            themes=[as_kept(mention) for mention in score.themes],
            signals=as_spans(score.signals),
            deciding=[[span.start, span.end, round(span.weight, 3)] for span in score.deciding],
        )
        return score

    def _close(
        self, invitation: dict[str, Any], response: dict[str, Any], score: Score | None, at: datetime, complete: bool
    ) -> None:
        invitation["remind_at"] = None
        if score is not None:
            response["score_version"] = score.version
            response["polarity"], response["sentiment"] = score.polarity, score.label
            response["themes"] = [as_kept(mention) for mention in score.themes]
            response["signals"] = sorted({str(s.kind) for s in score.signals})
        over = invitation["expires_at"] is not None and invitation["expires_at"] <= self._now
        if complete:
            response["completed_at"] = at
            if not response["late"]:
                invitation["state"], invitation["closed_at"] = str(InvitationState.COMPLETED), at
        elif over and not response["late"]:
            invitation["state"], invitation["closed_at"] = str(InvitationState.PARTIAL), invitation["expires_at"]
        elif not response["late"]:
            invitation["state"] = str(InvitationState.STARTED)

    def _typed(self, visit: Visit, reply: Reply) -> dict[str, str]:
        """What they type for each kind of question."""
        rng, chinese = self._rng, visit.person.language == "zh-Hans"
        number = str(reply.score)
        if rng.random() < 0.15:
            number = f"{number}分" if chinese else f"{number}/10" if visit.asked.key == "branch_visit" else number
        elif chinese and rng.random() < 0.05:
            number = f"{NUMBER_WORDS_ZH[reply.score]}分"
        place = {"today": "1", "tomorrow": "2", "none": "3"}.get(reply.call or "", "3")
        return {"nps": number, "csat": number, "ces": number, "text": reply.words or "", "callback": place}

    def _turn(self, visit: Visit, question: Question, reply: Reply, text: str, at: datetime) -> datetime:
        """The customer's text and our answer to it; when they text again."""
        rng, person = self._rng, visit.person
        assert person.phone is not None
        assert person.index is not None
        inbound = self._letters.from_phone(person.phone, person.index, text, at=at, outcome="answered")
        key = self._answered_with(visit, question, reply)
        due = moment_text(at + timedelta(hours=24), person.language)
        self._letters.to_customer(
            person,
            key,
            at=at + timedelta(seconds=2),
            dedupe=f"turn:{inbound['id']}",
            subject=("invitation", visit.id),
            purpose=Purpose.CONVERSATION,
            link=f"survey:{visit.id}",
            time=due,
            promise=due,
        )
        return at + timedelta(seconds=int(rng.lognormvariate(4.2, 0.9)) + 15)

    @staticmethod
    def _answered_with(visit: Visit, question: Question, reply: Reply) -> str:
        path = [q for q in visit.asked.definition.questions if not q.bands or reply.band in q.bands]
        place = path.index(question)
        if place + 1 < len(path):
            following = path[place + 1]
            return following.sms.get(reply.band) or following.sms[""]
        if reply.band is Band.LOW:
            return "thanks_no_call" if reply.call == "none" else "thanks_call"
        return "thanks_mid" if reply.band is Band.MID else "thanks_high"
