"""The names under which answers and resolutions are kept: digests, since a title may hold anything.

Every name begins with the version of what is kept and is spread over folders by its digest.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

CACHE_VERSION: Final = 1
"""Bumped when a kept answer would be read wrongly."""
BUCKETS: Final = 64
"""Queries are resolved in so many tasks. Part of what buckets are kept under, so it stays."""
ANSWERS: Final = f"v{CACHE_VERSION}/answers"
"""The folder of answers."""


def digest_of(*texts: str) -> str:
    """Return 64 hexadecimal digits for some texts, in this order."""
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()


def bucket_of(text: str) -> int:
    """Return the bucket that a text belongs to, on every machine and in every run.

    >>> bucket_of("heat") == bucket_of("heat") < BUCKETS
    True
    """
    return int(digest_of(text)[:8], 16) % BUCKETS


def answer_key(scope: str, endpoint: str, *asked: str) -> str:
    """Return what the answer to a question is kept under.

    Args:
        scope: who is asked, and in which language.
        endpoint: what is asked.
        asked: and about what.
    """
    digest = digest_of(scope, endpoint, *asked)
    return f"{ANSWERS}/{digest[:2]}/{digest}"


def bucket_key(_context: Any, parameters: dict[str, Any]) -> str:
    """Return what the resolutions of a bucket are kept under: a ``cache_key_fn``.

    Args:
        parameters: of the task; ``bucket`` holds the digest of all that the resolutions depend on.
    """
    bucket = parameters["bucket"]
    return f"v{CACHE_VERSION}/buckets/{bucket.number:02}/{bucket.digest}"
