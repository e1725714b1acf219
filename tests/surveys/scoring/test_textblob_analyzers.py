"""The product scores through TextBlob's own interface."""

from textblob import Blobber

from surveys.scoring.polarity import polarity_of
from surveys.scoring.textblob_analyzers import blobber, comment_blobber


def test_a_blob_feels_what_the_core_feels() -> None:
    blob = blobber()
    for text in ("I wasn't happy with the service", "服务很好", "服务员很rude", ""):
        assert blob(text).sentiment.polarity == polarity_of(text)


def test_it_is_textblobs_blobber_with_another_analyser() -> None:
    assert isinstance(blobber(), Blobber)
    assert blobber("en")("wonderful staff").sentiment.label == "very_positive"
    assert blobber("zh")("态度恶劣").sentiment.label == "very_negative"


def test_sentences_and_words_work_without_any_download() -> None:
    blob = blobber()("Lovely staff. Long queue.")
    assert list(blob.tokens) == ["Lovely", "staff.", "Long", "queue."]
    assert blob.sentiment.polarity == polarity_of("Lovely staff. Long queue.")


def test_a_comment_blob_gives_the_whole_score() -> None:
    score = comment_blobber("improve")("waiting time").sentiment
    assert score.label in {"negative", "very_negative"}
    assert [mention.theme for mention in score.themes] == ["waiting"]
