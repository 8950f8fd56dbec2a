"""What is stored, one file a subject."""

from machi.joint.models import calls as calls
from machi.joint.models import experts as experts
from machi.joint.models import funding as funding
from machi.joint.models import monitoring as monitoring
from machi.joint.models import places as places
from machi.joint.models import procurement as procurement
from machi.joint.models import tourism as tourism
from machi.joint.models.partners import BlockPlan as BlockPlan
from machi.joint.models.partners import Interest as Interest
from machi.joint.models.partners import InterestMessage as InterestMessage
from machi.joint.models.partners import TownSelection as TownSelection
