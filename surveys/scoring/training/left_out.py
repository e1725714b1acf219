"""How the recipe does on a kind of text it never saw: each family is left out of training and then judged."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from surveys.scoring.corpus import Example
from surveys.scoring.language import fold
from surveys.scoring.measures import auc, auc_interval
from surveys.scoring.model import LinearModel, unpack
from surveys.scoring.polarity import shares
from surveys.scoring.training.design import Design, design
from surveys.scoring.training.recipe import FOLD_ROUNDS, RECIPES, Recipe, compact, fit


def left_out_table(train: Sequence[Example], judged: Sequence[Example], *, language: str) -> list[str]:
    """A Markdown table: for each family of the judged texts, the AUC of a model that never saw the family.

    The linear model alone, uncalibrated, without the tables of short answers and the mending of spelling.
    """
    lines = ["| family left out | n | AUC (95 %) |", "|---|---|---|"]
    areas = []
    for family, model, recipe in _models(train, sorted({example.family for example in judged}), language=language):
        rows = [example for example in judged if example.family == family]
        bad = [example.label == -1 for example in rows]
        area = auc(bad, [-_polarity(model, recipe.extract, example.text) for example in rows])
        if area is None:
            continue
        low, high = auc_interval(area, sum(bad), len(bad) - sum(bad))
        lines.append(f"| {family} | {len(rows)} | {area:.3f} ({low:.3f}-{high:.3f}) |")
        areas.append(area)
    return [*lines, "", f"Mean over {len(areas)} families: {sum(areas) / max(len(areas), 1):.3f}."]


def _models(
    train: Sequence[Example], families: Sequence[str], *, language: str
) -> Iterator[tuple[str, LinearModel, Recipe]]:
    recipe = RECIPES[language]
    matter = design(
        [fold(example.text) for example in train], recipe.extract, language=language, at_least=recipe.at_least
    )
    labels = np.array([example.label for example in train])
    for family in families:
        inside = np.array([example.family != family for example in train])
        lines = fit(
            Design(matter.names, matter.rows[inside], matter.shared), labels[inside], recipe, rounds=FOLD_ROUNDS
        )
        yield family, unpack(compact(matter, lines, recipe, f"without {family}")), recipe


def _polarity(model: LinearModel, extract: Callable[[str], set[str]], text: str) -> float:
    negative, positive = shares(*model.logits(extract(fold(text))))
    return positive - negative
