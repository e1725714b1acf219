"""Words of known valence, from the lists beside this file."""

from pathlib import Path

_HERE = Path(__file__).parent


def valences(language: str) -> dict[str, float]:
    """Words with their valence, -1 to 1."""
    found: dict[str, float] = {}
    for path in sorted(_HERE.glob(f"valence_{language}*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                word, _, value = line.partition("\t")
                found[word] = float(value)
    return found
