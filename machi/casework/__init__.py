"""Casework: from scan to ruling, every field traced to its pixels; drafting, summaries, minutes."""
