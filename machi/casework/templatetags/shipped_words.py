"""``{{ text|said }}``: words of a procedure's data in the reader's language, as far as they are known."""

from django import template

from machi.casework.domain.shipped_words import said

register = template.Library()
register.filter("said", said)
