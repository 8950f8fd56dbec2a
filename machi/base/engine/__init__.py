"""Pure computing of the base room: the ledger's Merkle log, municipality codes, Japanese dates and names.

Typed functions on plain data; no Django, no clock, no network, no randomness.
"""
