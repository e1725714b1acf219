"""Labelled comments from a folder of gzipped TSV files: `label<TAB>text`, label in neg, neu, pos. Pure.

A README.md in the folder may hold a table with the columns "file", "licence" and "class"; class A may be
redistributed.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LABELS = {"neg": -1, "neu": 0, "pos": 1}

# Sources that share a kind of text: leaving one out means leaving its whole family out.
_FAMILIES = {
    "en_acos_rest16": "restaurants",
    "en_mams": "restaurants",
    "en_uci_yelp": "restaurants",
    "en_acos_laptop": "laptops",
    "en_airline": "airline",
    "en_alexa": "alexa",
    "en_bankapp": "bank apps",
    "en_nhs": "hospitals",
    "en_sst2": "films",
    "en_uci_imdb": "films",
    "en_vader_movie": "films",
    "en_tweeteval": "tweets",
    "en_vader_tweets": "tweets",
    "en_crowdflower": "tweets",
    "en_uci_amazon": "products",
    "en_custrev": "products",
    "en_vader_amazon": "products",
    "en_hotel": "hotels",
    "en_vader_nyt": "editorials",
    "zh_apc_hair": "cosmetics",
    "zh_cosmetics": "cosmetics",
    "zh_apc": "devices",
    "zh_aste_rest": "restaurants",
    "zh_bdci_bank": "bank",
    "zh_bdci_car": "cars",
    "zh_chn": "hotels",
    "zh_shop10": "shop",
    "zh_waimai": "take-away",
    "zh_weibo": "weibo",
}


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled comment: -1 negative, 0 neutral, 1 positive."""

    source: str
    language: str
    label: int
    text: str

    @property
    def family(self) -> str:
        """The kind of text its source belongs to."""
        return family_of(self.source)


def family_of(source: str) -> str:
    """The family of a source file; a source nobody listed is a family of its own."""
    fitting = [prefix for prefix in _FAMILIES if source.startswith(prefix)]
    return _FAMILIES[max(fitting, key=len)] if fitting else source


def read_corpus(folder: Path, language: str, *, only_class: str | None = None) -> list[Example]:
    """All examples of one language in file order; `only_class` keeps sources of that licence class by the README."""
    classes = licence_classes(folder)
    return [
        example
        for path in sorted(folder.glob(f"{language}_*.tsv.gz"))
        if only_class is None or classes.get(path.name) == only_class
        for example in _examples(path, language)
    ]


def _examples(path: Path, language: str) -> Iterator[Example]:
    source = path.name.removesuffix(".tsv.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            label, found, text = line.rstrip("\n").partition("\t")
            if found and label in LABELS:
                yield Example(source, language, LABELS[label], text)


def licence_classes(folder: Path) -> dict[str, str]:
    """The licence class of each file, from the table in the folder's README.md; empty when there is none."""
    readme = folder / "README.md"
    if not readme.exists():
        return {}
    classes: dict[str, str] = {}
    place = None
    for line in readme.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if "class" in cells and cells[0] == "file":
            place = cells.index("class")
        elif place is not None and line.startswith("|") and len(cells) > place and cells[0].endswith(".gz"):
            classes[cells[0]] = cells[place]
    return classes
