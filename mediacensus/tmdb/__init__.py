"""TMDB: what is asked there, how it is asked, and what it answers."""
