"""What customers are worth and how likely they are to leave."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.insights import buying, calibration, churn, clv, segmentation
from app.insights.segmentation import AbcClass, Buying, Segment, Tier, Worth


def test_equal_customers_always_score_alike_and_nobody_is_no_trouble() -> None:
    twins = [Buying("a", 10, 3, 50), Buying("b", 10, 3, 50), Buying("c", 300, 1, 5)]
    first, second, _ = segmentation.rfm(twins)
    assert (first.recency, first.frequency, first.monetary) == (second.recency, second.frequency, second.monetary)
    assert segmentation.rfm([]) == []


def test_a_customer_seen_yesterday_and_often_is_a_champion_and_one_long_gone_is_lost() -> None:
    people = [Buying(str(i), 3 * i, 20 - i, 100) for i in range(20)]
    scored = segmentation.rfm(people)
    assert scored[0].segment is Segment.CHAMPIONS
    assert scored[-1].segment is Segment.LOST


@given(st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=60))
def test_abc_puts_everybody_somewhere_and_a_before_b_before_c(values: list[float]) -> None:
    classed = segmentation.abc((str(i), v) for i, v in enumerate(values))
    order = [one.cls for one in classed]
    assert len(order) == len(values)
    assert order == sorted(order)
    assert all((one.value <= 0) == (one.cls is AbcClass.Z) for one in classed)


def test_one_customer_who_is_all_the_value_is_class_a() -> None:
    assert segmentation.abc([("whale", 1000.0), ("minnow", 1.0)])[0].cls is AbcClass.A


def test_tiers_without_any_profitable_customer_still_tell_them_apart() -> None:
    found = segmentation.tiers([Worth("a", -5, -1), Worth("b", -5, 40), Worth("c", 0, 0)])
    assert found == {"a": Tier.BZ, "b": Tier.MIGRATOR, "c": Tier.STANDARD}


def test_the_fit_finds_again_the_model_its_customers_were_drawn_from() -> None:
    import numpy as np

    draw = np.random.default_rng(5)
    true = buying.BgNbd(0.6, 6.0, 0.9, 2.5)
    x, t_x, seen = [], [], []
    for _ in range(4000):
        rate, leave = draw.gamma(true.r, 1 / true.alpha), draw.beta(true.a, true.b)
        clock, last, count = 0.0, 0.0, 0
        while True:
            clock += draw.exponential(1 / rate)
            if clock > 52:
                break
            count, last = count + 1, clock
            if draw.random() < leave:
                break
        x.append(count)
        t_x.append(last)
        seen.append(52.0)
    found = buying.fit_bg_nbd(x, t_x, seen)
    assert found.r == pytest.approx(true.r, rel=0.15)
    assert found.alpha == pytest.approx(true.alpha, rel=0.2)
    assert found.a / (found.a + found.b) == pytest.approx(true.a / (true.a + true.b), rel=0.15)


def test_who_never_came_back_is_surely_alive_to_the_model_so_silence_must_be_asked_too() -> None:
    model = buying.BgNbd(0.243, 4.414, 0.793, 2.426)
    assert float(model.p_alive(0, 0, 300)) == 1
    assert float(model.p_inactive(13, 0, 0, 300)) > 0.98


def test_purchases_of_one_day_are_one_and_later_ones_are_not_seen() -> None:
    bought = [(100, 10.0), (100, 5.0), (114, 20.0), (114, 4.0), (128, 6.0), (400, 99.0)]
    found = buying.history(bought, until=170)
    assert found == buying.History(2, 4.0, 10.0, 15.0)
    assert buying.history([(400, 99.0)], until=170) is None


def test_the_chances_of_all_counts_add_up_to_one() -> None:
    model = buying.BgNbd(0.6, 6.0, 0.9, 2.5)
    assert sum(model.pmf(n, 20) for n in range(400)) == pytest.approx(1, abs=1e-6)


def test_the_expectation_is_smooth_where_its_formula_has_a_gap() -> None:
    near = [float(buying.BgNbd(0.6, 6.0, a, 2.5).expected(10, 3, 20, 30)) for a in (1 - 1e-4, 1.0, 1 + 1e-4)]
    assert near[1] == pytest.approx((near[0] + near[2]) / 2, rel=1e-4)


def test_a_discount_that_never_ends_is_misuse() -> None:
    with pytest.raises(ValueError, match="finite"):
        clv.clv_after_renewal(100, retention=1.0, discount=0.0)


def test_the_scorecard_names_what_raises_the_risk_first() -> None:
    risk = churn.churn_risk({"promoter": 1, "complaint_90d": 1, "neg_sentiment": 1, "silence_lt20": 1})
    assert risk.reasons == ("complaint_90d", "silence_lt20", "neg_sentiment")
    assert churn.churn_risk({}).p == pytest.approx(churn.base_rate())


def test_kind_words_never_take_risk_away_and_an_unknown_sign_is_refused() -> None:
    assert churn.churn_risk({"detractor": 1, "neg_sentiment": 0}) == churn.churn_risk({"detractor": 1})
    with pytest.raises(KeyError, match="horoscope"):
        churn.churn_risk({"horoscope": 1})


def test_outcomes_move_a_prior_and_no_outcomes_leave_it() -> None:
    still = churn.learn_weights([], [], prior_mean=[-2.0], prior_sd=[1.0])
    assert still.beta == pytest.approx((-2.0,))
    moved = churn.learn_weights([[1], [1], [0], [0]] * 20, [1, 1, 0, 0] * 20, prior_mean=[-2, 0], prior_sd=[1, 1])
    assert moved.beta[1] > 1


def test_calibration_of_a_perfect_and_of_a_useless_card() -> None:
    assert calibration.auc([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]) == 1
    assert calibration.auc([0.5, 0.5, 0.5], [0, 1, 1]) == 0.5
    assert calibration.auc([0.5], [1]) is None
    assert math.isfinite(calibration.log_loss([0.0, 1.0], [1, 0]))
    assert [calibration.stability_band(v) for v in (0.05, 0.2, 0.3)] == ["stable", "watch", "shift"]
