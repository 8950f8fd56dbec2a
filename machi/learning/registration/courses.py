"""Courses: curriculum, cohorts, enrolment, progress, certificates: what the room registers. How far somebody is, is
arithmetic (``engine.pace``): no AI system."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (
    MenuEntry(_("わたしの研修"), "learning:my_courses", "learning.learn"),
    MenuEntry(_("研修の回"), "learning:cohorts", "learning.learn"),
    MenuEntry(_("研修の教材"), "learning:courses", "learning.run_courses"),
)
PUBLIC_PAGES: Sequence[PublicPage] = (PublicPage(_("修了証の確認"), "learning:check_certificate"),)
AI_SYSTEMS: Sequence[AISystem] = ()
ATTRIBUTIONS: Sequence[Attribution] = ()
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "enrolment",
        erase="machi.learning.domain.courses_erasure:erase_enrolment",
        expired="machi.learning.domain.courses_erasure:expired_enrolments",
    ),
)
LEDGER_KINDS: Mapping[str, str | Promise] = {"course": _("研修")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"learning.courses": _("研修")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {
    "course": _("研修の教材"),
    "cohort": _("研修の回"),
    "enrolment": _("受講"),
}
