"""Cases of past weeks, nearly all over by now: who called, what it came to, and whether the customer agreed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from app.cases.hours import Place as Hours
from app.cases.messages import TOPS, tier_word
from app.cases.models import Case, CaseEvent, CaseOrigin
from app.cases.policy import Triage, TriageFacts, deadlines, triage
from app.cases.wording import called, catalogue, customer_time, of_full, saw, staff_time, to_do
from app.demo import moods
from app.demo.answers import Given
from app.demo.company import Company, Worker
from app.demo.ledger import Ledger
from app.demo.letters import Letters
from app.demo.people import ZONE
from app.demo.visits import Reception, Visit
from app.insights.churn import churn_risk
from notifications import Purpose
from notifications.texts import spoken
from surveys.invitations.models import InvitationState
from surveys.responses.holder import said_of
from surveys.responses.models import Answer, Response

NOTES = {
    "en": (
        "Called. Listened for ten minutes, apologised. Calmer now.",
        "Spoke with the customer, explained what happened and what changes.",
        "Reached at the second try. Wants the fee back, agreed.",
        "Called and offered an appointment with me. Accepted.",
        "Long call. The queue on Monday was our fault, two colleagues were ill.",
        "Customer was surprised that somebody calls. Good talk.",
    ),
    "zh-Hans": (
        "已电话沟通，客户说了十分钟，道歉后情绪好多了。",
        "跟客户解释了原因，也说了怎么改。",
        "第二次打通，客户要求退手续费，已同意。",
        "请客户来找我办，客户同意了。",
        "电话打了很久。周一两位同事请假，排队确实是我们的问题。",
        "客户没想到会有人打电话来，聊得不错。",
    ),
}
DONE = {
    "waiting": {"en": "we now open a second counter at noon", "zh-Hans": "中午已加开一个窗口"},
    "staff": {"en": "we spoke with the colleague, and we are sorry", "zh-Hans": "已和当事同事谈过，向您道歉"},
    "fees": {"en": "the fee is back on your account", "zh-Hans": "手续费已退回您的账户"},
    "system": {"en": "the app works for you again", "zh-Hans": "手机银行已恢复正常"},
    "other": {"en": "what you asked for is done", "zh-Hans": "您反映的事已办好"},
}
OUTCOMES = (("saved", 74), ("lost", 8), ("unreachable", 7), ("not_justified", 11))


def judge(visit: Visit, given: Given) -> tuple[Triage, float]:
    """What the product's triage makes of an answer, and the risk that this customer leaves."""
    first = visit.asked.definition.first
    signs = {
        "detractor": float(given.reply.band == "low"),
        "neg_sentiment": float(given.label in ("negative", "very_negative")),
        "complaint_90d": float(visit.asked.key == "complaint_closed"),
    }
    risk = churn_risk(signs).p
    facts = TriageFacts(
        kind=str(first.kind),
        rating=given.reply.score,
        label=given.label,
        signals=frozenset(given.signals),
        tier=visit.person.tier,
        risk=risk,
        value_at_risk=max(visit.person.value, 0) / 100 * risk,
    )
    return triage(facts), risk


