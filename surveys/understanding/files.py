"""A theme book as a TOML file, out and in again; what is wrong with one is said by its line. Pure."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.scoring.themes import LABELS, WORDS, Data
from surveys.understanding.checks import KEY, faults, sentence
from surveys.understanding.editing import listed

_PER_LINE = 100
_HEAD = (
    "# Themes on two levels. English keywords are found as whole words; * at the end stands for any ending.\n"
    "# Chinese keywords, Simplified or Traditional, are found anywhere. off = true switches a theme or a part off.\n"
)


@dataclass(frozen=True)
class Wrong:
    """One thing to mend in a file: in which line (0: the whole file), and what to do."""

    line: int
    detail: str


def as_toml(data: Mapping[str, Any], version: str) -> str:
    """The book as a file that `from_toml` reads."""
    parts = [f"{_HEAD}version = {json.dumps(version)}\n"]
    for theme in data["themes"]:
        parts.append(f"\n[{theme['key']}]\n{_named(theme)}")
        for one in theme["subthemes"]:
            words = "".join(f"{language} = {_list(one['words'].get(language) or [])}\n" for language in WORDS)
            parts.append(f"[{theme['key']}.{one['key']}]\n{_named(one)}{words}")
    return "".join(parts)


def _named(one: Mapping[str, Any]) -> str:
    names = [(label, one["names"].get(language)) for label, language in LABELS.items()]
    said = "".join(f"{label} = {_text(name)}\n" for label, name in names if name)
    return said + ("off = true\n" if one.get("off") else "")


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(words: list[str]) -> str:
    lines, line = [], ""
    for word in map(_text, words):
        if line and len(line) + len(word) > _PER_LINE:
            lines.append(line)
            line = ""
        line += f"{word}, "
    lines.append(line)
    if len(lines) == 1:
        return f"[{line.removesuffix(', ')}]"
    return "[\n" + "".join(f"  {one.rstrip()}\n" for one in lines) + "]"


def from_toml(sent: bytes, *, tongue: str = "en") -> Data | tuple[Wrong, ...]:
    """The book of a file; else everything that is wrong with it, in the order of its lines."""
    try:
        text = sent.decode("utf-8-sig")
    except UnicodeDecodeError:
        return (Wrong(0, sentence("not_text", tongue)),)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        what = re.sub(r" \(at .*\)$", "", str(error))
        return (Wrong(line, sentence("not_toml", tongue, what=what)),)
    raw.pop("version", None)
    reader = _Reader(text.splitlines(), tongue)
    data = reader.book(raw)
    found_wrong = reader.wrong
    if not found_wrong:
        found_wrong = [
            Wrong(reader.line(*filter(None, (one.theme, one.subtheme))), one.detail)
            for one in faults(data, tongue=tongue)
        ]
    return tuple(sorted(found_wrong, key=lambda one: one.line)) or data


class _Reader:
    def __init__(self, lines: list[str], tongue: str) -> None:
        self.wrong: list[Wrong] = []
        self._lines, self._tongue = lines, tongue

    def line(self, *where: str, entry: str = "") -> int:
        """The line of a heading, or of an entry under it; 0 for the whole file."""
        if not where and not entry:
            return 0
        wanted = re.compile(r"\s*\[\s*" + r"\s*\.\s*".join(f"[\"']?{re.escape(key)}[\"']?" for key in where) + r"\s*\]")
        at = next((n for n, line in enumerate(self._lines, 1) if wanted.match(line)), 0) if where else 0
        if not entry:
            return at
        named = re.compile(r"\s*[\"']?" + re.escape(entry) + r"[\"']?\s*[=.]")
        for n, line in enumerate(self._lines[at:], at + 1):
            if named.match(line):
                return n
            if line.lstrip().startswith("[") and not line.rstrip().endswith(","):
                break
        return at

    def _say(self, code: str, *where: str, entry: str = "", **values: object) -> None:
        detail = sentence(code, self._tongue, **({"entry": entry} if entry else {}), **values)
        self.wrong.append(Wrong(self.line(*where, entry=entry), detail))

    def book(self, raw: Mapping[str, Any]) -> Data:
        """The themes; what cannot be read is noted in `wrong`."""
        if not any(isinstance(body, dict) for body in raw.values()):
            self._say("no_themes")
        return {"themes": list(self._themes(raw))}

    def _themes(self, raw: Mapping[str, Any]) -> Iterator[Data]:
        for key, body in raw.items():
            if not isinstance(body, dict):
                self.wrong.append(Wrong(self.line(entry=key), sentence("not_a_table", self._tongue, key=key)))
                continue
            if not KEY.fullmatch(key):
                self._say("bad_key", key, key=key)
                continue
            parts = {name: part for name, part in body.items() if isinstance(part, dict)}
            own = {name: value for name, value in body.items() if name not in parts}
            if not parts:
                self._say("no_parts", key, key=key)
            theme = self._named((key,), own, known=(*LABELS, "off"))
            yield theme | {"subthemes": [self._part(key, name, part) for name, part in parts.items()]}

    def _part(self, theme: str, key: str, body: Mapping[str, Any]) -> Data:
        if not KEY.fullmatch(key):
            self._say("bad_key", theme, key, key=f"{theme}.{key}")
        one = self._named((theme, key), body, known=(*LABELS, "off", *WORDS))
        return one | {"words": {language: self._words((theme, key), body, language) for language in WORDS}}

    def _named(self, where: tuple[str, ...], body: Mapping[str, Any], *, known: tuple[str, ...]) -> Data:
        for entry in body:
            if entry not in known:
                self._say("unknown_entry", *where, entry=entry, known=", ".join(known))
        names = {}
        for entry, language in LABELS.items():
            said = body.get(entry, "")
            if not isinstance(said, str):
                self._say("not_a_text", *where, entry=entry)
            elif said.strip():
                names[language] = " ".join(said.replace("\0", "").split())
        off = body.get("off", False)
        if not isinstance(off, bool):
            self._say("not_yes_no", *where, entry="off")
        return {"key": where[-1], "names": names} | ({"off": True} if off else {})

    def _words(self, where: tuple[str, ...], body: Mapping[str, Any], language: str) -> list[str]:
        words = body.get(language, [])
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            self._say("not_words", *where, entry=language)
            return []
        return listed("\n".join(words))
