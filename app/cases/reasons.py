"""Why a case is urgent, in words for people. Pure."""

from collections.abc import Collection

from notifications.texts import spoken

REASONS = {
    "very_low_score": {"en": "a very low score", "zh-Hans": "评分很低"},
    "low_score": {"en": "a low score", "zh-Hans": "评分低"},
    "complaint": {"en": "a complaint", "zh-Hans": "投诉"},
    "self_harm": {"en": "speaks of harming themselves", "zh-Hans": "提到轻生"},
    "fraud_safety": {"en": "fraud or safety", "zh-Hans": "涉及诈骗或安全"},
    "discrimination": {"en": "feels discriminated against", "zh-Hans": "感到被歧视"},
    "legal_threat": {"en": "speaks of the law", "zh-Hans": "提到法律途径"},
    "intent_to_leave": {"en": "says they will leave", "zh-Hans": "表示要离开"},
    "anger": {"en": "is angry", "zh-Hans": "情绪激动"},
    "call_request": {"en": "asks to be called", "zh-Hans": "要求回电"},
    "very_negative_words": {"en": "very negative words", "zh-Hans": "措辞很不满"},
    "score_text_conflict": {"en": "number and words disagree", "zh-Hans": "评分与文字不一致"},
    "most_valuable": {"en": "a most valuable customer", "zh-Hans": "最有价值客户"},
    "likely_to_leave": {"en": "likely to leave", "zh-Hans": "很可能流失"},
    "value_at_risk": {"en": "much value at stake", "zh-Hans": "可能损失较大"},
    "not_put_right": {"en": "says it is not put right", "zh-Hans": "说问题没解决"},
}

SIGNS = {
    "complaint_90d": {"en": "a complaint in the last 90 days", "zh-Hans": "90天内有投诉"},
    "open_case_overdue": {"en": "an overdue case", "zh-Hans": "有逾期未办的事"},
    "detractor": {"en": "gave a low score", "zh-Hans": "评分低"},
    "promoter": {"en": "gave a high score", "zh-Hans": "评分高"},
    "sat_drop2": {"en": "was much happier before", "zh-Hans": "比上次明显不满"},
    "neg_sentiment": {"en": "negative words", "zh-Hans": "措辞不满"},
    "silence_lt20": {"en": "unusually quiet", "zh-Hans": "比平时少来"},
    "silence_lt05": {"en": "very unusually quiet", "zh-Hans": "很久没来"},
    "tenure5": {"en": "with us for five years or more", "zh-Hans": "五年以上老客户"},
}


def reason_words(reasons: Collection[str], language: str) -> str:
    """All reasons as one phrase, the heaviest first."""
    tongue = spoken(language)
    said = [REASONS.get(reason, {}).get(tongue, reason) for reason in reasons]
    return ("，" if tongue == "zh-Hans" else ", ").join(said)


def short_reason(reasons: Collection[str], language: str) -> str:
    """The heaviest reason alone: what a text has room for."""
    return reason_words(list(reasons)[:1], language)
