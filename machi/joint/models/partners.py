"""Partners, cost models, blocks of towns: what is stored."""
