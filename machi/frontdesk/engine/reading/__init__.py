"""Reading real files into documents: ``read(name, data)`` gives documents and a report, and never raises."""

from machi.frontdesk.engine.reading.reader import read
from machi.frontdesk.engine.reading.types import ColumnHints, Limits, Problem, ReadDocument, ReadResult

__all__ = ["ColumnHints", "Limits", "Problem", "ReadDocument", "ReadResult", "read"]
