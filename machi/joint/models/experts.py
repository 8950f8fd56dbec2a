"""Shared staff and external experts: needs, registration, matching, agreements: what is stored."""
