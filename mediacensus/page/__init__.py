"""The page about a snapshot, ``report.html``: what the library holds, what is doubtful, how the run went."""

from mediacensus.page.write import write_page

__all__ = ["write_page"]
