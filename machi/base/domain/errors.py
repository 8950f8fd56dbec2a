"""What a domain verb says when a person asked for something that cannot be."""

from django.utils.functional import Promise


class Refused(Exception):
    """The request is refused; ``message`` tells the person why, in their language, and what to do."""

    def __init__(self, message: str | Promise, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field
        """The form field it concerns, if one."""
