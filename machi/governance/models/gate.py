"""What the gate to language models stores: where models are, what they may cost, what was sent and came back."""

from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from machi.base.scoping import ScopedModel
from machi.language.gate.egress import Destination, Profile, Reach


class GateSettings(ScopedModel):
    """One a municipality. Its row is also the lock under which the month's budget is taken from."""

    class ZoneProfile(models.TextChoices):
        CLOSED = Profile.CLOSED.value, _("決めていない（この機械の中だけ）")
        ALPHA = Profile.ALPHA.value, _("αモデル（業務端末はLGWAN接続系）")
        ALPHA_PRIME = Profile.ALPHA_PRIME.value, _("α'モデル（LGWAN接続系から許可したクラウドへ直接）")
        BETA = Profile.BETA.value, _("βモデル（業務端末はインターネット接続系）")
        BETA_PRIME = Profile.BETA_PRIME.value, _("β'モデル（業務システムもインターネット接続系）")

    profile = models.CharField(
        _("ネットワークの形"), max_length=20, choices=ZoneProfile.choices, default=ZoneProfile.CLOSED
    )
    keep_days = models.PositiveSmallIntegerField(_("入力と出力を残す日数"), default=365)
    cache_days = models.PositiveSmallIntegerField(_("同じ入力の結果を使い回す日数"), default=7)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["municipality"], name="gate_settings_once"),)

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.profile}"


