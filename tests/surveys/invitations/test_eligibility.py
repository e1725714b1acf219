"""Whom we ask, and whom we leave in peace, with the reason in words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.invitations.eligibility import (
    Decision,
    Eligibility,
    Facts,
    Policy,
    Rule,
    RuleResult,
    Verdict,
    contact_decision,
    eligibility,
    may_remind,
)

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, a Friday
NIGHT = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)  # 22:00
VISIT = Facts(
    programme="visit",
    time_zone="Asia/Shanghai",
    place="CN",
    occurred_at=NOON - timedelta(minutes=5),
    sample_key="core:T-1001",
)


def days(number: float) -> timedelta:
    return timedelta(days=number)


def said(found: Eligibility, rule: Rule) -> RuleResult:
    return next(result for result in found.rules if result.rule is rule)


def test_a_customer_served_at_noon_is_asked_at_once() -> None:
    found = eligibility(VISIT, Policy(), now=NOON)
    assert (found.decision, found.send_at, found.stops) == (Decision.SCHEDULED, NOON, ())
    assert [result.rule for result in found.rules] == list(Rule)
    assert all(result.verdict is Verdict.PASS and result.detail for result in found.rules)


@pytest.mark.parametrize(
    ("change", "rule", "detail"),
    [
        ({"programme": None}, Rule.NO_PROGRAMME, "no live programme asks about this"),
        ({"opted_out": True}, Rule.OPTED_OUT, "this number asked us to stop"),
        ({"consent": False}, Rule.NO_CONSENT, "no consent is on record"),
        ({"has_channel": False}, Rule.NO_CHANNEL, "no number that takes texts is known"),
        ({"last_invited_at": NOON - days(12)}, Rule.FREQUENCY_CAP, "asked 12 days ago; the limit is 90 days"),
        ({"last_answered_at": NOON - days(12)}, Rule.FREQUENCY_CAP, "answered 12 days ago; the limit is 90 days"),
        ({"open_case": True}, Rule.OPEN_CASE, "a case of this customer is open"),
        ({"hold": "ATM failure"}, Rule.HOLD, "held: ATM failure"),
        ({"occurred_at": NOON - timedelta(hours=73)}, Rule.STALE_EVENT, "happened 73 hours ago; the limit is 72 hours"),
    ],
)
def test_one_reason_is_enough_not_to_ask(change: dict[str, object], rule: Rule, detail: str) -> None:
    found = eligibility(replace(VISIT, **change), Policy(), now=NOON)  # type: ignore[arg-type]
    assert (found.decision, found.send_at, found.stops) == (Decision.SKIPPED, None, (rule,))
    assert said(found, rule).detail == detail
    assert len(found.rules) == len(Rule)


def test_every_reason_is_kept_not_only_the_first() -> None:
    facts = replace(VISIT, opted_out=True, open_case=True, last_invited_at=NOON - days(1), hold="storm")
    found = eligibility(facts, Policy(sampling_rate=0), now=NOON)
    assert found.stops == (Rule.OPTED_OUT, Rule.FREQUENCY_CAP, Rule.OPEN_CASE, Rule.HOLD, Rule.SAMPLING)


@pytest.mark.parametrize(("ago", "asked"), [(90, True), (89.999, False), (0, False), (-1, False), (400, True)])
def test_the_cap_ends_after_ninety_whole_days(ago: float, asked: bool) -> None:
    found = eligibility(replace(VISIT, last_invited_at=NOON - days(ago)), Policy(), now=NOON)
    assert (found.decision is Decision.SCHEDULED) is asked


def test_a_relationship_survey_keeps_the_longer_distance() -> None:
    for facts in (replace(VISIT, last_invited_at=NOON - days(100)), replace(VISIT, last_answered_at=NOON - days(100))):
        assert eligibility(facts, Policy(), now=NOON).decision is Decision.SCHEDULED
        found = eligibility(facts, Policy(relationship=True), now=NOON)
        assert found.stops == (Rule.FREQUENCY_CAP,)
        assert "180 days" in said(found, Rule.FREQUENCY_CAP).detail


def test_the_recovery_question_is_owed_but_never_to_one_who_opted_out() -> None:
    facts = replace(VISIT, exempt_from_caps=True, last_invited_at=NOON - days(3), last_answered_at=NOON - days(3))
    strict = Policy(sampling_rate=0, quota=0)
    assert eligibility(facts, strict, now=NOON).decision is Decision.SCHEDULED
    assert eligibility(replace(facts, opted_out=True), strict, now=NOON).stops == (Rule.OPTED_OUT,)


def test_a_complaint_passes_sampling_quota_and_drip_and_nothing_else() -> None:
    strict = Policy(sampling_rate=0, quota=5, drip_per_day=5)
    facts = replace(VISIT, sent_today=5, taken=(NOON,))
    assert eligibility(facts, strict, now=NOON).stops == (Rule.SAMPLING, Rule.QUOTA)
    complaint = replace(facts, complaint=True)
    assert eligibility(complaint, strict, now=NOON).send_at == NOON
    for change in ({"last_invited_at": NOON - days(2)}, {"hold": "storm"}, {"opted_out": True}, {"open_case": True}):
        assert eligibility(replace(complaint, **change), strict, now=NOON).decision is Decision.SKIPPED
    assert said(eligibility(complaint, strict, now=NIGHT), Rule.QUIET_HOURS).verdict is Verdict.DEFER


def test_a_second_survey_waits_for_the_conversation_on_that_number_to_end_and_not_for_ever() -> None:
    talking = replace(VISIT, open_conversation=True)
    found = eligibility(talking, Policy(), now=NOON)
    assert (found.decision, found.send_at) == (Decision.SCHEDULED, NOON + timedelta(hours=1))
    assert said(found, Rule.OPEN_CONVERSATION).verdict is Verdict.DEFER
    assert may_remind(talking, Policy(), now=NOON).send_at == NOON + timedelta(hours=1)
    old = eligibility(replace(talking, occurred_at=NOON - timedelta(hours=71, minutes=30)), Policy(), now=NOON)
    assert old.stops == (Rule.STALE_EVENT,)
    assert "when the conversation is looked at again" in said(old, Rule.STALE_EVENT).detail


def test_what_is_owed_takes_the_place_of_an_unanswered_survey() -> None:
    facts = replace(VISIT, open_conversation=True, exempt_from_caps=True)
    found = eligibility(facts, Policy(), now=NOON)
    assert found.decision is Decision.SCHEDULED
    assert said(found, Rule.OPEN_CONVERSATION).detail == "the unanswered survey is replaced by this one"


def test_at_night_the_question_waits_for_the_morning() -> None:
    found = eligibility(replace(VISIT, occurred_at=NIGHT), Policy(), now=NIGHT)
    assert (found.decision, found.send_at) == (Decision.SCHEDULED, datetime(2026, 11, 21, 2, 0, tzinfo=UTC))
    assert said(found, Rule.QUIET_HOURS) == RuleResult(
        Rule.QUIET_HOURS, Verdict.DEFER, "2026-11-20 22:00 is outside hours; waits until 2026-11-21 10:00"
    )


def test_what_would_be_stale_by_morning_is_not_asked() -> None:
    found = eligibility(replace(VISIT, occurred_at=NIGHT - timedelta(hours=71)), Policy(), now=NIGHT)
    assert found.stops == (Rule.QUIET_HOURS,)
    assert said(found, Rule.QUIET_HOURS).detail == (
        "2026-11-20 22:00 is outside hours; hours open at 2026-11-21 10:00, when the event is too old"
    )


def test_seventy_two_hours_sharp_is_not_stale() -> None:
    assert eligibility(replace(VISIT, occurred_at=NOON - days(3)), Policy(), now=NOON).decision is Decision.SCHEDULED


def test_a_delay_moves_the_question_and_may_make_it_stale() -> None:
    later = replace(VISIT, not_before=NOON + timedelta(hours=1))
    assert eligibility(later, Policy(), now=NOON).send_at == NOON + timedelta(hours=1)
    found = eligibility(replace(VISIT, not_before=NOON + days(4)), Policy(), now=NOON)
    assert found.stops == (Rule.STALE_EVENT,)
    assert "after the programme's delay; the limit is 72 hours" in said(found, Rule.STALE_EVENT).detail


HOUR = timedelta(hours=1)
TEN_A_DAY = Policy(drip_per_day=10)  # ten hours a day: one an hour


def test_the_drip_gives_the_first_free_slot_however_far_ahead_others_are_planned() -> None:
    tomorrow = NOON + days(1)
    found = eligibility(replace(VISIT, taken=(tomorrow, NOON, NOON + HOUR)), TEN_A_DAY, now=NOON)
    assert found.send_at == NOON + 2 * HOUR
    assert said(found, Rule.DRIP).detail == "the next slot is 2026-11-20 14:00; the branch asks 10 a day"
    assert said(found, Rule.QUIET_HOURS).verdict is Verdict.PASS
    between = replace(VISIT, taken=(tomorrow, NOON - HOUR, NOON + HOUR))
    assert eligibility(between, TEN_A_DAY, now=NOON).send_at == NOON


def test_after_the_last_free_slot_of_a_day_the_morning_is_shared_out_too() -> None:
    ten = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    found = eligibility(replace(VISIT, occurred_at=NIGHT, taken=(ten,)), TEN_A_DAY, now=NIGHT)
    assert found.send_at == ten + HOUR
    assert [said(found, rule).verdict for rule in (Rule.DRIP, Rule.QUIET_HOURS)] == [Verdict.DEFER, Verdict.DEFER]
    full = tuple(NOON + number * HOUR for number in range(8))  # 12:00 to 19:00
    assert eligibility(replace(VISIT, taken=full), TEN_A_DAY, now=NOON).send_at == ten


def test_a_slot_that_comes_too_late_is_not_taken() -> None:
    every = tuple(NOON + number * HOUR for number in range(80))
    found = eligibility(replace(VISIT, taken=every), TEN_A_DAY, now=NOON)
    assert found.stops == (Rule.DRIP,)
    assert "is too late; the branch asks 10 a day" in said(found, Rule.DRIP).detail


def test_the_reminder_is_not_held_back_by_what_spaces_first_texts() -> None:
    asked = replace(
        VISIT,
        occurred_at=NOON - days(4),
        not_before=NOON + HOUR,
        last_invited_at=NOON - days(1),
        last_answered_at=NOON - days(1),
        sent_today=9,
        taken=(NOON,),
    )
    strict = Policy(sampling_rate=0, quota=1, drip_per_day=10)
    assert may_remind(asked, strict, now=NOON).send_at == NOON


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"programme": None}, Rule.NO_PROGRAMME),
        ({"opted_out": True}, Rule.OPTED_OUT),
        ({"consent": False}, Rule.NO_CONSENT),
        ({"has_channel": False}, Rule.NO_CHANNEL),
        ({"open_case": True}, Rule.OPEN_CASE),
        ({"hold": "storm"}, Rule.HOLD),
    ],
)
def test_whoever_may_not_be_asked_is_not_reminded_either(change: dict[str, object], rule: Rule) -> None:
    assert may_remind(replace(VISIT, **change), Policy(), now=NOON).stops == (rule,)  # type: ignore[arg-type]


def test_the_reminder_keeps_to_the_programme_s_own_days_and_hours() -> None:
    sunday = NOON + days(2)
    found = may_remind(VISIT, Policy(weekdays=range(5), company_hours=(13, 15)), now=sunday)
    assert found.send_at == datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def test_a_full_quota_stops() -> None:
    found = eligibility(replace(VISIT, sent_today=20), Policy(quota=20), now=NOON)
    assert said(found, Rule.QUOTA) == RuleResult(Rule.QUOTA, Verdict.STOP, "20 of 20 sent today")
    assert eligibility(replace(VISIT, sent_today=19), Policy(quota=20), now=NOON).decision is Decision.SCHEDULED


def test_holidays_and_weekdays_defer() -> None:
    found = eligibility(replace(VISIT, holidays={date(2026, 11, 20)}), Policy(), now=NOON)
    assert found.send_at == datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    found = eligibility(replace(VISIT, holidays={date(2026, 11, 20)}), Policy(weekdays=range(5)), now=NOON)
    assert found.send_at == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_hours_that_never_meet_are_a_stop_with_what_to_change() -> None:
    found = eligibility(VISIT, Policy(company_hours=(21, 23)), now=NOON)
    assert found.stops == (Rule.QUIET_HOURS,)
    assert "widen" in said(found, Rule.QUIET_HOURS).detail


moments = st.none() | st.integers(-200 * 24, 10 * 24).map(lambda hours: NOON + timedelta(hours=hours))
everyone = st.builds(
    Facts,
    programme=st.sampled_from([None, "visit"]),
    time_zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
    place=st.sampled_from([None, "CN", "US-TX", "FR", "XX"]),
    complaint=st.booleans(),
    opted_out=st.booleans(),
    consent=st.booleans(),
    has_channel=st.booleans(),
    last_invited_at=moments,
    last_answered_at=moments,
    open_conversation=st.booleans(),
    open_case=st.booleans(),
    hold=st.sampled_from([None, "storm"]),
    occurred_at=moments,
    not_before=moments,
    sample_key=st.text(max_size=5),
    sent_today=st.integers(0, 9),
    taken=st.lists(moments.filter(bool), max_size=5),
    exempt_from_caps=st.booleans(),
)


@given(everyone, st.floats(0, 1), st.none() | st.integers(0, 9), st.none() | st.integers(1, 20))
def test_any_facts_get_one_consistent_decision(facts: Facts, rate: float, quota: int | None, drip: int | None) -> None:
    policy = Policy(sampling_rate=rate, quota=quota, drip_per_day=drip)
    found = eligibility(facts, policy, now=NOON)
    assert [result.rule for result in found.rules] == list(Rule)
    assert all(result.detail for result in found.rules)
    assert (found.decision is Decision.SKIPPED) == bool(found.stops) == (found.send_at is None)
    if facts.opted_out:
        assert found.decision is Decision.SKIPPED
    if found.send_at is not None:
        assert found.send_at >= NOON
        assert found.send_at.utcoffset() == timedelta(0)
        if facts.occurred_at is not None:
            assert found.send_at <= facts.occurred_at + timedelta(hours=72)
        later = eligibility(facts, policy, now=found.send_at)
        assert later.send_at == found.send_at or Rule.FREQUENCY_CAP in later.stops
        assert said(later, Rule.QUIET_HOURS).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("changes", "decision", "reason", "at"),
    [
        ({}, "send", "ok", "2026-11-20T12:00:00+08:00"),
        ({"opted_out": True, "consent": False}, "deny", "opted_out", None),
        ({"consent": False}, "deny", "no_consent", None),
        ({"last_survey": NOON - days(89)}, "deny", "frequency_cap", None),
        ({"last_survey": NOON - days(90)}, "send", "ok", "2026-11-20T12:00:00+08:00"),
        ({"event": NOON - days(3.1)}, "deny", "stale_event", None),
        ({"now": NIGHT}, "defer", "quiet_hours", "2026-11-21T10:00:00+08:00"),
        ({"now": NIGHT, "event": NIGHT - timedelta(hours=71)}, "deny", "stale_before_window", None),
        ({"windows": {"CN": [(15, 16)] * 7}}, "defer", "quiet_hours", "2026-11-20T15:00:00+08:00"),
    ],
)
def test_the_plain_contact_policy_follows_the_same_rules(
    changes: dict[str, object], decision: str, reason: str, at: str | None
) -> None:
    asked = {"now": NOON, "time_zone": "Asia/Shanghai", "jurisdiction": "CN", "consent": True, "opted_out": False}
    found = contact_decision(**{**asked, **changes})  # type: ignore[arg-type]
    assert (found.decision, found.reason) == (decision, reason)
    assert (found.at_local.isoformat() if found.at_local else None) == at
