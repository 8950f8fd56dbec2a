"""What forms of every room share."""

from django import forms

from machi.base.domain.errors import Refused


class ConfirmForm(forms.Form):
    """Asks nothing but the press of the button; shows why it was refused."""


def add_refusal(form: forms.BaseForm, refused: Refused) -> None:
    """Puts a verb's refusal where the form shows errors: at its field, or on top."""
    form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
