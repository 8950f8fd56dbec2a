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

# monitoring: Joint projects under way: milestones, figures, reports, model sheets, mentoring

# funding: Programmes and subsidies, and cost-and-benefit sheets

# partners: Partners, cost models, blocks of towns

# procurement: Joint procurement: demand, lots, evaluation, award, who pays what

# experts: Shared staff and external experts: needs, registration, matching, agreements
add_perm("joint.see_experts", STAFF)
add_perm("joint.post_need", TOWN)
add_perm("joint.publish_need", HEAD)
add_perm("joint.answer_offer", HEAD)
add_perm("joint.register_experts", TOWN | OFFICE)
add_perm("joint.run_experts", OFFICE)

# places: Welfare places across towns: wishes, allocation, letters

# tourism: Joint tourism: spots, routes, shareable plans, requests
