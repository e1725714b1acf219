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


def may_write_to(lines: Sequence[Consent], address: str | None) -> bool | None:
    """Whether a person may be asked at this address (its keyed hash), by their lines about a channel, oldest first.

    A line about one address speaks of that one alone; the others speak of all. Either may forbid, until the customer
    takes it back. None when nothing was ever said.
    """
    of_all = line_that_holds([line for line in lines if line.address_index is None])
    own = line_that_holds([line for line in lines if address is not None and line.address_index == address])
    if own is not None and of_all is not None and of_all.granted and of_all.source == "customer":
        own = own if own.id > of_all.id else None
    standing = [line for line in (of_all, own) if line is not None]
    return all(line.granted for line in standing) if standing else None
