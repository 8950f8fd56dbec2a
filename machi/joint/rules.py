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
add_perm("joint.see_projects", anyone_here)
add_perm("joint.manage_projects", OFFICE)
# Milestones and figures: the lead town's manager for its own project, the office for all.
add_perm("joint.plan_projects", holds(Role.MANAGER, Role.JOINT_OFFICE))
add_perm("joint.report_projects", TOWN)
add_perm("joint.submit_reports", HEAD)
add_perm("joint.write_models", holds(Role.CLERK, Role.MANAGER, Role.JOINT_OFFICE))
add_perm("joint.adopt_models", HEAD)
add_perm("joint.ask_office", TOWN)

# funding: Programmes and subsidies, and cost-and-benefit sheets
add_perm("joint.see_programmes", anyone_here)
add_perm("joint.manage_programmes", OFFICE)
add_perm("joint.check_funding", STAFF)
add_perm("joint.choose_funding", HEAD)
add_perm("joint.estimate_benefits", STAFF)

# partners: Partners, cost models, blocks of towns
add_perm("joint.see_partners", STAFF)
add_perm("joint.choose_towns", TOWN | OFFICE)
add_perm("joint.see_interests", TOWN | OFFICE)
add_perm("joint.declare_interest", HEAD)

# procurement: Joint procurement: demand, lots, evaluation, award, who pays what
add_perm("joint.see_purchases", STAFF | holds(Role.AUDITOR))
add_perm("joint.run_purchases", OFFICE)
add_perm("joint.enter_demand", TOWN)
add_perm("joint.agree_share", HEAD)

# experts: Shared staff and external experts: needs, registration, matching, agreements
add_perm("joint.see_experts", STAFF)
add_perm("joint.post_need", TOWN)
add_perm("joint.publish_need", HEAD)
add_perm("joint.answer_offer", HEAD)
add_perm("joint.register_experts", TOWN | OFFICE)
add_perm("joint.run_experts", OFFICE)

# places: Welfare places across towns: wishes, allocation, letters
add_perm(
    "joint.see_places", holds(Role.CLERK, Role.MANAGER, Role.AI_OFFICER, Role.JOINT_OFFICE, Role.AUDITOR)
)
add_perm("joint.run_places", OFFICE)
# Families with their names: those who serve them, of their own town.
add_perm("joint.enter_places", TOWN)
add_perm("joint.head_places", HEAD)
add_perm("joint.audit_places", holds(Role.JOINT_OFFICE, Role.AUDITOR))
add_perm("joint.erase_places", HEAD)

# tourism: Joint tourism: spots, routes, shareable plans, requests
add_perm("joint.see_spots", STAFF)
add_perm("joint.change_spots", TOWN | OFFICE)
# Who asked for a booking is shown to those who may answer it, in the spot's own town.
add_perm("joint.answer_requests", TOWN)
add_perm("joint.see_gains", anyone_here)
