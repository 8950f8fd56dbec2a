"""What the governance room stores."""

from machi.governance.models.gate import (
    AllowedDestination,
    CachedReply,
    Cap,
    Endpoint,
    EndpointBreaker,
    GateSettings,
    KeptExchange,
    ModelCall,
)
from machi.governance.models.incidents import Incident, IncidentDuty, IncidentNote
from machi.governance.models.policy import PolicyAcknowledgement, PolicyReminder, PolicyVersion
from machi.governance.models.procurement import Procurement, ProcurementItem, Vendor, VendorAnswer
from machi.governance.models.review import Review, ReviewItem
from machi.governance.models.systems import RegisteredSystem, SystemDecision

__all__ = [
    "AllowedDestination",
    "CachedReply",
    "Cap",
    "Endpoint",
    "EndpointBreaker",
    "GateSettings",
    "Incident",
    "IncidentDuty",
    "IncidentNote",
    "KeptExchange",
    "ModelCall",
    "PolicyAcknowledgement",
    "PolicyReminder",
    "PolicyVersion",
    "Procurement",
    "ProcurementItem",
    "RegisteredSystem",
    "Review",
    "ReviewItem",
    "SystemDecision",
    "Vendor",
    "VendorAnswer",
]
