"""How a line of the log is written: addresses without the secrets in them."""

import logging
import re

# Residents' links to their inquiry, keys of letters that reset a password: whoever reads the log must not get in.
_SECRET = re.compile(r"(?<=/)[A-Za-z0-9_-]{20,}(?=[/?\s'\"]|$)", re.MULTILINE)


class WithoutSecrets(logging.Formatter):
    """Writes every long random part of an address as ``***``, also in what an error says of itself."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET.sub("***", super().format(record))
