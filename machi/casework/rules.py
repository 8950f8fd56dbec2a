"""Who may do what in the casework room."""

from rules.permissions import add_perm

from machi.base.models import Role
from machi.base.rules import holds

STAFF = holds(Role.CLERK, Role.MANAGER)
HEAD = holds(Role.MANAGER)

# applications: Applications and permits: intake, reading, checking, ruling
add_perm("casework.see_applications", holds(Role.CLERK, Role.MANAGER, Role.AUDITOR))
add_perm("casework.process_applications", STAFF)
add_perm("casework.approve_second", HEAD)
add_perm("casework.define_forms", HEAD)

# drafting: Drafts, summaries, minutes
add_perm("casework.draft", STAFF)
add_perm("casework.define_templates", HEAD)
add_perm("casework.erase_drafts", HEAD)
