"""Who may do what in the learning room. Learners see their own; a town's managers its people; the office all towns."""

from rules.permissions import add_perm

from machi.base.models import Role
from machi.base.rules import anyone_here, holds

OFFICE = holds(Role.JOINT_OFFICE)
EVERYBODY = anyone_here | holds(Role.LEARNER)

# courses and exercises: one's own. Who instructs a cohort is said by the cohort, not by a role.
add_perm("learning.learn", EVERYBODY)
add_perm("learning.run_courses", OFFICE)
add_perm("learning.enrol", holds(Role.MANAGER, Role.ADMINISTRATOR, Role.JOINT_OFFICE))
add_perm("learning.see_progress", holds(Role.MANAGER, Role.AI_OFFICER, Role.JOINT_OFFICE))

# cases
add_perm("learning.read_cases", EVERYBODY)
add_perm("learning.write_cases", holds(Role.CLERK, Role.MANAGER, Role.AI_OFFICER, Role.LEARNER))
add_perm("learning.review_cases", OFFICE)
add_perm("learning.adopt_cases", holds(Role.MANAGER))

# discussion
add_perm("learning.discuss", EVERYBODY)
add_perm("learning.moderate", OFFICE)

# follow-up
add_perm("learning.see_effect", holds(Role.MANAGER, Role.AI_OFFICER, Role.JOINT_OFFICE, Role.AUDITOR))

# seminars
add_perm("learning.run_seminars", OFFICE)

# surveys: a town's answer is written by several and handed in by who speaks for it
add_perm("learning.run_surveys", OFFICE)
add_perm("learning.see_surveys", anyone_here)
add_perm("learning.answer_surveys", holds(Role.CLERK, Role.MANAGER, Role.AI_OFFICER))
add_perm("learning.hand_in_surveys", holds(Role.MANAGER, Role.AI_OFFICER))
