"""One name for everything that makes up a reading: it changes whenever what is read may change."""

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

import surveys.scoring
from surveys.scoring.golden import LANGUAGES, golden_set
from surveys.scoring.model import MODEL_VERSION
from surveys.scoring.score import score_text
from surveys.scoring.tenant import Tenant
from surveys.scoring.themes import standard_book
from surveys.scoring.version import reading_version, rules_digest
from tests.surveys.scoring.signal_sentences import sentences

ROOM = Path(surveys.scoring.__file__).parent

# The version and the built-in book, and what they read in the golden comments and the seventh set of signals.
READ_BY, READ = "3+r61c0ef built-in-1+191cda", "9391cbb5c6c6"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The room as another release might ship it."""
    room = tmp_path_factory.mktemp("release") / "surveys" / "scoring"
    shutil.copytree(ROOM, room, ignore=shutil.ignore_patterns("training", "__pycache__"))
    (room.parent / "__init__.py").touch()
    return room


def released(room: Path) -> str:
    """The versions of the reading and of the built-in book in a release."""
    tell = "from surveys.scoring.score import score_text; s = score_text('fine'); print(s.version, s.book_version)"
    # No bytecode is left: of a file that changes twice within a second it would be that of the change before.
    env = {"PYTHONPATH": ".", "PYTHONDONTWRITEBYTECODE": "1"}
    made = subprocess.run([sys.executable, "-c", tell], cwd=room.parents[1], env=env, capture_output=True, text=True)
    return made.stdout.strip() or made.stderr


def changed(room: Path, name: str, before: str, after: str) -> str:
    """The versions with one place of one file changed."""
    path = room / name
    text = path.read_text(encoding="utf-8")
    assert text.count(before) >= 1
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    try:
        return released(room)
    finally:
        path.write_text(text, encoding="utf-8")


def test_a_version_can_be_read_model_then_what_was_taught_then_the_rules() -> None:
    assert reading_version(None) == f"{MODEL_VERSION}+r{rules_digest()}"
    assert reading_version(Tenant(7, {})) == f"{MODEL_VERSION}+t7+r{rules_digest()}"
    assert score_text("fine").version == reading_version(None)
    assert len(reading_version(Tenant(99_999, {}))) <= 40 and len(standard_book().version) <= 20, "they are stored so"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("data/signals.toml", "ombudsm[ae]n|", "ombudsm[ae]n|arbitrators?|"),
        ("data/answers.toml", "[whole]", "[whole]\n'0.31' = ['dandy']"),
        ("data/words.toml", "negators = '''", "negators = '''\nzounds"),
        ("signals.py", "_REACH = 64", "_REACH = 32"),
        ("signals.py", "要不要|", ""),
    ],
)
def test_whoever_changes_a_rule_changes_the_version_without_a_thought(
    copy: Path, name: str, before: str, after: str
) -> None:
    today = released(copy)
    assert today == f"{reading_version(None)} {standard_book().version}"
    reading, book = changed(copy, name, before, after).split()
    assert reading != reading_version(None) and reading.startswith(f"{MODEL_VERSION}+r")
    assert book == standard_book().version


def test_other_weights_are_another_version(copy: Path) -> None:
    path = copy / "weights" / "en.bin"
    whole = path.read_bytes()
    shutil.copy(copy / "weights" / "en-a.bin", path)
    try:
        assert released(copy).split()[0] != reading_version(None)
    finally:
        path.write_bytes(whole)


def test_a_word_of_the_built_in_book_changes_its_name_and_no_other(copy: Path) -> None:
    reading, book = changed(copy, "data/themes.toml", '"queue*"', '"conga line", "queue*"').split()
    assert reading == reading_version(None)
    assert book != standard_book().version and book.startswith("built-in-1+")


def test_a_remark_beside_the_rules_changes_nothing(copy: Path) -> None:
    assert changed(copy, "data/signals.toml", "# Words that", "# The words that") == released(copy)


def test_what_is_read_changes_only_under_another_version() -> None:
    """Code is no table: whoever changes what it reads raises CODE in version.py, or the number of the model."""
    golden = [row.text for language in LANGUAGES for row in golden_set(language)]
    rows = [read_as(text) for text in (*golden, *(one.text for one in sentences("signals_seventh.tsv")))]
    read = sha256(json.dumps(rows).encode()).hexdigest()[:12]
    by = f"{reading_version(None)} {standard_book().version}"
    if by == READ_BY:
        assert read == READ, "the same version reads something else: raise CODE in surveys/scoring/version.py"
    assert (by, read) == (READ_BY, READ), "another version: let READ_BY and READ above say so"


def read_as(text: str) -> list[object]:
    found = score_text(text)
    signals = [(one.kind, one.evidence.start, one.evidence.end) for one in found.signals]
    return [text, found.label, signals, [(one.theme, one.subthemes) for one in found.themes]]
