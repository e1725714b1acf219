"""Weight files: small, self-describing, light to read."""

import subprocess
import sys

import pytest

from surveys.scoring.model import MODEL_VERSION, WEIGHTS, pack, probability, shipped, unpack


@pytest.mark.parametrize("name", ["en", "en-a", "zh"])
def test_shipped_weights_are_small_and_name_their_version(name: str) -> None:
    assert (WEIGHTS / f"{name}.bin").stat().st_size < 1_000_000
    assert shipped(name).version == f"{name}-{MODEL_VERSION}"


def test_what_is_packed_comes_back() -> None:
    header: dict[str, object] = {
        "version": "t", "language": "en", "negative_scale": 0.5, "negative_bias": -1.0, "positive_scale": 0.25,
        "positive_bias": 0.5,
    }  # fmt: skip
    model = unpack(pack(header, [("bad", 120, -127), ("good", -127, 127), ("so so", 1, -1)]))
    assert model.pair("bad") == (120, -127)
    assert model.pair("good") == (-127, 127)
    assert model.pair("so so") == (1, -1)
    assert model.pair("never seen") == (0, 0)
    assert model.logits({"bad"}) == (59.0, -31.25)
    assert model.logits(set()) == (-1.0, 0.5)


def test_a_file_cut_short_is_refused() -> None:
    whole = pack({"version": "t", "language": "en"}, [("a", 1, 1), ("b", 2, 2)])
    with pytest.raises(ValueError, match="cut short"):
        unpack(whole[:-3])


def test_probabilities_stay_between_nothing_and_one() -> None:
    assert probability(-1000) == 0.0
    assert probability(0) == 0.5
    assert probability(1000) == 1.0


def test_scoring_needs_nothing_but_the_standard_library() -> None:
    code = (
        "import sys; from surveys.scoring.score import score_text; score_text('good staff'); score_text('服务好');"
        "print([name for name in ('numpy', 'scipy', 'textblob', 'nltk', 'flask', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
