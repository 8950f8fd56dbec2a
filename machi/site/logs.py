"""What reaches the log of the site: every line, without secrets of addresses and without personal numbers."""

import logging

from machi.base.logs import WithoutSecrets


class Guarded(WithoutSecrets):
    """Covers telephone numbers, mail addresses, My Numbers and the like, also in what an error says of itself.

    Names cannot be found in a moment, so no line may be written with one; a test greps for them.
    """

    def format(self, record: logging.LogRecord) -> str:
        from machi.language.engine.personal import find_numbers, mask  # on first use: half a second

        line = super().format(record)
        return mask(line, find_numbers(line))
