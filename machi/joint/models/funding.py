"""Programmes and subsidies, and cost-and-benefit sheets: what is stored."""
