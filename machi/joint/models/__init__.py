"""What is stored, one file a subject."""

from machi.joint.models import calls as calls
from machi.joint.models import experts as experts
from machi.joint.models import funding as funding
from machi.joint.models import monitoring as monitoring
from machi.joint.models import partners as partners
from machi.joint.models import places as places
from machi.joint.models import procurement as procurement
from machi.joint.models.tourism import (
    BookingRequest,
    PlanStop,
    RequestTurn,
    Spot,
    SpotUpload,
    VisitPlan,
)

__all__ = ["BookingRequest", "PlanStop", "RequestTurn", "Spot", "SpotUpload", "VisitPlan"]
