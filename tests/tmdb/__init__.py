"""What answers as TMDB does: titles, their search, and a server in front of them."""
