"""What the front desk stores."""

from machi.frontdesk.models.inquiries import Citation, HandOver, Inquiry, Message, Retention
from machi.frontdesk.models.knowledge import Faq, QualityMeasurement
from machi.frontdesk.models.sources import Document, Passage, Source, SourceFile

__all__ = [
    "Citation",
    "Document",
    "Faq",
    "HandOver",
    "Inquiry",
    "Message",
    "Passage",
    "QualityMeasurement",
    "Retention",
    "Source",
    "SourceFile",
]
