"""A company that labels comments with its own themes gets a model that knows them."""

from surveys.scoring.learned_themes import LearnedThemes, micro_f1
from surveys.scoring.training.themes import fit_themes

LABELLED = [
    (frozenset({"lounge"}), "the lounge coffee was cold today"),
    (frozenset({"parking"}), "the parking garage was full today"),
    (frozenset({"lounge", "parking"}), "lounge coffee fine, parking garage dark"),
    (frozenset[str](), "nothing much to say about it today"),
] * 8


def test_a_model_learns_the_themes_it_was_shown() -> None:
    model = fit_themes(LABELLED, language="en", version="mine-1")
    assert model.themes_of("cold coffee in the lounge") == {"lounge"}
    assert model.themes_of("the parking garage is full") == {"parking"}
    assert model.themes_of("停车场满了") == frozenset()


def test_a_stored_model_says_the_same() -> None:
    model = fit_themes(LABELLED, language="en", version="mine-1")
    again = LearnedThemes.from_json(model.to_json())
    assert again == model


def test_micro_f1_counts_all_decisions_together() -> None:
    assert micro_f1([frozenset("ab"), frozenset("c")], [frozenset("a"), frozenset("cd")]) == 2 * 2 / (3 + 3)
    assert micro_f1([frozenset()], [frozenset()]) == 0.0
