"""machi: one AI and data platform that many municipalities run together."""

__version__ = "0.1.0"
