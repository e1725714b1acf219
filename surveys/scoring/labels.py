"""What a person may say a comment means, and the polarity each label stands for. Pure."""

LABELS = ("very_negative", "negative", "neutral", "positive", "very_positive", "mixed")
NO_OPINION = "none"
CHOICES = (*LABELS, NO_OPINION)

# The middle of what the scorer calls by that word; no opinion is no signal, which is not neutral.
POLARITY: dict[str, float | None] = {
    "very_negative": -0.9,
    "negative": -0.5,
    "neutral": 0.0,
    "positive": 0.5,
    "very_positive": 0.9,
    "mixed": 0.0,
    NO_OPINION: None,
}
UNHAPPY = frozenset({"very_negative", "negative", "mixed"})

# What a word may mean to a company, whatever it means elsewhere.
MEANINGS = ("praise", "criticism", "nothing")


def told_label(label: str) -> str | None:
    """The label as a score carries it: none for no opinion."""
    return None if label == NO_OPINION else label


def meaning_of(label: str) -> str:
    """What a word means that made a comment so."""
    if label.endswith("positive"):
        return "praise"
    return "criticism" if label.endswith("negative") else "nothing"


def unhappier(before: str | None, label: str) -> bool:
    """Whether a label says that somebody is unhappy, or very, where another one did not."""
    grown = label == "very_negative" and before != label
    return grown or (label in UNHAPPY and before not in UNHAPPY)
