"""What is stored, one file a subject."""

from machi.joint.models.calls import Call, CallCriterion, Proposal, ProposalAttachment, ProposalMember
from machi.joint.models.calls_review import CallEvaluation, CallReviewer, ProposalDecision, ProposalReview, ProposalScreening, ReviewMark, ReviewerRecusal
from machi.joint.models.experts import Expert, ExpertRound, ExpertScreening, ExpertWish, Posting
from machi.joint.models.experts_matching import ExpertAgreement, ExpertOffer, ExpertOutcome, ExpertReport, MatchingResult, MatchingRun
from machi.joint.models.funding import BenefitFact, BenefitLine, BenefitSheet, Cost, Flag, FundingCheck, FundingProgramme, Purpose, TownKind, TownStanding
from machi.joint.models.monitoring import KpiValue, MentoringQuestion, ModelAdoption, ModelSheet, ProjectKpi, ProjectMilestone, ProjectReport, SiteVisit
from machi.joint.models.places import PlaceAgreement, PlaceAllocation, PlaceConfirmation, PlaceFacility, PlaceOffer, PlaceRound, PlaceTable
from machi.joint.models.places_families import PlaceApplicant, PlaceFamily, PlaceReasons, PlaceUpload
from machi.joint.models.procurement import JointPurchase, PurchaseAnswer, PurchaseConsent, PurchaseContract, PurchaseDelivery, PurchaseDemand, PurchaseItem, PurchaseLot, PurchaseOffer, PurchaseRequirement, PurchaseVendor
from machi.joint.models.projects import Area, JointProject

__all__ = ["Area", "BenefitFact", "BenefitLine", "BenefitSheet", "Call", "CallCriterion", "CallEvaluation", "CallReviewer", "Cost", "Expert", "ExpertAgreement", "ExpertOffer", "ExpertOutcome", "ExpertReport", "ExpertRound", "ExpertScreening", "ExpertWish", "Flag", "FundingCheck", "FundingProgramme", "JointProject", "JointPurchase", "KpiValue", "MatchingResult", "MatchingRun", "MentoringQuestion", "ModelAdoption", "ModelSheet", "PlaceAgreement", "PlaceAllocation", "PlaceApplicant", "PlaceConfirmation", "PlaceFacility", "PlaceFamily", "PlaceOffer", "PlaceReasons", "PlaceRound", "PlaceTable", "PlaceUpload", "Posting", "ProjectKpi", "ProjectMilestone", "ProjectReport", "Proposal", "ProposalAttachment", "ProposalDecision", "ProposalMember", "ProposalReview", "ProposalScreening", "PurchaseAnswer", "PurchaseConsent", "PurchaseContract", "PurchaseDelivery", "PurchaseDemand", "PurchaseItem", "PurchaseLot", "PurchaseOffer", "PurchaseRequirement", "PurchaseVendor", "Purpose", "ReviewMark", "ReviewerRecusal", "SiteVisit", "TownKind", "TownStanding"]
