"""Who may do what at the front desk."""

from rules.permissions import add_perm

from machi.base.models import Role
from machi.base.rules import holds

add_perm("frontdesk.answer_inquiry", holds(Role.CLERK, Role.MANAGER))
add_perm("frontdesk.propose_faq", holds(Role.CLERK, Role.MANAGER))
add_perm("frontdesk.approve_faq", holds(Role.CLERK, Role.MANAGER))
add_perm("frontdesk.see_sources", holds(Role.CLERK, Role.MANAGER, Role.ADMINISTRATOR, Role.AI_OFFICER))
add_perm("frontdesk.manage_sources", holds(Role.MANAGER, Role.ADMINISTRATOR))
# Figures only. What residents wrote is for those who answer them (answer_inquiry).
add_perm(
    "frontdesk.see_quality",
    holds(Role.CLERK, Role.MANAGER, Role.AI_OFFICER, Role.AUDITOR, Role.JOINT_OFFICE),
)
add_perm("frontdesk.manage_divisions", holds(Role.MANAGER, Role.ADMINISTRATOR))
add_perm("frontdesk.erase", holds(Role.MANAGER, Role.ADMINISTRATOR))
