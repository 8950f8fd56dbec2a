"""Reading real files into documents: ``read(name, data)`` gives documents and a report, and never raises."""

from machi.frontdesk.engine.reading.finishing import dated_passages
from machi.frontdesk.engine.reading.folder import files_in
from machi.frontdesk.engine.reading.reader import read
from machi.frontdesk.engine.reading.types import ColumnHints, Limits, Problem, ReadDocument, ReadResult

__all__ = [
    "ColumnHints",
    "Limits",
    "Problem",
    "ReadDocument",
    "ReadResult",
    "dated_passages",
    "files_in",
    "read",
]
