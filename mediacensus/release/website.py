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
# [site.com], site.org at an edge of the name; a longer row of words is the name itself
_BARE: Final = re.compile(
    r"(?:^|\[ ?|-)([a-z0-9]++(?:[.-][a-z0-9]++){0,3}"
    r"\.(?:com|org|net|info|ru|to|me|cc|tv|se|re|mx|ag|lt|am|world|show|be|nu|na)"
    r"(?:\.(?:ru|uk|br|au))?)(?=\]| \]|$|_| - |\]-)"
)


def read_websites(draft: Draft) -> None:
    """Claim web addresses."""
    lower = draft.text.lower()
    if "ww" in lower and ("www" in lower or "ww." in lower):
        for found in islice(_WWW.finditer(lower), 2):
            _claim(draft, found.span())
    elif "." in lower:
        for found in islice(_BARE.finditer(lower), 2):
            _claim(draft, found.span(1))


def _claim(draft: Draft, span: Span) -> None:
    """Claim an address with everything else in its brackets, which announces the poster."""
    claim_text(draft, span, "website", draft.text[slice(*span)])
    for first, end, _ in draft.brackets[:1]:
        if first == 0 < end and any(draft.tags[:end]):
            draft.mark((first, end), "website")
    draft.tags[:] = ["website" if tag == ID else tag for tag in draft.tags]
