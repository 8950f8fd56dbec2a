"""What residents say of an answer."""

from django.db import transaction

from machi.base import ledger
from machi.frontdesk.models import Inquiry


def record_helped(inquiry: Inquiry, helped: bool) -> None:
    """Keeps the resident's word; the last one counts."""
    if inquiry.helped == helped:
        return
    with transaction.atomic():
        inquiry.helped = helped
        inquiry.save(update_fields=["helped"])
        ledger.record(
            inquiry.municipality,
            system="frontdesk.feedback",
            kind="feedback",
            subject=f"inquiry:{inquiry.pk}",
            outputs={"helped": helped, "entry": inquiry.ledger_index},
        )
