"""Welfare places across towns: wishes, allocation, letters: what is stored."""
