"""What is stored, one file a subject."""

from machi.joint.models import calls as calls
from machi.joint.models import experts as experts
from machi.joint.models import funding as funding
from machi.joint.models import monitoring as monitoring
from machi.joint.models import partners as partners
from machi.joint.models import places as places
from machi.joint.models import tourism as tourism
from machi.joint.models.procurement import JointPurchase as JointPurchase
from machi.joint.models.procurement import PurchaseAnswer as PurchaseAnswer
from machi.joint.models.procurement import PurchaseConsent as PurchaseConsent
from machi.joint.models.procurement import PurchaseContract as PurchaseContract
from machi.joint.models.procurement import PurchaseDelivery as PurchaseDelivery
from machi.joint.models.procurement import PurchaseDemand as PurchaseDemand
from machi.joint.models.procurement import PurchaseItem as PurchaseItem
from machi.joint.models.procurement import PurchaseLot as PurchaseLot
from machi.joint.models.procurement import PurchaseOffer as PurchaseOffer
from machi.joint.models.procurement import PurchaseRequirement as PurchaseRequirement
from machi.joint.models.procurement import PurchaseVendor as PurchaseVendor
