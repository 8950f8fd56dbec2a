"""machi: one AI and data platform that many municipalities run together."""
