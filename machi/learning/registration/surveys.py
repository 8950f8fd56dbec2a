"""Surveys and the self-assessment of AI maturity: what the room registers. Counting and scoring are arithmetic that can
be done by hand: no AI system."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (
    MenuEntry(_("調査"), "learning:surveys", "learning.see_surveys"),
    MenuEntry(_("AI活用の自己点検"), "learning:assessments", "learning.see_surveys"),
)
PUBLIC_PAGES: Sequence[PublicPage] = ()
AI_SYSTEMS: Sequence[AISystem] = ()
ATTRIBUTIONS: Sequence[Attribution] = ()
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "survey_response",
        "machi.learning.domain.surveys_erasure:erase",
        "machi.learning.domain.surveys_erasure:expired",
    ),
)
LEDGER_KINDS: Mapping[str, str | Promise] = {"survey": _("調査")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"learning.surveys": _("調査")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {"survey": _("調査"), "survey_response": _("調査の回答")}
