"""Which line of the consent ledger holds. Pure."""

from collections.abc import Sequence

from surveys.people.models import Consent


def line_that_holds(lines: Sequence[Consent]) -> Consent | None:
    """Of one person's lines about one channel, oldest first, the one that holds; None when nothing was ever said.

    After a merge the lines stand under several records. The latest of each record counts, and a withdrawal on any of
    them is stronger than a consent on another; only the customer's own word, given later, lifts it.
    """
    latest: dict[int, Consent] = {}
    for line in lines:
        if line.granted and line.source == "customer":
            latest.clear()
        latest[line.customer_id] = line
    standing = [line for line in latest.values() if not line.granted] or list(latest.values())
    return max(standing, key=lambda line: line.id, default=None)
