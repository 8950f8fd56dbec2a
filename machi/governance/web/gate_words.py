"""Names of purposes for people."""

from django.utils.translation import gettext as _

from machi.base.rooms import ai_system
from machi.governance.models import Endpoint


def purpose_title(purpose: str) -> str:
    if purpose == Endpoint.ANY:
        return _("ほかに決めていない用途すべて")
    if purpose == "test":
        return _("接続の確認")
    try:
        return str(ai_system(purpose).title)
    except KeyError:
        return purpose
