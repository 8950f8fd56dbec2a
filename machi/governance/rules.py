"""Who may do what in the governance room."""

from rules.permissions import add_perm

from machi.base.models import Role
from machi.base.rules import anyone_here, holds

add_perm(
    "governance.see_register",
    holds(Role.AI_OFFICER, Role.AUDITOR, Role.MANAGER, Role.ADMINISTRATOR, Role.JOINT_OFFICE),
)
# Checklist and evidence are gathered by many; only the AI officer decides.
add_perm("governance.review_systems", holds(Role.AI_OFFICER, Role.MANAGER, Role.ADMINISTRATOR))
add_perm("governance.decide_systems", holds(Role.AI_OFFICER))
add_perm("governance.check_procurement", holds(Role.AI_OFFICER, Role.MANAGER, Role.JOINT_OFFICE))
# The gate: where models are reached and what they may cost; keys are for administrators.
add_perm("governance.see_gate", holds(Role.AI_OFFICER, Role.AUDITOR, Role.MANAGER, Role.ADMINISTRATOR))
add_perm("governance.manage_gate", holds(Role.ADMINISTRATOR))
add_perm("governance.set_caps", holds(Role.AI_OFFICER))
# Prompts and outputs word for word: what residents wrote, names hidden. Each reading is on the record.
add_perm("governance.read_exchanges", holds(Role.AUDITOR))
add_perm("governance.edit_policy", holds(Role.AI_OFFICER))
add_perm("governance.read_policy", anyone_here)
add_perm("governance.report_incident", anyone_here)
add_perm("governance.handle_incidents", holds(Role.AI_OFFICER, Role.MANAGER))
add_perm("governance.disclose", holds(Role.AI_OFFICER, Role.AUDITOR))
