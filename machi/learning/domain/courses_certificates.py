"""The certificate on paper: what it says, its code, and a QR code of the page where anybody can check it."""

from __future__ import annotations

from importlib.resources import files

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from machi.base.engine.qr import qr_svg
from machi.base.engine.typesetting import set_pdf
from machi.base.engine.wareki import wareki
from machi.learning.models import Certificate


def certificate_pdf(certificate: Certificate) -> bytes:
    """One page, A4 across; equal certificates give equal bytes. In Japanese, for it is an official paper."""
    with translation.override("ja"):
        said = _said(certificate)
    template = files("machi.learning").joinpath("data/certificate.typ").read_bytes()
    return set_pdf(template, said)


def check_address(certificate: Certificate) -> str:
    """Full address of the page that says whether the paper is true."""
    town = certificate.enrolment.municipality_id
    path = reverse("learning:certificate", args=[town, certificate.code])
    return f"{settings.MACHI_URL.rstrip('/')}{path}?consortium={certificate.consortium_id}"


def _said(certificate: Certificate) -> dict[str, str]:
    address = check_address(certificate)
    return {
        "title": _("修了証"),
        "town": certificate.town,
        "name": _("%(name)s 様") % {"name": certificate.name or _("（氏名は消去されました）")},
        "text": _("あなたは、次の研修のすべてのレッスンと演習を終えたので、これを証します。"),
        "course": certificate.course,
        "about": _("第%(version)s版・標準学習時間 %(minutes)s分")
        % {"version": certificate.version, "minutes": certificate.minutes},
        "on": wareki(certificate.issued_on),
        "issuer": str(certificate.consortium.name),
        "code": certificate.code,
        "check": _("この修了証が本物かどうかは、次のページで確かめられます。"),
        "address": address,
        "qr": qr_svg(address),
    }
