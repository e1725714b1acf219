"""Which answer needs a person, by when, and what may be done to a case."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.policy import (
    LEVELS,
    LIVE,
    TRANSITIONS,
    ClockPolicy,
    Deed,
    NotAllowed,
    State,
    TriageFacts,
    TriagePolicy,
    acknowledge_deadline,
    apply,
    contact_deadline,
    deadlines,
    next_level,
    resolve_deadline,
    triage,
)
from surveys.people.calendars import Calendar, OpeningHours
from surveys.questionnaires.flow import RANGE, Band, Kind, band

SHANGHAI = "Asia/Shanghai"
NEVER = Calendar(OpeningHours("09:00", "17:00", ""))


@pytest.mark.parametrize(
    ("kind", "rating", "escalate", "priority", "critical"),
    [
        *[("nps", rating, True, 2, True) for rating in range(4)],
        *[("nps", rating, True, 3, False) for rating in range(4, 7)],
        *[("nps", rating, False, 4, False) for rating in range(7, 11)],
        ("csat", 1, True, 2, True),
        ("csat", 2, True, 3, False),
        ("csat", 3, False, 4, False),
        ("ces", 1, True, 2, True),
        ("ces", 3, True, 3, False),
        ("ces", 4, False, 4, False),
    ],
)
def test_a_low_rating_is_enough(kind: str, rating: int, escalate: bool, priority: int, critical: bool) -> None:
    found = triage(TriageFacts(kind=kind, rating=rating))
    assert (found.escalate, found.priority, found.critical) == (escalate, priority, critical)
    assert bool(found.reasons) is escalate


def test_kind_words_never_cancel_a_low_score() -> None:
    found = triage(TriageFacts(kind="nps", rating=2, label="very_positive", conflict=True))
    assert found.escalate
    assert found.reasons == ("very_low_score", "score_text_conflict")


def test_very_negative_words_escalate_a_high_score() -> None:
    found = triage(TriageFacts(kind="nps", rating=10, label="very_negative", conflict=True))
    assert (found.escalate, found.priority) == (True, 3)
    assert found.reasons == ("very_negative_words", "score_text_conflict")
    assert not triage(TriageFacts(kind="nps", rating=10, label="negative")).escalate


def test_very_negative_words_make_a_low_score_more_urgent() -> None:
    assert triage(TriageFacts(kind="nps", rating=5, label="negative")).priority == 3
    assert triage(TriageFacts(kind="nps", rating=5, label="very_negative")).priority == 2


@pytest.mark.parametrize(
    ("signal", "priority"),
    [
        ("self_harm", 1),
        ("fraud_safety", 1),
        ("discrimination", 1),
        ("legal_threat", 1),
        ("intent_to_leave", 2),
        ("anger", 3),
        ("call_request", 4),
    ],
)
def test_a_grave_word_escalates_by_itself(signal: str, priority: int) -> None:
    for facts in (
        TriageFacts(signals=[signal]),
        TriageFacts(kind="nps", rating=10, label="positive", signals=[signal]),
    ):
        found = triage(facts)
        assert (found.escalate, found.priority, found.reasons) == (True, priority, (signal,))
        assert found.critical == (priority == 1)


def test_a_word_that_no_rule_knows_is_no_case() -> None:
    assert not triage(TriageFacts(kind="nps", rating=9, signals={"unheard_of"})).escalate


def test_anger_makes_a_low_score_more_urgent() -> None:
    assert triage(TriageFacts(kind="nps", rating=5, signals={"anger"})).priority == 2


def test_a_complaint_always_has_a_case() -> None:
    found = triage(TriageFacts(complaint=True))
    assert (found.escalate, found.priority, found.critical, found.reasons) == (True, 2, True, ("complaint",))


def test_value_and_risk_raise_what_stands_and_open_nothing() -> None:
    rich = {"tier": "MVC", "risk": 0.5, "value_at_risk": 50_000.0}
    assert not triage(TriageFacts(kind="nps", rating=9, **rich)).escalate  # type: ignore[arg-type]
    assert triage(TriageFacts(kind="nps", rating=6, tier="MVC")).priority == 2
    assert triage(TriageFacts(kind="nps", rating=6, tier="mvc")).critical
    assert triage(TriageFacts(kind="nps", rating=6, tier="MGC")).priority == 3
    assert triage(TriageFacts(kind="nps", rating=6, risk=0.2)).priority == 2
    assert triage(TriageFacts(kind="nps", rating=6, risk=0.199)).priority == 3
    assert triage(TriageFacts(kind="nps", rating=6, risk=0.5, value_at_risk=50_000)).priority == 2
    found = triage(TriageFacts(kind="nps", rating=6, **rich))  # type: ignore[arg-type]
    assert found.priority == 1
    assert found.reasons == ("low_score", "most_valuable", "likely_to_leave", "value_at_risk")


def test_the_numbers_are_the_company_s_own() -> None:
    gentle = TriagePolicy(low={"nps": 8}, very_low={"nps": 0}, top_tiers={"gold"})
    assert triage(TriageFacts(kind="nps", rating=8, tier="Gold"), gentle).reasons == ("low_score", "most_valuable")
    assert not triage(TriageFacts(kind="csat", rating=1), gentle).escalate


every_fact = st.builds(
    TriageFacts,
    kind=st.sampled_from([None, "nps", "csat", "ces"]),
    rating=st.none() | st.integers(0, 10),
    label=st.sampled_from([None, "very_negative", "negative", "neutral", "positive", "mixed"]),
    signals=st.sets(st.sampled_from(["self_harm", "intent_to_leave", "call_request", "anger"])),
    complaint=st.booleans(),
    conflict=st.booleans(),
    tier=st.sampled_from([None, "MVC", "BZ"]),
    risk=st.none() | st.floats(0, 1),
    value_at_risk=st.none() | st.floats(0, 1e6),
)


@given(every_fact)
def test_any_facts_give_one_priority_with_its_reasons(facts: TriageFacts) -> None:
    found = triage(facts)
    assert 1 <= found.priority <= 4
    assert found.escalate == bool(found.reasons)
    assert found.escalate or (found.priority == 4 and not found.critical)
    assert len(set(found.reasons)) == len(found.reasons)
    worse = triage(TriageFacts(**{**facts.__dict__, "complaint": True, "label": "very_negative"}))
    assert worse.escalate
    assert worse.priority <= found.priority


@pytest.mark.parametrize(
    ("created", "hours", "due"),
    [
        ("2026-03-03T02:00", 24, "2026-03-04T10:00:00+08:00"),
        ("2026-03-06T09:00", 24, "2026-03-09T17:00:00+08:00"),
        ("2026-03-06T09:00", 48, "2026-03-10T17:00:00+08:00"),
        ("2026-03-07T03:00", 24, "2026-03-10T00:00:00+08:00"),
    ],
)
def test_the_contact_clock_runs_round_the_clock_on_weekdays(created: str, hours: int, due: str) -> None:
    found = contact_deadline(datetime.fromisoformat(created).replace(tzinfo=UTC), hours=hours, time_zone=SHANGHAI)
    assert found.isoformat() == due


def local(zone: str, *clock: int) -> datetime:
    return datetime(*clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[arg-type, misc]


def test_holidays_stop_the_clock() -> None:
    golden_week = Calendar(closed=frozenset(date(2026, 10, day) for day in range(1, 9)))
    found = contact_deadline(local(SHANGHAI, 2026, 9, 30, 18), hours=24, time_zone=SHANGHAI, calendar=golden_week)
    assert found.isoformat() == "2026-10-09T18:00:00+08:00"


def test_a_day_of_twenty_three_or_twenty_five_hours_counts_what_it_has() -> None:
    # Jerusalem changes its clock on a Friday in spring; Friday 27 March 2026 has 23 hours.
    found = contact_deadline(local("Asia/Jerusalem", 2026, 3, 26, 12), hours=24, time_zone="Asia/Jerusalem")
    assert found.isoformat() == "2026-03-27T13:00:00+03:00"
    # Havana's weekend change does not touch the clock that stands still.
    found = contact_deadline(local("America/Havana", 2026, 3, 6, 12), hours=24, time_zone="America/Havana")
    assert found.isoformat() == "2026-03-09T12:00:00-04:00"


@pytest.mark.parametrize(
    ("created", "hours", "due"),
    [
        ((2026, 11, 20, 10, 0), 1, "2026-11-20T11:00:00+08:00"),
        ((2026, 11, 20, 16, 30), 1, "2026-11-23T09:30:00+08:00"),
        ((2026, 11, 20, 17, 0), 1, "2026-11-23T10:00:00+08:00"),
        ((2026, 11, 20, 22, 0), 4, "2026-11-23T13:00:00+08:00"),
        ((2026, 11, 21, 12, 0), 1, "2026-11-23T10:00:00+08:00"),
        ((2026, 11, 20, 8, 0), 4, "2026-11-20T13:00:00+08:00"),
        ((2026, 11, 20, 9, 0), 8, "2026-11-20T17:00:00+08:00"),
        ((2026, 11, 20, 9, 0), 9, "2026-11-23T10:00:00+08:00"),
    ],
)
def test_the_first_answer_is_due_in_opening_hours(created: tuple[int, ...], hours: int, due: str) -> None:
    found = acknowledge_deadline(local(SHANGHAI, *created), hours=hours, time_zone=SHANGHAI)
    assert found.isoformat() == due


def test_a_branch_open_on_saturday_answers_on_saturday() -> None:
    found = acknowledge_deadline(
        local(SHANGHAI, 2026, 11, 20, 18),
        calendar=Calendar(OpeningHours("10:00", "15:30", "123456")),
        hours=1,
        time_zone=SHANGHAI,
    )
    assert found.isoformat() == "2026-11-21T11:00:00+08:00"


def test_resolving_takes_five_business_days() -> None:
    found = resolve_deadline(local(SHANGHAI, 2026, 11, 20, 14, 30), time_zone=SHANGHAI)
    assert found.isoformat() == "2026-11-27T14:30:00+08:00"
    found = resolve_deadline(local(SHANGHAI, 2026, 11, 21, 14, 30), time_zone=SHANGHAI, business_days=1)
    assert found.isoformat() == "2026-11-24T00:00:00+08:00"


def test_a_case_knows_all_its_deadlines() -> None:
    created = local(SHANGHAI, 2026, 11, 20, 14, 12)
    urgent = deadlines(1, True, created=created, time_zone=SHANGHAI)
    assert urgent.acknowledge_by == local(SHANGHAI, 2026, 11, 20, 15, 12)
    assert urgent.half_time_at == local(SHANGHAI, 2026, 11, 23, 2, 12)
    assert urgent.contact_by == local(SHANGHAI, 2026, 11, 23, 14, 12)
    assert urgent.resolve_by == local(SHANGHAI, 2026, 11, 27, 14, 12)
    calm = deadlines(3, False, created=created, time_zone=SHANGHAI)
    assert calm.acknowledge_by == local(SHANGHAI, 2026, 11, 23, 10, 12)
    assert calm.contact_by == local(SHANGHAI, 2026, 11, 24, 14, 12)
    assert all(due.utcoffset() == timedelta(0) for due in (urgent.acknowledge_by, urgent.contact_by))
    brisk = ClockPolicy(contact_hours=2, resolve_business_days=1)
    assert deadlines(3, False, created=created, time_zone=SHANGHAI, policy=brisk).contact_by == created + timedelta(
        hours=2
    )


def test_a_branch_that_never_opens_is_misuse() -> None:
    with pytest.raises(ValueError, match="opening hours"):
        deadlines(1, True, created=local(SHANGHAI, 2026, 11, 20, 14), time_zone=SHANGHAI, calendar=NEVER)


instants = st.integers(946_684_800, 2_051_222_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
zones = st.sampled_from([SHANGHAI, "Australia/Lord_Howe", "America/Mexico_City", "Europe/Lisbon", "America/Santiago"])


@given(instants, zones, st.sampled_from([1, 2, 3, 4]), st.booleans())
def test_deadlines_stand_in_their_order(created: datetime, zone: str, priority: int, critical: bool) -> None:
    found = deadlines(priority, critical, created=created, time_zone=zone)
    assert created < found.half_time_at < found.contact_by < found.resolve_by
    assert created < found.acknowledge_by
    opened = found.acknowledge_by.astimezone(ZoneInfo(zone))
    assert opened.isoweekday() <= 5
    assert 9 <= opened.hour <= 17
    assert found.contact_by - created <= timedelta(hours=97.5 + 24)


@given(instants, zones, st.integers(1, 60), st.integers(1, 60))
def test_running_in_two_parts_is_running_in_one(created: datetime, zone: str, first: int, then: int) -> None:
    half_way = contact_deadline(created, hours=first, time_zone=zone)
    whole = contact_deadline(created, hours=first + then, time_zone=zone)
    assert contact_deadline(half_way, hours=then, time_zone=zone).astimezone(UTC) == whole.astimezone(UTC)


@pytest.mark.parametrize(
    ("deeds", "state"),
    [
        (["acknowledge", "contact", "resolve", "close"], State.CLOSED),
        (["contact", "resolve"], State.RESOLVED),
        (["resolve"], State.RESOLVED),
        (["acknowledge", "contact", "contact"], State.CONTACTED),
        (["dismiss"], State.DISMISSED),
        (["dismiss", "reopen"], State.REOPENED),
        (["acknowledge", "hand_up"], State.OPEN),
        (["acknowledge", "hand_over", "acknowledge"], State.ACKNOWLEDGED),
        (["contact", "hand_up"], State.CONTACTED),
        (["resolve", "reopen", "acknowledge", "contact", "resolve", "close", "reopen"], State.REOPENED),
        (["resolve", "reopen", "hand_up"], State.REOPENED),
    ],
)
def test_a_case_lives_its_life(deeds: list[str], state: State) -> None:
    found = State.OPEN
    for deed in deeds:
        found = apply(found, deed)
    assert found is state


@pytest.mark.parametrize(
    ("state", "deed"),
    [
        ("acknowledged", "acknowledge"),
        ("open", "close"),
        ("contacted", "dismiss"),
        ("contacted", "acknowledge"),
        ("closed", "resolve"),
        ("closed", "contact"),
        ("dismissed", "acknowledge"),
        ("resolved", "resolve"),
        ("resolved", "hand_up"),
        ("open", "reopen"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(state: str, deed: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        apply(state, deed)
    assert refused.value.code == f"case_{state}"
    assert refused.value.message.endswith(".")


def test_every_state_answers_every_deed() -> None:
    for state, deed in product(State, Deed):
        if (state, deed) in TRANSITIONS:
            assert apply(state, deed) in State
        else:
            with pytest.raises(NotAllowed):
                apply(state, deed)
    with pytest.raises(ValueError, match="asleep"):
        apply("asleep", "close")


def test_only_a_finished_case_is_not_live() -> None:
    assert set(State) - LIVE == {State.RESOLVED, State.CLOSED, State.DISMISSED}


def test_a_breach_hands_up_one_level_and_stops_at_the_region() -> None:
    assert LEVELS == ("owner", "deputy", "branch_manager", "region")
    assert [next_level(level) for level in range(4)] == [1, 2, 3, None]


@pytest.mark.parametrize("kind", RANGE)
def test_a_score_alone_calls_for_somebody_when_it_is_low_and_never_else(kind: Kind) -> None:
    """A good score by text is seen through without a review, which would find nothing to do."""
    low, high = RANGE[kind]
    for value in range(low, high + 1):
        assert triage(TriageFacts(kind=kind, rating=value)).escalate is (band(kind, value) is Band.LOW)
