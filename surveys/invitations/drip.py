"""The drip (pure): texts of a branch stand evenly over its hours, so that people can absorb what comes back."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta


def free_slot(
    begin: datetime, taken: Collection[datetime], *, apart: timedelta, opening: Callable[[datetime], datetime]
) -> datetime:
    """The first moment from `begin` on that is `apart` from every one taken and within hours.

    `opening` gives the first moment within hours from a moment on; what it raises comes through.
    """
    moments = sorted(taken)
    slot = opening(begin)
    while (free := _apart_from(moments, slot, apart)) != slot:
        slot = opening(free)
    return slot


def _apart_from(moments: Sequence[datetime], slot: datetime, apart: timedelta) -> datetime:
    for moment in moments:
        if moment - apart < slot < moment + apart:
            slot = moment + apart
    return slot
