"""What Word documents of this room share: a Japanese typeface that every office has."""

from docx.document import Document
from docx.oxml.ns import qn

FONT = "游ゴシック"


def japanese(document: Document) -> None:
    """Sets the typeface of the styles we write with; the template's own has no Japanese letters."""
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        style = document.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
