"""Tables of several kinds, each read in its own way."""
