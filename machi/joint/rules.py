"""Who may do what in the joint room. Towns act for themselves, the joint office for all of them."""

from rules.permissions import add_perm

from machi.base.models import Role
from machi.base.rules import anyone_here, holds

OFFICE = holds(Role.JOINT_OFFICE)
TOWN = holds(Role.CLERK, Role.MANAGER)
HEAD = holds(Role.MANAGER)
"""Who speaks for a town: signs off, accepts, agrees to pay."""
STAFF = holds(Role.CLERK, Role.MANAGER, Role.AI_OFFICER, Role.JOINT_OFFICE)

add_perm("joint.see", anyone_here)

# calls: Calls for joint projects: proposals, screening, reviews, ranking, selection, letters
add_perm("joint.run_calls", OFFICE)
add_perm("joint.write_proposals", TOWN)
add_perm("joint.sign_proposals", HEAD)
# A town's own proposals, drafts too. Not the joint office, which works in every town.
add_perm("joint.read_own_proposals", holds(Role.CLERK, Role.MANAGER, Role.AI_OFFICER, Role.AUDITOR))
# Which proposals, the assignment says; anybody here may be made a reviewer.
add_perm("joint.review_proposals", anyone_here)

# monitoring: Joint projects under way: milestones, figures, reports, model sheets, mentoring

# funding: Programmes and subsidies, and cost-and-benefit sheets

# partners: Partners, cost models, blocks of towns

# procurement: Joint procurement: demand, lots, evaluation, award, who pays what

# experts: Shared staff and external experts: needs, registration, matching, agreements

# places: Welfare places across towns: wishes, allocation, letters

# tourism: Joint tourism: spots, routes, shareable plans, requests
