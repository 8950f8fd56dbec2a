"""Joint procurement: demand, lots, evaluation, award, who pays what: what is stored."""