@dataclass
class PastCases:
    """Writes cases that are over into the ledger."""

    company: Company
    ledger: Ledger
    letters: Letters
    reception: Reception
    rng: Random
    hours: Hours
    now: datetime
    codes: list[str]

    def open(self, visit: Visit, given: Given) -> dict[str, Any] | None:
        """The whole life of the case this answer opened; None when no person had to act."""
        found, risk = judge(visit, given)
        if not found.escalate:
            return None
        at = given.response["answered_at"] + timedelta(seconds=3)
        holder = visit.person.owner or visit.place.manager
        case = self._row(visit, given, found, risk, holder, at)
        self._line(case, "opened", at, None, to=holder.id, primary=holder.id)
        self._origin(case, given, at)
        self._alert(case, visit, holder, at)
        if given.reply.call:
            self._line(case, "call_choice", given.done_at, None, choice=given.reply.call)
        holder, acknowledged = self._acknowledge(case, visit, holder, at)
        if self.rng.random() < 0.04:
            self._dismiss(case, holder, acknowledged)
            return case
        resolved = self._settle(case, visit, given, holder, acknowledged)
        self._recover(case, visit, given, resolved)
        return case

    def _row(
        self, visit: Visit, given: Given, found: Triage, risk: float, holder: Worker, at: datetime
    ) -> dict[str, Any]:
        due = self._deadlines(found.priority, found.critical, at)
        return self.ledger.add(
            Case,
            code=self.codes.pop(),
            customer_id=visit.person.id,
            branch_id=visit.place.id,
            response_id=given.response["id"],
            owner_id=holder.id,
            state="open",
            priority=found.priority,
            critical=found.critical,
            reasons=list(found.reasons),
            rating=given.reply.score,
            rating_kind=str(visit.asked.definition.first.kind),
            risk=risk,
            words=given.reply.words,
            words_language="zh" if visit.person.language == "zh-Hans" else "en",
            opened_at=at,
            acknowledge_by=due.acknowledge_by,
            contact_by=due.contact_by,
            resolve_by=due.resolve_by,
            call_choice=given.reply.call,
        )

    def _deadlines(self, priority: int, critical: bool, at: datetime) -> Any:
        place = self.hours
        return deadlines(
            priority,
            critical,
            created=at,
            time_zone=place.time_zone,
            calendar=place.calendar,
        )

    def _acknowledge(self, case: dict[str, Any], visit: Visit, holder: Worker, at: datetime) -> tuple[Worker, datetime]:
        due = case["acknowledge_by"]
        by = min(due, at + timedelta(hours=20))  # nobody waits a holiday week to read a text
        if self.rng.random() < 0.13 and by == due:
            holder = self._hand_up(case, visit, holder, by)
            taken = self.awake(by + timedelta(minutes=self.rng.randint(10, 150)))
        else:
            early = self.awake(at + (by - at) * self.rng.uniform(0.08, 0.8))
            taken = early if early < by else by - timedelta(minutes=self.rng.randint(1, 9))
        case["owner_id"], case["acknowledged_at"] = holder.id, taken
        self._line(case, "acknowledged", taken, holder)
        self._tell(case, visit, "read", taken, time=case["contact_by"])
        return holder, taken

    def _hand_up(self, case: dict[str, Any], visit: Visit, holder: Worker, by: datetime) -> Worker:
        due = by.isoformat()
        above = visit.place.deputy if holder.id != visit.place.deputy.id else visit.place.manager
        self._line(case, "breached", by, None, watch="acknowledge", due=due, level=0)
        self._line(case, "handed_up", by, None, to=above.id, former=holder.id, level=1, watch="acknowledge")
        case["level"] = 1
        self.letters.to_staff(
            above,
            "hand_up" if case["words"] else "hand_up_no_words",
            at=by,
            dedupe=f"case:{case['id']}:hand_up:1:{above.id}",
            case_id=case["id"],
            **self._values(case, visit, above, by),
            time2=staff_time(case["contact_by"], ZONE, above.language, now=by),
        )
        return above

    def _dismiss(self, case: dict[str, Any], holder: Worker, at: datetime) -> None:
        case["state"], case["closed_at"] = "dismissed", at + timedelta(minutes=12)
        note = "Meant another bank." if holder.language == "en" else "客户说的是另一家银行。"
        self._line(case, "dismissed", case["closed_at"], holder, note=note)

    def _settle(self, case: dict[str, Any], visit: Visit, given: Given, holder: Worker, taken: datetime) -> datetime:
        rng, by = self.rng, case["contact_by"]
        room = min(max(by - taken, timedelta(hours=2)), timedelta(hours=20))
        called_at = self.awake(taken + room * rng.uniform(0.05, 0.75))
        if rng.random() < 0.08 and by - taken < timedelta(hours=40):
            called_at = self.awake(by + timedelta(hours=rng.uniform(1, 6)))
        case["contacted_at"] = called_at
        self._line(case, "contacted", called_at, holder, note=rng.choice(NOTES[holder.language]))
        resolved = self.awake(called_at + timedelta(hours=min(rng.expovariate(1 / 16) + 0.3, 30)))
        outcome = rng.choices([o for o, _ in OUTCOMES], [w for _, w in OUTCOMES])[0]
        self._resolve(case, visit, holder, resolved, outcome, moods.cause(given.reply.theme))
        return resolved

    def _resolve(
        self, case: dict[str, Any], visit: Visit, holder: Worker, at: datetime, outcome: str, cause: str
    ) -> None:
        what = DONE[cause][visit.person.language]
        case.update(state="resolved", resolved_at=at, outcome=outcome, root_cause=cause, done_text=what)
        self._line(case, "resolved", at, holder, outcome=outcome, cause=cause)
        self._tell(case, visit, "resolved", at, what=what)

    def _recover(self, case: dict[str, Any], visit: Visit, given: Given, resolved: datetime) -> None:
        rng = self.rng
        asked_at = self.awake(resolved + timedelta(days=2))
        if asked_at > self.now:
            case["recovery_due_at"] = asked_at
            return
        draw = rng.random()
        answer = "yes" if draw < 0.36 else "partly" if draw < 0.45 else "no" if draw < 0.52 else None
        if answer == "no" and asked_at > self.now - timedelta(days=5):
            answer = "yes"  # what comes back so late is told by the services themselves
        said = self._ask_recovery(case, visit, asked_at, answer, cycle=0)
        if answer == "no" and said is not None:
            case["recovery"], said = "yes", self._again(case, visit, given, said)
        elif said is not None:
            case["recovery"] = answer
        closed = said if said is not None and answer != "partly" else asked_at + timedelta(days=8)
        if closed > self.now:
            case["recovery_due_at"] = closed
            return
        case.update(state="closed", closed_at=closed)
        self._line(case, "closed", closed, None, unanswered=said is None)

    def _again(self, case: dict[str, Any], visit: Visit, given: Given, said: datetime) -> datetime:
        """It came back, one level higher; when the customer says it is right now."""
        region = visit.place.region
        former, level = case["owner_id"], case["level"]
        case.update(owner_id=region.id, level=3, priority=max(1, case["priority"] - 1), critical=True)
        case["reasons"] = ["not_put_right", *case["reasons"]]
        self._line(case, "reopened", said, None, to=region.id, former=former, level=3, before=level)
        due = self._deadlines(case["priority"], True, said)
        case.update(acknowledge_by=due.acknowledge_by, contact_by=due.contact_by, resolve_by=due.resolve_by)
        taken = self.awake(said + timedelta(minutes=self.rng.randint(5, 40)))
        called_at = self.awake(taken + timedelta(hours=self.rng.uniform(0.5, 5)))
        case.update(acknowledged_at=taken, contacted_at=called_at)
        self._line(case, "acknowledged", taken, region)
        self._line(case, "contacted", called_at, region, note=self.rng.choice(NOTES[region.language]))
        resolved = self.awake(called_at + timedelta(hours=self.rng.uniform(2, 20)))
        self._resolve(case, visit, region, resolved, "saved", moods.cause(given.reply.theme))
        closed = self._ask_recovery(case, visit, self.awake(resolved + timedelta(days=2)), "yes", cycle=1)
        assert closed is not None
        return closed

    def _ask_recovery(
        self, case: dict[str, Any], visit: Visit, at: datetime, answer: str | None, *, cycle: int
    ) -> datetime | None:
        """The recovery question and its answer; when it was given."""
        asked, person = self.company.asked["case_resolved"], visit.person
        again = self.reception.receive(
            person, asked, at=at, staff=None, source="heed", reference=f"case:{case['id']}:{cycle}"
        )
        self._line(case, "recovery_asked", at, None, decision=again.event["decision"])
        if not again.scheduled:
            return None
        sent = again.invitation["send_at"]
        said = self.awake(sent + timedelta(minutes=self.rng.randint(4, 300))) if answer else None
        said = None if said is not None and said > self.now else said
        expires = sent + timedelta(days=7)
        state = InvitationState.COMPLETED if said else InvitationState.EXPIRED
        if said is None and expires > self.now:
            state = InvitationState.SENT
            first = again.asked.definition.first.key
            self.letters.converse(person, again.id, asking=first, turn=0, at=sent, last=sent)
        closed = None if state is InvitationState.SENT else said or expires
        again.invitation.update(state=str(state), sent_at=sent, expires_at=expires, closed_at=closed)
        self.letters.to_customer(
            person, "recovery", at=sent, dedupe=f"invitation:{again.id}:ask", subject=("invitation", again.id)
        )
        if said is not None and answer is not None:
            self._answer_recovery(again, answer, said)
            self._line(case, "recovery", said, None, answer=answer)
        return said

    def _answer_recovery(self, again: Visit, answer: str, at: datetime) -> None:
        person = again.person
        response = self.ledger.add(
            Response,
            invitation_id=again.id,
            customer_id=person.id,
            branch_id=again.place.id,
            touchpoint_id=again.asked.touchpoint_id,
            channel="sms",
            language=person.language,
            started_at=at,
            answered_at=at,
            changed_at=at,
            completed_at=at,
            review_due=False,
            reviewed_at=at,
        )
        question = again.asked.definition.first
        self.ledger.add(
            Answer,
            response_id=response["id"],
            question_key=question.key,
            kind=str(question.kind),
            choice=answer,
            channel="sms",
            at=at,
        )
        digit = {"yes": "1", "partly": "2", "no": "3"}[answer]
        assert person.phone is not None
        assert person.index is not None
        inbound = self.letters.from_phone(person.phone, person.index, digit, at=at, outcome="answered")
        due = customer_time(at + timedelta(hours=4), ZONE, person.language, now=at)
        self.letters.to_customer(
            person,
            f"recovery_{answer}",
            at=at + timedelta(seconds=2),
            dedupe=f"turn:{inbound['id']}",
            subject=("invitation", again.id),
            time=due,
        )

    def _origin(self, case: dict[str, Any], given: Given, at: datetime) -> None:
        self.ledger.add(CaseOrigin, case_id=case["id"], kind="response", ref=str(given.response["id"]), at=at)

    def _line(
        self,
        case: dict[str, Any],
        kind: str,
        at: datetime,
        staff: Worker | None,
        *,
        note: str | None = None,
        **detail: Any,
    ) -> None:
        self.ledger.add(
            CaseEvent,
            case_id=case["id"],
            kind=kind,
            at=at,
            staff_id=staff.id if staff else None,
            note=note,
            detail=detail,
        )

    def _values(self, case: dict[str, Any], visit: Visit, to: Worker, at: datetime) -> dict[str, str]:
        who = called(visit.person.name, to.language)
        return {
            "code": case["code"],
            "case": who,
            "who": who,
            "tier": tier_word(visit.person.tier, to.language),
            "score": of_full(case["rating"], TOPS[case["rating_kind"]], to.language),
            "branch": visit.place.names[to.language],
            "words": case["words"] or "",
            **to_do(to.language, no_call=False),
            "time": staff_time(case["contact_by"], ZONE, to.language, now=at),
        }

    def _alert(self, case: dict[str, Any], visit: Visit, to: Worker, at: datetime) -> None:
        self.letters.to_staff(
            to,
            "alert" if case["words"] else "alert_no_words",
            at=at,
            dedupe=f"case:{case['id']}:alert:{to.id}",
            case_id=case["id"],
            **self._values(case, visit, to, at),
        )

    def _tell(
        self, case: dict[str, Any], visit: Visit, key: str, at: datetime, *, time: datetime | None = None, **values: Any
    ) -> None:
        if visit.person.phone is None or visit.person.opted_out:
            return
        when = customer_time(time, ZONE, visit.person.language, now=at) if time else ""
        self.letters.to_customer(
            visit.person,
            key,
            at=at,
            dedupe=f"case:{case['id']}:customer:{key}:{int(at.timestamp())}",
            subject=("case", case["id"]),
            purpose=Purpose.CASE,
            link=f"survey:{visit.id}",
            book=catalogue(),
            **{"time": when, **self._held_by(case, visit), **values},
        )

    def _held_by(self, case: dict[str, Any], visit: Visit) -> dict[str, Any]:
        language, place = visit.person.language, visit.place.names[spoken(visit.person.language)]
        return {"saw": saw(language, words=bool(case["words"])), **said_of("branch", place, language)}

    def awake(self, moment: datetime) -> datetime:
        """The moment itself, or some minutes after nine when that would be in the night."""
        return awake(moment, self.rng)


def awake(moment: datetime, rng: Random) -> datetime:
    """The moment itself between half past eight and half past nine, else some time after the next morning's start."""
    moment = moment.replace(microsecond=0)
    local = moment.astimezone(ZoneInfo(ZONE))
    if time(8, 30) <= local.time() < time(21, 30):
        return moment
    day: date = local.date() + timedelta(days=local.hour >= 20)
    morning = datetime.combine(day, time(9), ZoneInfo(ZONE)).astimezone(UTC)
    return morning + timedelta(minutes=rng.randint(1, 75))
