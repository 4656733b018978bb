"""Web addresses that posters write into names: ``www.site.com - Title``, ``[site.org]``."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from mediacensus.release.ids import ID, claim_text

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft, Span

# www.some-site.com, www some site org
_WWW: Final = re.compile(
    r"www?[., ]+([a-z0-9-]+)((?:[. ][a-z]{2,12}){1,2}?)(?=[\]\)\} _-]|\.\]|$)"
    r"|www\.[a-z0-9-]+\.(?:com|org|net)(?=\.)"
)
_MOST_LABELS: Final = 3
"""Words of an address that is all of a name."""
_BEFORE_CJK: Final = "\u2e7f"
"""Behind it come the letters that are written without spaces."""
_DOMAIN: Final = (
    r"\.(?:com|org|net|info|ru|to|me|cc|tv|se|re|mx|ag|lt|am|world|show|be|nu|na)(?:\.(?:ru|uk|br|au))?"
)
# [some.site.com], x264-site.org; a longer row of words is the name itself
_BARE: Final = re.compile(
    rf"(?:(?:^|\[ ?)([a-z0-9]++(?:[.-][a-z0-9]++){{0,3}}{_DOMAIN})|-([a-z0-9]++{_DOMAIN}))"
    r"(?=\]| \]|$|_| - |\]-)"
)


def read_websites(draft: Draft) -> None:
    """Claim web addresses."""
    lower = draft.text.lower()
    if "ww" in lower and ("www" in lower or "ww." in lower):
        for found in islice(_WWW.finditer(lower), 2):
            _claim(draft, found.span())
    elif "." in lower:
        for found in islice(_BARE.finditer(lower), 2):
            span = found.span(found.lastindex or 0)
            if span != (0, len(lower)) or not _is_title(draft):
                _claim(draft, span)


def _is_title(draft: Draft) -> bool:
    """``The.Muppet.Show``, ``Seinfeld.S09E21.The.Clip.Show``: a name that only ends like an address."""
    return "the" in draft.lows or len(draft.lows) > _MOST_LABELS or bool(draft.counts)


def _claim(draft: Draft, span: Span) -> None:
    """Claim an address with everything else in its brackets, which announces the poster."""
    start, stop = span
    while start and draft.text[start - 1] > _BEFORE_CJK:  # "阳光电影www.ygdy8.com"
        start -= 1
    claim_text(draft, (start, stop), "website", draft.text[slice(*span)])
    for first, end, _ in draft.brackets[:1]:
        if first == 0 < end and any(draft.tags[:end]):
            draft.mark((first, end), "website")
    draft.tags[:] = ["website" if tag == ID else tag for tag in draft.tags]
