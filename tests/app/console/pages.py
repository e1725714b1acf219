"""Reads a form of a page as a browser would send it."""

from html.parser import HTMLParser

Fields = list[tuple[str, str]]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Fields] = {}
        self._here: Fields | None = None
        self._area: str | None = None
        self._words = ""
        self._select: str | None = None
        self._chosen: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._here = self.forms.setdefault(given.get("action", "").partition("#")[0], [])
        elif self._here is None:
            return
        elif tag == "input" and "name" in given:
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self._here.append((given["name"], given.get("value", "on" if "type" in given else "")))
        elif tag == "textarea":
            self._area, self._words = given["name"], ""
        elif tag == "select":
            self._select, self._chosen = given["name"], None
        elif tag == "option" and self._select and (self._chosen is None or "selected" in given):
            self._chosen = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._here = None
        elif tag == "textarea" and self._area and self._here is not None:
            self._here.append((self._area, self._words))
            self._area = None
        elif tag == "select" and self._select and self._here is not None:
            self._here.append((self._select, self._chosen or ""))
            self._select = None


def form_on(page: str, action: str) -> Fields:
    """Name and value of everything the form with this action would send, without its buttons."""
    reader = _Forms()
    reader.feed(page)
    assert action in reader.forms, f"no form to {action}: {sorted(reader.forms)}"
    return reader.forms[action]
