"""What a carrier wants around the words of a text: who signs it, and how to get no more. Pure."""

from dataclasses import dataclass

# Words that say already how to stop; a second way would only cost signs.
_SAYS_HOW = ("退订", "退訂", "拒收", "回复TD", "STOP")


@dataclass(frozen=True, slots=True)
class Dress:
    """`signature` stands before the words instead of one of our `names`, `marker` after those that ask."""

    names: tuple[str, ...] = ()
    signature: str = ""
    marker: str = ""

    def on(self, body: str, *, asks: bool) -> str:
        """The text as it leaves, and as its segments are counted. Dressing it again changes nothing."""
        if self.signature and not body.startswith(self.signature):
            for name in self.names:
                for said in (f"{name}: ", f"{name}：", f"【{name}】"):
                    body = body.removeprefix(said)
            body = self.signature + body
        if asks and self.marker and not any(word in body for word in (*_SAYS_HOW, self.marker)):
            body += self.marker
        return body


PLAIN = Dress()
