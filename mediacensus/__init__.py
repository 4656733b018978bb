"""A census of a media library: what is there, told from names alone, with nothing touched."""

__version__ = "0.1.0"
