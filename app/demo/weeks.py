"""The past weeks and the running one: who was served, who was asked, who answered, who did not."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from app.demo import moods
from app.demo.answers import Answering, Given
from app.demo.cases_then import PastCases, judge
from app.demo.comments import Comments
from app.demo.company import Asked, Company, Place, Worker
from app.demo.ledger import Ledger
from app.demo.letters import Letters, day_text, when_text
from app.demo.people import ZONE, Crowd, Person, opt_out
from app.demo.visits import Reception, Visit
from app.extensions import settings
from notifications import Purpose
from surveys.invitations.models import InvitationState as State
from surveys.questionnaires.flow import Given as Known
from surveys.questionnaires.flow import Kind
from surveys.responses.models import FreeText
from surveys.responses.review import as_kept
from surveys.scoring.score import score_text

LIVE_CASES = timedelta(days=4)  # cases younger than this are told by the services themselves
TOUCHPOINTS = (("branch_visit", 84), ("call_centre", 8), ("request_done", 5), ("complaint_closed", 3))
OPEN = (str(State.SENT), str(State.REMINDED), str(State.STARTED))


@dataclass(frozen=True)
class Planned:
    """A visit to come: when, whose, and whether they will answer."""

    at: datetime
    place: Place
    fate: str  # answer, silent, other


@dataclass
class Weeks:
    """Lets the weeks pass. `young` collects the answers whose cases are still young."""

    company: Company
    crowd: Crowd
    ledger: Ledger
    letters: Letters
    reception: Reception
    answering: Answering
    comments: Comments
    past: PastCases
    rng: Random
    now: datetime
    young: list[tuple[Visit, Given]] = field(default_factory=list)

    def pass_all(self, weeks: int) -> None:
        """So many whole weeks and the days of this one."""
        today = self.now.astimezone(ZoneInfo(ZONE)).date()
        monday = today - timedelta(days=today.weekday())
        for ago in range(weeks, -1, -1):
            for planned in self._plan(monday - timedelta(weeks=ago)):
                if planned.at < self.now - timedelta(minutes=3):
                    self._live(planned, ago)

    def _plan(self, monday: date) -> list[Planned]:
        rng, plan = self.rng, []
        for place in self.company.places:
            answers = rng.randint(18, 22)
            fates = {"answer": answers, "silent": round(answers * rng.uniform(1.35, 1.7)), "other": rng.randint(18, 30)}
            for fate, count in fates.items():
                for _ in range(count):
                    day = monday + timedelta(days=rng.choices(range(7), (6, 6, 6, 6, 6, 4, 2))[0])
                    minute = int(rng.triangular(9 * 60 + 5, 16 * 60 + 50, 11 * 60))
                    local = datetime.combine(day, time(minute // 60, minute % 60, rng.randint(0, 59)), ZoneInfo(ZONE))
                    plan.append(Planned(local.astimezone(UTC), place, fate))
        return sorted(plan, key=lambda planned: planned.at)

    def _live(self, planned: Planned, ago: int) -> None:
        key = self.rng.choices([k for k, _ in TOUCHPOINTS], [w for _, w in TOUCHPOINTS])[0]
        asked = self.company.asked[key]
        if planned.fate == "other":
            self._not_asked(planned, asked)
            return
        if not self.crowd.fresh[planned.place.code]:
            return
        person = self.crowd.fresh[planned.place.code].pop()
        visit = self.reception.receive(person, asked, at=planned.at, staff=self._server(planned.place, key))
        if not visit.scheduled or not self.send(visit):
            self.crowd.fresh[planned.place.code].insert(0, person)
            return
        self.crowd.asked[planned.place.code].append(person)
        if planned.fate == "silent":
            self._silent(visit)
            return
        given = self._answer(visit, moods.nps_now(planned.place.code, ago))
        if given is None:
            self._unanswered(visit)
        else:
            self._review(visit, given)

    def _server(self, place: Place, key: str) -> Worker | None:
        if key == "call_centre":
            return None
        return self.rng.choice((*place.counter, *place.counter, *place.account_managers))

    def _not_asked(self, planned: Planned, asked: Asked) -> None:
        """Somebody the rules keep from being asked: asked lately, unreachable, or reported too late."""
        rng, code = self.rng, planned.place.code
        lately, unreachable = self.crowd.asked[code], self.crowd.unreachable[code]
        staff = self._server(planned.place, asked.key)
        if lately and rng.random() < 0.72:
            person = rng.choice(lately[-400:])
            self.reception.receive(person, asked, at=planned.at, staff=staff, open_case=person.case_open)
        elif unreachable and rng.random() < 0.8:
            self.reception.receive(rng.choice(unreachable), asked, at=planned.at, staff=staff)
        elif self.crowd.fresh[code] and planned.at < self.now - timedelta(days=5):
            self.reception.receive(
                self.crowd.fresh[code][0], asked, at=planned.at, staff=staff, late_hours=rng.uniform(75, 96)
            )

    def send(self, visit: Visit, *, surely: bool = False) -> bool:
        """Send the invitation when its time has come; `surely` it arrives. False while it waits."""
        invitation, person = visit.invitation, visit.person
        at = invitation["send_at"] + timedelta(seconds=self.rng.randint(1, 5))
        if at > self.now:
            return False
        policy = settings().policy
        invitation.update(
            state=str(State.SENT),
            sent_at=at,
            expires_at=at + timedelta(days=policy.survey_open_days),
            remind_at=at + timedelta(hours=policy.reminder_after_hours),
        )
        person.asked_at = at
        first = visit.asked.definition.first
        delivered = surely or self.rng.random() > 0.011
        self._text(visit, first.sms[""], at, f"invitation:{visit.id}:ask", delivered)
        if not delivered:
            invitation.update(state=str(State.UNDELIVERABLE), remind_at=None, closed_at=at + timedelta(seconds=30))
        return True

    def _text(self, visit: Visit, key: str, at: datetime, dedupe: str, delivered: bool = True) -> None:
        happened, language = visit.event["occurred_at"], visit.person.language
        values: dict[str, Any] = {
            "day": day_text(happened, language),
            "when": when_text(happened, at, language),
        }
        if visit.thing:
            values["thing"] = visit.thing[visit.person.language]
        self.letters.to_customer(
            visit.person,
            key,
            at=at,
            dedupe=dedupe,
            subject=("invitation", visit.id),
            purpose=Purpose.SURVEY,
            link=f"survey:{visit.id}",
            delivered=delivered,
            **values,
        )

    def _silent(self, visit: Visit) -> None:
        if visit.invitation["state"] != State.SENT:
            return
        if self.rng.random() < 0.012:
            self._stop(visit)
        else:
            self._unanswered(visit)

    def _stop(self, visit: Visit) -> None:
        person, invitation = visit.person, visit.invitation
        at = invitation["sent_at"] + timedelta(minutes=self.rng.randint(1, 40))
        if at > self.now or person.phone is None or person.index is None:
            return
        word = "R" if person.language == "zh-Hans" else "STOP"
        inbound = self.letters.from_phone(person.phone, person.index, word, at=at, outcome="stop", reserved="stop")
        opt_out(self.ledger, person.id, person.index, at, word)
        person.opted_out = True
        invitation.update(state=str(State.REFUSED), closed_at=at, remind_at=None)
        self.letters.to_customer(
            person,
            "stopped",
            at=at + timedelta(seconds=1),
            dedupe=f"turn:{inbound['id']}",
            subject=("customer", person.id),
            purpose=Purpose.ACCOUNT,
        )
        self.crowd.unreachable[visit.place.code].append(person)

    def _unanswered(self, visit: Visit) -> None:
        invitation = visit.invitation
        if invitation["state"] != State.SENT:
            return
        self._remind(visit)
        if invitation["expires_at"] <= self.now:
            invitation.update(state=str(State.EXPIRED), closed_at=invitation["expires_at"])
        else:
            self.converse(visit, None)

    def _remind(self, visit: Visit) -> None:
        invitation = visit.invitation
        at = invitation["remind_at"]
        if at is None or at > self.now:
            return
        at += timedelta(seconds=2)
        invitation.update(state=str(State.REMINDED), reminded_at=at, remind_at=None)
        kind = visit.asked.definition.first.kind
        key = "reminder" if kind is Kind.NPS else f"reminder_{kind}"
        self._text(visit, key, at, f"invitation:{visit.id}:reminder")

    def converse(self, visit: Visit, given: Given | None) -> None:
        """The conversation that is open on this phone."""
        invitation, definition = visit.invitation, visit.asked.definition
        if invitation["state"] not in OPEN:
            return
        known = {definition.first.key: Known(value=given.reply.score)} if given else {}
        following = definition.next(known)
        self.letters.converse(
            visit.person,
            visit.id,
            asking=following.key if following else None,
            turn=len(known),
            at=invitation["sent_at"],
            last=given.done_at if given else invitation["sent_at"],
        )

    def _answer(self, visit: Visit, nps: float) -> Given | None:
        invitation, rng = visit.invitation, self.rng
        if invitation["state"] != State.SENT:
            return None
        at, reminded = self._when(invitation["sent_at"])
        if at > self.now:
            return None
        if reminded:
            self._remind(visit)
        if invitation["expires_at"] <= at:
            invitation.update(state=str(State.EXPIRED), closed_at=invitation["expires_at"], remind_at=None)
        web = rng.random() < (0.45 if visit.person.language == "en" else 0.1)
        given = self.answering.give(
            visit, self.answering.imagine(visit, nps), at=at, web=web, partly=rng.random() < 0.04
        )
        if given is not None and not web:
            self.converse(visit, given)
        return given

    def _when(self, sent: datetime) -> tuple[datetime, bool]:
        """When they answer, and whether only after the reminder."""
        rng, draw = self.rng, self.rng.random()
        if draw < 0.64:
            delay, reminded = timedelta(minutes=1 + rng.lognormvariate(2.1, 1.0)), False
        elif draw < 0.89:
            delay, reminded = timedelta(minutes=rng.uniform(30, 500)), False
        elif draw < 0.985:
            delay, reminded = timedelta(hours=48, minutes=rng.uniform(3, 400)), True
        else:
            delay, reminded = timedelta(days=7, hours=rng.uniform(6, 40)), True
        at = sent + delay
        local = at.astimezone(ZoneInfo(ZONE))
        if local.hour >= 23 or local.hour < 7:  # asleep
            at += timedelta(hours=(8 - local.hour) % 24)
        return at.replace(microsecond=0), reminded

    def _review(self, visit: Visit, given: Given) -> None:
        found, _ = judge(visit, given)
        if not found.escalate:
            self._stray(visit, given)
        elif self.now - given.response["answered_at"] < LIVE_CASES:
            self.young.append((visit, given))
        else:
            self.past.open(visit, given)

    def _stray(self, visit: Visit, given: Given) -> None:
        """Now and then somebody writes once more, to no question."""
        person: Person = visit.person
        if self.rng.random() > 0.012 or person.phone is None or person.index is None:
            return
        if visit.invitation["state"] in OPEN:
            return
        at = given.done_at + timedelta(hours=self.rng.uniform(1, 6))
        if at > self.now:
            return
        self.write_in(person, self.comments.stray(person.language), at)

    def write_in(self, person: Person, text: str, at: datetime) -> None:
        """Words that came without a question: seen by somebody the next day, or still waiting."""
        assert person.phone is not None
        assert person.index is not None
        unsure = text.startswith(("enough", "短信太多"))
        outcome = "maybe_stop" if unsure else "free_text"
        inbound = self.letters.from_phone(person.phone, person.index, text, at=at, outcome=outcome)
        seen, score = at + timedelta(hours=20), score_text(text)
        self.ledger.add(
            FreeText,
            inbound_id=inbound["id"],
            customer_id=person.id,
            branch_id=person.place.id,
            text=text,
            maybe_stop=unsure,
            language=score.language,
            polarity=score.polarity,
            label=score.label,
            themes=[as_kept(mention) for mention in score.themes],
            signals=sorted({str(signal.kind) for signal in score.signals}),
            score_version=score.version,
            book_version=score.book_version,
            at=at,
            seen_at=seen if seen < self.now - timedelta(days=2) else None,
        )
        self.letters.to_customer(
            person,
            "stop_unsure_idle" if unsure else "no_question",
            at=at + timedelta(seconds=2),
            dedupe=f"turn:{inbound['id']}",
            subject=("customer", person.id),
        )