class AllowedDestination(ScopedModel):
    """A line of the egress allow-list."""

    class Distance(models.TextChoices):
        HERE = Reach.HERE.value, _("この機械の中")
        ZONE = Reach.ZONE.value, _("同じネットワークのサーバー")
        LGWAN = Reach.LGWAN.value, _("LGWAN-ASP")
        INTERNET = Reach.INTERNET.value, _("インターネット")

    scheme = models.CharField(max_length=5, choices=[("https", "https"), ("http", "http")])
    host = models.CharField(_("ホスト名"), max_length=253)
    port = models.PositiveIntegerField(_("ポート"))
    reach = models.CharField(_("場所"), max_length=10, choices=Distance.choices)
    networks = models.JSONField(_("アドレスの範囲"), default=list)
    basis = models.CharField(_("許可の根拠"), max_length=300, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("host", "port", "scheme")
        constraints = (
            models.UniqueConstraint(
                fields=["municipality", "scheme", "host", "port"], name="allowed_destination_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def destination(self) -> Destination:
        return Destination(
            self.scheme, self.host, self.port, Reach(self.reach), tuple(self.networks), self.basis
        )


class Endpoint(ScopedModel):
    """An OpenAI-compatible endpoint for one purpose. The key is written once and never shown again."""

    ANY = "*"
    name = models.CharField(_("名前"), max_length=80)
    purpose = models.CharField(_("用途"), max_length=60)
    """Key of an AI system, or ``ANY``: for those without one of their own."""
    base_url = models.URLField(_("アドレス"), max_length=500)
    model = models.CharField(_("モデル名"), max_length=120)
    key = EncryptedTextField(_("鍵"), blank=True, null=True)
    yen_in = models.DecimalField(
        _("入力1,000トークンの円"), max_digits=10, decimal_places=4, default=Decimal(0)
    )
    yen_out = models.DecimalField(
        _("出力1,000トークンの円"), max_digits=10, decimal_places=4, default=Decimal(0)
    )
    seconds = models.PositiveSmallIntegerField(_("待つ秒数"), default=60)
    active = models.BooleanField(_("使う"), default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("purpose", "name")
        constraints = (
            models.UniqueConstraint(fields=["municipality", "name"], name="endpoint_name_once"),
            models.UniqueConstraint(
                fields=["municipality", "purpose"],
                condition=models.Q(active=True),
                name="endpoint_one_active",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def yen(self, tokens_in: int, tokens_out: int) -> Decimal:
        return (self.yen_in * tokens_in + self.yen_out * tokens_out) / 1000


class EndpointBreaker(ScopedModel):
    """How an endpoint has fared lately, seen and changed by all processes (``language.gate.breaker``)."""

    endpoint = models.OneToOneField(Endpoint, models.CASCADE, related_name="breaker")
    failures = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    trial_since = models.DateTimeField(null=True)
    rests = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.endpoint_id}: {self.failures}"


class Cap(ScopedModel):
    """What may be spent in a calendar month, by a division or (none named) by the whole municipality."""

    division = models.OneToOneField(
        "base.Division", models.CASCADE, null=True, blank=True, related_name="model_cap", verbose_name=_("課")
    )
    yen = models.PositiveIntegerField(_("円（月）"), null=True, blank=True)
    tokens = models.PositiveBigIntegerField(_("トークン（月）"), null=True, blank=True)
    warned = models.CharField(max_length=7, blank=True)
    """The month (``2025-04``) for which the warning has been sent."""

    class Meta:
        ordering = ("division__name",)
        constraints = (
            models.UniqueConstraint(
                fields=["municipality"], condition=models.Q(division__isnull=True), name="cap_one_for_all"
            ),
            models.CheckConstraint(
                condition=models.Q(yen__isnull=False) | models.Q(tokens__isnull=False),
                name="cap_of_something",
            ),
        )

    def __str__(self) -> str:
        return f"{self.division_id}: {self.yen} / {self.tokens}"


class ModelCall(ScopedModel):
    """That a model was, or was not, called; without content."""

    class State(models.TextChoices):
        RESERVED = "reserved", _("呼び出し中")
        DONE = "done", _("回答あり")
        CACHED = "cached", _("前の回答を使用")
        FALLBACK = "fallback", _("抜き出しで代用")
        REFUSED = "refused", _("断った")

    at = models.DateTimeField(_("日時"), default=timezone.now)
    month = models.CharField(max_length=7)
    """``2025-04``, in local time: the month it counts for."""
    system = models.CharField(_("AIシステム"), max_length=60)
    purpose = models.CharField(_("用途"), max_length=60)
    subject = models.CharField(_("対象"), max_length=120)
    endpoint = models.ForeignKey(
        Endpoint, models.SET_NULL, null=True, blank=True, related_name="calls", verbose_name=_("接続先")
    )
    model = models.CharField(_("モデル名"), max_length=120, blank=True)
    division = models.ForeignKey("base.Division", models.SET_NULL, null=True, blank=True, related_name="+")
    person = models.ForeignKey("base.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(_("結果"), max_length=10, choices=State.choices)
    reason = models.CharField(_("理由"), max_length=40, blank=True)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    yen = models.DecimalField(_("円"), max_digits=12, decimal_places=4, default=Decimal(0))
    """While it is under way and afterwards alike: what it counts for, first at most, then in truth."""
    hidden = models.JSONField(default=dict)
    """``{"人名": 2}``: how many values of which kind were hidden before it was sent."""
    milliseconds = models.PositiveIntegerField(default=0)
    ledger_index = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=["municipality", "month", "division"]),
            models.Index(fields=["municipality", "at"]),
            models.Index(fields=["municipality", "subject"]),
        )

    def __str__(self) -> str:
        return f"{self.system} {self.state}"


class KeptExchange(ScopedModel):
    """Prompt and output word for word, as they were sent and came back, for audit; gone after its day."""

    call = models.OneToOneField(ModelCall, models.CASCADE, related_name="exchange")
    prompt = EncryptedTextField()
    """JSON: the messages, personal information already hidden."""
    output = EncryptedTextField(blank=True, null=True)
    delete_after = models.DateField()

    class Meta:
        indexes = (models.Index(fields=["municipality", "delete_after"]),)

    def __str__(self) -> str:
        return f"#{self.call_id}"


class CachedReply(ScopedModel):
    """The reply to a prompt that may come again; found by a keyed digest, of no use to who does not hold the key."""

    digest = models.CharField(max_length=64)
    call = models.ForeignKey(ModelCall, models.CASCADE, related_name="cached_replies")
    """From which call it came: erasing that call's words erases this."""
    text = EncryptedTextField()
    model = models.CharField(max_length=120)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["municipality", "digest"], name="cached_reply_once"),)

    def __str__(self) -> str:
        return self.digest[:8]
