"""What is stored, one file a subject."""

from machi.joint.models import experts as experts
from machi.joint.models import funding as funding
from machi.joint.models import monitoring as monitoring
from machi.joint.models import partners as partners
from machi.joint.models import places as places
from machi.joint.models import procurement as procurement
from machi.joint.models import tourism as tourism
from machi.joint.models.calls import Call as Call
from machi.joint.models.calls import CallCriterion as CallCriterion
from machi.joint.models.calls import Proposal as Proposal
from machi.joint.models.calls import ProposalAttachment as ProposalAttachment
from machi.joint.models.calls import ProposalMember as ProposalMember
from machi.joint.models.calls_review import CallEvaluation as CallEvaluation
from machi.joint.models.calls_review import CallReviewer as CallReviewer
from machi.joint.models.calls_review import ProposalDecision as ProposalDecision
from machi.joint.models.calls_review import ProposalReview as ProposalReview
from machi.joint.models.calls_review import ProposalScreening as ProposalScreening
from machi.joint.models.calls_review import ReviewerRecusal as ReviewerRecusal
from machi.joint.models.calls_review import ReviewMark as ReviewMark
from machi.joint.models.projects import Area as Area
from machi.joint.models.projects import JointProject as JointProject
