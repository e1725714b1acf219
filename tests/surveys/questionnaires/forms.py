"""Small questionnaires for stories."""

from typing import Any

Data = dict[str, Any]


def words(english: str, chinese: str) -> dict[str, str]:
    return {"en": english, "zh-Hans": chinese}


def question(key: str, kind: str, english: str = "How was it?", chinese: str = "怎么样？", **more: Any) -> Data:
    return {"key": key, "kind": kind, "text": words(english, chinese), **more}


def choices(*keys: str) -> list[Data]:
    return [{"key": key, "label": words(f"The {key}", f"选{key}")} for key in keys]


def form(*questions: Data, key: str = "story", **more: Any) -> Data:
    return {"key": key, "names": words("A story", "一个故事"), "questions": list(questions), **more}
