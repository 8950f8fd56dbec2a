"""Shares as whole percent, the same way on every page."""

from django import template

from machi.learning.web.courses_pages import percent

register = template.Library()
register.filter("percent", percent)
