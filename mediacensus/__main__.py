"""``python -m mediacensus``."""

from mediacensus.cli import main

if __name__ == "__main__":
    main()
