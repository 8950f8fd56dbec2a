"""Calls for joint projects: proposals, screening, reviews, ranking, selection, letters: what is stored."""
