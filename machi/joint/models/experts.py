"""Shared staff and external experts: rounds, what towns need, who registered, and whom each would rather have."""

import hashlib
import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedCharField, EncryptedEmailField, EncryptedTextField

from machi.base.scoping import SharedModel


def new_token() -> str:
    """The secret in an expert's link: 192 random bits."""
    return secrets.token_urlsafe(24)


def digest_of(token: str) -> str:
    """By which an expert's row is found. Unsalted, for nobody guesses 192 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


class ExpertRound(SharedModel):
    """From the first posting to the published numbers. Who is in it is fixed when ranking begins."""

    class State(models.TextChoices):
        OPEN = "open", _("募集中")
        RANKING = "ranking", _("希望順位の受付中")
        RELEASED = "released", _("結果を伝え、双方の返事を待つ")
        CLOSED = "closed", _("終了")

    title = models.CharField(_("件名"), max_length=120)
    note = models.TextField(_("お知らせ"), blank=True)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.OPEN)
    register_by = models.DateField(_("応募の期限"))
    rank_by = models.DateField(_("希望順位の期限"))
    weights = models.JSONField(default=dict)
    """Weight of each part of the fit (``engine.matching_fit.Part``)."""
    seed = models.CharField(max_length=40, default=new_token)
    """What the lots hang on; drawn when the round begins, so that nobody can choose it later."""
    created_at = models.DateTimeField(_("作成日時"), default=timezone.now)
    closed_at = models.DateTimeField(_("終了日時"), null=True)
    numbers = models.JSONField(default=dict)
    """What was published, as it was published (``domain.experts_results``)."""
    published_at = models.DateTimeField(_("公表日時"), null=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.title


class Posting(SharedModel):
    """What a town needs: skills, hours, days on site, period, budget, for how many people."""

    class State(models.TextChoices):
        DRAFT = "draft", _("下書き")
        PUBLISHED = "published", _("公開")
        WITHDRAWN = "withdrawn", _("取り下げ")

    round = models.ForeignKey(ExpertRound, models.PROTECT, related_name="postings")
    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+", verbose_name=_("自治体"))
    title = models.CharField(_("件名"), max_length=120)
    work = models.TextField(_("頼みたい仕事"))
    skills = models.JSONField(default=dict)
    """Skill -> level asked, 1 to 3."""
    hours = models.PositiveSmallIntegerField(_("1人あたりの時間（月）"))
    on_site = models.PositiveSmallIntegerField(_("来てほしい日数（月）"), default=0)
    first = models.DateField(_("始まり"))
    last = models.DateField(_("終わり"))
    budget = models.PositiveIntegerField(_("予算（円・月）"))
    places = models.PositiveSmallIntegerField(_("人数"), default=1)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.DRAFT)
    reason = models.TextField(_("取り下げた理由"), blank=True)
    created_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("作成日時"), default=timezone.now)

    class Meta:
        ordering = ("town_id", "pk")
        indexes = (models.Index(fields=["round", "state"]),)

    def __str__(self) -> str:
        return self.title


class Expert(SharedModel):
    """Who offers to work for towns. Name, contacts and evidence are encrypted; towns see only the rest, and the name
    after both have agreed (``domain.experts_cards``)."""

    KEPT_YEARS = 1
    KEPT_AFTER_WORK_YEARS = 5
    """How long their data are kept: after a refusal or the end of the round or of the time they offered; after the
    end of work that was agreed (as long as files of contracts usually are). See ``domain.experts_erasure``."""

    class Kind(models.TextChoices):
        EXTERNAL = "external", _("外部の専門家")
        SHARED = "shared", _("自治体の職員（共同利用）")

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("受付・確認中")
        ACCEPTED = "accepted", _("登録済み")
        REJECTED = "rejected", _("見送り")
        WITHDRAWN = "withdrawn", _("辞退")

    round = models.ForeignKey(ExpertRound, models.PROTECT, related_name="experts")
    number = models.PositiveIntegerField()
    """By which towns know them: of the round, in no order that says anything."""
    token = EncryptedCharField(max_length=40, null=True)
    """The secret of the expert's own page, kept so that letters can name it. Encrypted like the name that the page
    shows: whoever reads the database without the key opens no page, whoever has the key reads the name anyway."""
    token_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    kind = models.CharField(_("区分"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.SUBMITTED)
    town = models.ForeignKey(
        "base.Municipality", models.PROTECT, null=True, related_name="+", verbose_name=_("所属する自治体")
    )
    """Of shared staff."""
    via = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    """On whose page they registered; its ledger has what they do."""
    language = models.CharField(max_length=10, default="ja")
    """In which they are written to."""
    name = EncryptedCharField(_("氏名"), max_length=80, null=True)
    email = EncryptedEmailField(_("メールアドレス"), null=True)
    telephone = EncryptedCharField(_("電話番号"), max_length=40, blank=True, null=True)
    employer = EncryptedCharField(_("勤め先"), max_length=120, blank=True, null=True)
    evidence = EncryptedTextField(_("実績を確かめられるもの"), blank=True, null=True)
    """Certificates, published work: for the joint office's screening only, since it may name the person."""
    conflict_note = EncryptedTextField(_("利害関係の内容"), blank=True, null=True)
    summary = models.TextField(_("経験（名前の出ない紹介）"))
    skills = models.JSONField(default=dict)
    """Skill -> level, 1 to 3."""
    hours = models.PositiveSmallIntegerField(_("使える時間（月）"))
    on_site = models.PositiveSmallIntegerField(_("現地に行ける日数（月）"), default=0)
    home = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+", verbose_name=_("拠点"))
    travels = models.PositiveSmallIntegerField(_("行ける距離（片道km）"), default=0)
    first = models.DateField(_("始められる日"))
    last = models.DateField(_("終わりの日"))
    fee = models.PositiveIntegerField(_("希望する報酬（円・時間）"))
    quota = models.PositiveSmallIntegerField(_("同時に受けられる自治体の数"), default=1)
    conflicts = models.ManyToManyField("base.Municipality", related_name="+")
    """Towns for which they may not work."""
    created_at = models.DateTimeField(_("応募日時"), default=timezone.now)
    erased_at = models.DateTimeField(_("消去日時"), null=True)

    class Meta:
        ordering = ("number",)
        indexes = (models.Index(fields=["round", "state"]),)
        constraints = (models.UniqueConstraint(fields=["round", "number"], name="expert_number_once"),)

    def __str__(self) -> str:
        return self.alias

    @property
    def alias(self) -> str:
        return _("専門家%(number)s") % {"number": self.number}

    def give_token(self, token: str | None) -> None:
        """The only one that opens the page from now on; None: nothing does. The caller saves."""
        self.token, self.token_digest = token, digest_of(token) if token else None


