"""What is stored, one file a subject."""

from machi.joint.models import calls as calls
from machi.joint.models import funding as funding
from machi.joint.models import monitoring as monitoring
from machi.joint.models import partners as partners
from machi.joint.models import places as places
from machi.joint.models import procurement as procurement
from machi.joint.models import tourism as tourism
from machi.joint.models.experts import Expert as Expert
from machi.joint.models.experts import ExpertRound as ExpertRound
from machi.joint.models.experts import ExpertScreening as ExpertScreening
from machi.joint.models.experts import ExpertWish as ExpertWish
from machi.joint.models.experts import Posting as Posting
from machi.joint.models.experts_matching import ExpertAgreement as ExpertAgreement
from machi.joint.models.experts_matching import ExpertOffer as ExpertOffer
from machi.joint.models.experts_matching import ExpertOutcome as ExpertOutcome
from machi.joint.models.experts_matching import ExpertReport as ExpertReport
from machi.joint.models.experts_matching import MatchingResult as MatchingResult
from machi.joint.models.experts_matching import MatchingRun as MatchingRun
