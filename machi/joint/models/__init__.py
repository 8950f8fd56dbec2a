"""What is stored, one file a subject."""

from machi.joint.models import calls as calls
from machi.joint.models import experts as experts
from machi.joint.models import funding as funding
from machi.joint.models import monitoring as monitoring
from machi.joint.models import partners as partners
from machi.joint.models import procurement as procurement
from machi.joint.models import tourism as tourism
from machi.joint.models.places import PlaceAgreement as PlaceAgreement
from machi.joint.models.places import PlaceAllocation as PlaceAllocation
from machi.joint.models.places import PlaceConfirmation as PlaceConfirmation
from machi.joint.models.places import PlaceFacility as PlaceFacility
from machi.joint.models.places import PlaceOffer as PlaceOffer
from machi.joint.models.places import PlaceRound as PlaceRound
from machi.joint.models.places import PlaceTable as PlaceTable
from machi.joint.models.places_families import PlaceApplicant as PlaceApplicant
from machi.joint.models.places_families import PlaceFamily as PlaceFamily
from machi.joint.models.places_families import PlaceReasons as PlaceReasons
from machi.joint.models.places_families import PlaceUpload as PlaceUpload
