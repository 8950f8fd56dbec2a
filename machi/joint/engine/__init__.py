"""Pure computing of the joint room: typed functions on plain data."""
