"""What is stored, one file a subject."""

from machi.joint.models import calls as calls
from machi.joint.models import experts as experts
from machi.joint.models import partners as partners
from machi.joint.models import places as places
from machi.joint.models import procurement as procurement
from machi.joint.models import tourism as tourism
from machi.joint.models.funding import BenefitFact as BenefitFact
from machi.joint.models.funding import BenefitLine as BenefitLine
from machi.joint.models.funding import BenefitSheet as BenefitSheet
from machi.joint.models.funding import Cost as Cost
from machi.joint.models.funding import Flag as Flag
from machi.joint.models.funding import FundingCheck as FundingCheck
from machi.joint.models.funding import FundingProgramme as FundingProgramme
from machi.joint.models.funding import Purpose as Purpose
from machi.joint.models.funding import TownKind as TownKind
from machi.joint.models.funding import TownStanding as TownStanding
from machi.joint.models.monitoring import KpiValue as KpiValue
from machi.joint.models.monitoring import MentoringQuestion as MentoringQuestion
from machi.joint.models.monitoring import ModelAdoption as ModelAdoption
from machi.joint.models.monitoring import ModelSheet as ModelSheet
from machi.joint.models.monitoring import ProjectKpi as ProjectKpi
from machi.joint.models.monitoring import ProjectMilestone as ProjectMilestone
from machi.joint.models.monitoring import ProjectReport as ProjectReport
from machi.joint.models.monitoring import SiteVisit as SiteVisit
from machi.joint.models.projects import JointProject as JointProject
