"""TextBlob's interface over our own models: `blobber()` scores English and Chinese through `Blobber(analyzer=...)`.

The only file that imports textblob (1.5 s, 111 MB): load it in the worker, never on the web path.
"""

from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

from textblob import Blobber
from textblob.base import CONTINUOUS, BaseSentimentAnalyzer, BaseTagger, BaseTokenizer

from surveys.scoring.language import Language
from surveys.scoring.polarity import prepare, read
from surveys.scoring.score import Score, score_text
from surveys.scoring.tenant import Tenant
from surveys.scoring.themes import ThemeBook


class Sentiment(NamedTuple):
    """What `blob.sentiment` gives: polarity -1..1, label and confidence, all None when there is no signal."""

    polarity: float | None
    label: str | None
    confidence: float | None


class _Analyzer(BaseSentimentAnalyzer):  # type: ignore[misc]
    kind: ClassVar[str] = CONTINUOUS
    language: ClassVar[Language | None] = None

    def train(self) -> None:
        """Nothing to fit: the weights are shipped."""
        self._trained = True

    def analyze(self, text: str) -> Sentiment:
        """Score one text."""
        reading = read(str(text), language=self.language)
        return Sentiment(reading.polarity, reading.label, reading.confidence)


class EnglishAnalyzer(_Analyzer):
    """Scores every text as English."""

    language = "en"


class ChineseAnalyzer(_Analyzer):
    """Scores every text as Chinese."""

    language = "zh"


class BilingualAnalyzer(_Analyzer):
    """Scores each text in the language it is written in."""


class PlainTokenizer(BaseTokenizer):  # type: ignore[misc]
    """Splits on spaces: the analysers read the raw text, so nothing slow or downloaded runs."""

    def tokenize(self, text: str) -> list[str]:
        """The words of a text as they stand between spaces."""
        return text.split()


class NoTagger(BaseTagger):  # type: ignore[misc]
    """Tags nothing; parts of speech are not used."""

    def tag(self, text: Any, tokenize: bool = True) -> list[tuple[str, str]]:
        """Always empty."""
        return []


def blobber(language: str | None = None) -> Blobber:
    """A Blobber whose blobs answer `.sentiment` with our models; `language` "en" or "zh" fixes it, None detects.

    Ask `.sentiment.polarity`: the shortcut `.polarity` is bound to TextBlob's own analyser.
    """
    prepare()
    analyzers: dict[str | None, type[_Analyzer]] = {"en": EnglishAnalyzer, "zh": ChineseAnalyzer}
    analyzer = analyzers.get(language, BilingualAnalyzer)()
    return Blobber(tokenizer=PlainTokenizer(), pos_tagger=NoTagger(), analyzer=analyzer)


class CommentAnalyzer(BaseSentimentAnalyzer):  # type: ignore[misc]
    """Gives the whole Score of a comment as `blob.sentiment`: polarity and label, themes, signals, deciding words."""

    kind: ClassVar[str] = CONTINUOUS

    def __init__(self, question: str | None, book: ThemeBook | None = None, tenant: Tenant | None = None) -> None:
        super().__init__()
        self._question, self._book, self._tenant = question, book, tenant

    def train(self) -> None:
        """Nothing to fit: the weights are shipped."""
        self._trained = True

    def analyze(self, text: str) -> Score:
        """Score one text as an answer to this analyser's question."""
        return score_text(str(text), question=self._question, book=self._book, tenant=self._tenant)


@lru_cache(maxsize=16)
def comment_blobber(question: str | None, book: ThemeBook | None = None, tenant: Tenant | None = None) -> Blobber:
    """A Blobber whose blobs answer `.sentiment` with a Score, for answers to this kind of question.

    `book`: the themes it looks for, else those the product ships with. `tenant`: what the company's corrections add;
    the same value again gives the same Blobber.
    """
    analyzer = CommentAnalyzer(question, book, tenant)
    return Blobber(tokenizer=PlainTokenizer(), pos_tagger=NoTagger(), analyzer=analyzer)
