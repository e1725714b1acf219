"""Whom chance picks (pure): the same key is always picked or never, without a stored draw."""

import hashlib


def sampled(key: str, *, rate: float) -> bool:
    """Whether a key is among the share `rate` (0 to 1) of all keys; who is in at a low rate stays in at a higher one.

    Raises ValueError for a rate that is no share.
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"a sampling rate lies between 0 and 1, not {rate!r}")
    return share(key) < rate


def share(key: str) -> float:
    """Where a key falls in [0, 1), evenly spread: the first 53 bits of its SHA-256."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / (1 << 53)
