"""What the governance room stores."""

from machi.governance.models.incidents import Incident, IncidentDuty, IncidentNote
from machi.governance.models.policy import PolicyAcknowledgement, PolicyReminder, PolicyVersion
from machi.governance.models.procurement import Procurement, ProcurementItem, Vendor, VendorAnswer
from machi.governance.models.systems import RegisteredSystem

__all__ = [
    "Incident",
    "IncidentDuty",
    "IncidentNote",
    "PolicyAcknowledgement",
    "PolicyReminder",
    "PolicyVersion",
    "Procurement",
    "ProcurementItem",
    "RegisteredSystem",
    "Vendor",
    "VendorAnswer",
]