class ExpertScreening(SharedModel):
    """One look of the joint office at a registration, with its reason."""

    class Step(models.TextChoices):
        DOCUMENTS = "documents", _("書類（応募の要件）")
        EVIDENCE = "evidence", _("実績の確認")
        CONFLICTS = "conflicts", _("利害関係の確認")
        INTERVIEW = "interview", _("面談")

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="screening")
    step = models.CharField(_("段階"), max_length=10, choices=Step.choices)
    passed = models.BooleanField(_("結果"))
    reason = EncryptedTextField(_("理由"), null=True)
    by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("日時"), default=timezone.now)

    class Meta:
        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=["expert", "step"], name="expert_screening_once"),)

    def __str__(self) -> str:
        return f"{self.expert_id}: {self.step}"


class ExpertWish(SharedModel):
    """One line of a list of wishes; equal tiers of one list are ties."""

    class Side(models.TextChoices):
        EXPERT = "expert", _("専門家")
        TOWN = "town", _("自治体")

    side = models.CharField(max_length=10, choices=Side.choices)
    expert = models.ForeignKey(Expert, models.CASCADE, related_name="wishes")
    posting = models.ForeignKey(Posting, models.CASCADE, related_name="wishes")
    tier = models.PositiveSmallIntegerField(_("希望順位"))
    """1 is best."""

    class Meta:
        ordering = ("tier", "pk")
        constraints = (
            models.UniqueConstraint(fields=["side", "expert", "posting"], name="expert_wish_once"),
        )

    def __str__(self) -> str:
        return f"{self.side}: {self.expert_id}/{self.posting_id} {self.tier}"
