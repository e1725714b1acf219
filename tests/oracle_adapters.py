"""The adapter table: which function puts the cases of a group to the product."""

from tests import oracle_answers as answers
from tests import oracle_customers as customers
from tests import oracle_doors as doors
from tests import oracle_risk as risk
from tests.oracles import Adapter

ADAPTERS: dict[str, Adapter] = {
    "rfm": customers.rfm,
    "abc": customers.abc,
    "clv": customers.clv_group,
    "nps": answers.nps,
    "csat": answers.csat,
    "ces": answers.ces,
    "two_proportions": answers.two_proportions,
    "nps_difference": answers.nps_difference,
    "nps_sample_size": answers.nps_sample_size,
    "nps_mde_80pct_power": answers.nps_mde,
    "multiple_testing": answers.multiple_testing,
    "eb_beta_binomial": answers.eb_beta_binomial,
    "eb_nps_normal_normal": answers.eb_nps,
    "response_rates": answers.response_rates,
    "weighting": answers.weighting_group,
    "p_chart": risk.p_chart,
    "ewma": risk.ewma,
    "cusum": risk.cusum,
    "arl": risk.arl,
    "key_driver": risk.key_driver,
    "pr_tiers": customers.pr_tiers,
    "churn_scorecard": risk.churn_scorecard,
    "silence": risk.silence,
    "map_logistic": risk.map_logistic,
    "calibration": risk.calibration_group,
    "psi": risk.psi,
    "escalation_order": risk.escalation_order,
    "suppression": answers.suppression_group,
    "contact_policy": doors.contact_policy,
    "opt_out_keywords": doors.opt_out_keywords,
    "sla": doors.sla,
    "replies": doors.replies,
}
