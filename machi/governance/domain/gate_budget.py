"""What models may cost in a month, and that it is never overspent, however many ask at once.

Before a call the most it can cost is taken from every cap it falls under, in one transaction that holds the
municipality's ``GateSettings`` row; after it, the row says what it did cost. A process that dies in between leaves
the most counted: the money may have been spent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.domain.mailing import letter
from machi.base.models import Appointment, Division, Municipality, Person, Role
from machi.base.scoping import current_municipality, in_municipality
from machi.governance.models import Cap, Endpoint, GateSettings, ModelCall

WARN_AT = Decimal("0.8")
SYSTEM = "governance.gate"
_A_MESSAGE = 16
"""Tokens, at most, that an endpoint adds around a message."""


class OverCap(Exception):
    """``code``: ``cap_reached``, or ``no_cap`` where a paid endpoint has none above it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class CapUse:
    """A cap with what this month has used of it."""

    cap: Cap
    yen: Decimal
    tokens: int

    @property
    def share(self) -> Decimal:
        """Of the scarcer of the two, 0 to 1 and beyond."""
        shares = [Decimal(0)]
        if self.cap.yen is not None:
            shares.append(self.yen / self.cap.yen if self.cap.yen else Decimal(1))
        if self.cap.tokens is not None:
            shares.append(Decimal(self.tokens) / self.cap.tokens if self.cap.tokens else Decimal(1))
        return max(shares)

    @property
    def near(self) -> bool:
        return self.share >= WARN_AT


def this_month() -> str:
    return f"{timezone.localdate():%Y-%m}"


def most_tokens(messages: Sequence[Mapping[str, str]]) -> int:
    """An upper bound: no tokenizer in use makes more than one token of a byte."""
    return sum(len(message["content"].encode()) + _A_MESSAGE for message in messages) + _A_MESSAGE


def uses() -> list[CapUse]:
    """Every cap of the municipality in scope with this month's use; the whole municipality's first."""
    spent = {
        row["division"]: row
        for row in ModelCall.objects.filter(month=this_month())
        .order_by()
        .values("division")
        .annotate(all_yen=Sum("yen"), all_in=Sum("tokens_in"), all_out=Sum("tokens_out"))
    }
    found = []
    for cap in Cap.objects.select_related("division"):
        rows = list(spent.values()) if cap.division_id is None else [spent.get(cap.division_id)]
        yen = sum((row["all_yen"] for row in rows if row), Decimal(0))
        tokens = sum(row["all_in"] + row["all_out"] for row in rows if row)
        found.append(CapUse(cap, yen, tokens))
    return sorted(found, key=lambda use: (use.cap.division_id is not None, use.cap.pk))


@transaction.atomic
def reserve(
    endpoint: Endpoint,
    division: Division | None,
    tokens_in: int,
    tokens_out: int,
    *,
    system: str,
    purpose: str,
    subject: str,
    person: Person | None,
) -> ModelCall:
    """Takes the most the call can cost; raises OverCap where a cap would not hold it."""
    locked()
    yen = endpoint.yen(tokens_in, tokens_out)
    over = [use for use in uses() if use.cap.division_id in (None, division.pk if division else None)]
    paid_without_cap = not any(use.cap.division_id is None and use.cap.yen is not None for use in over)
    if (endpoint.yen_in or endpoint.yen_out) and paid_without_cap:
        raise OverCap("no_cap")
    for use in over:
        if use.cap.yen is not None and use.yen + yen > use.cap.yen:
            raise OverCap("cap_reached")
        if use.cap.tokens is not None and use.tokens + tokens_in + tokens_out > use.cap.tokens:
            raise OverCap("cap_reached")
    one = unpaid(endpoint, division, system, purpose, subject, person)
    one.tokens_in, one.tokens_out, one.yen = tokens_in, tokens_out, yen
    one.save()
    return one


def unpaid(
    endpoint: Endpoint | None,
    division: Division | None,
    system: str,
    purpose: str,
    subject: str,
    person: Person | None,
) -> ModelCall:
    """A call's row, not yet saved, that counts for nothing yet."""
    return ModelCall(
        municipality=current_municipality(),
        month=this_month(),
        system=system,
        purpose=purpose,
        subject=subject,
        endpoint=endpoint,
        division=division,
        person=person,
        state=ModelCall.State.RESERVED,
    )


def locked() -> GateSettings:
    """The municipality's settings, held until the transaction ends."""
    GateSettings.objects.get_or_create(municipality=current_municipality())
    return GateSettings.objects.select_for_update().get()


@transaction.atomic
def set_cap(
    municipality: Municipality,
    *,
    by: Person,
    division: Division | None,
    yen: int | None,
    tokens: int | None,
) -> None:
    """The month's cap of a division, or of the whole municipality; neither figure: there is none any more."""
    if division is not None and division.municipality_id != municipality.pk:
        raise Refused(_("ほかの自治体の課です。"), field="division")
    if yen is None and tokens is None:
        deleted, _by_model = Cap.objects.filter(division=division).delete()
        if not deleted:
            raise Refused(_("円かトークンのどちらかを入力してください。"), field="yen")
    else:
        Cap.objects.update_or_create(
            municipality=municipality,
            division=division,
            defaults={"yen": yen, "tokens": tokens, "warned": ""},
        )
    ledger.record(
        municipality,
        system=SYSTEM,
        kind="gate",
        subject=f"division:{division.pk}" if division else f"municipality:{municipality.code}",
        actor=by,
        outputs={"action": "set_cap", "yen": yen, "tokens": tokens},
    )


def warn(division: Division | None) -> None:
    """A letter to the AI officers, once a month for each cap of which four fifths are used."""
    month = this_month()
    caps = list(Cap.objects.filter(Q(division=None) | Q(division=division)).exclude(warned=month))
    if not caps:
        return
    for use in uses():
        near = use.near and use.cap in caps
        # Whoever sets the month first sends the letter.
        if near and Cap.objects.filter(pk=use.cap.pk).exclude(warned=month).update(warned=month):
            send_warning.enqueue(use.cap.municipality_id, use.cap.pk)


@letter
def send_warning(code: str, pk: int) -> None:
    municipality = Municipality.objects.get(code=code)
    with in_municipality(municipality):
        use = next((use for use in uses() if use.cap.pk == pk), None)
        officers = Appointment.objects.filter(
            role=Role.AI_OFFICER, municipality=municipality, person__is_active=True
        ).values_list("person__email", flat=True)
        if use is None or not officers:
            return
        whose = use.cap.division.name if use.cap.division else _("自治体全体")
        page = settings.MACHI_URL + reverse("governance:gate", args=[code])
        body = _("言語モデルの今月の利用が、「%(whose)s」の上限の%(percent)s%%になりました。") % {
            "whose": whose,
            "percent": int(use.share * 100),
        }
        more = _("上限に達すると、AIの文章の代わりに資料からの抜き出しで答えます。")
        subject = _("%(town)s：言語モデルの利用が上限に近づいています") % {"town": municipality}
        EmailMessage(
            subject, f"{body}\n{more}\n{page}", settings.DEFAULT_FROM_EMAIL, bcc=sorted(set(officers))
        ).send()
