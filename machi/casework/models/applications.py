"""Applications: what came in, what was read of it and where, how it was checked, and what people ruled."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedCharField, EncryptedEmailField, EncryptedTextField

from machi.base.scoping import ScopedModel


def new_token() -> str:
    """The secret in an applicant's link: 192 random bits."""
    return secrets.token_urlsafe(24)


class Application(ScopedModel):
    class State(models.TextChoices):
        RECEIVED = "received", _("受付済み")
        READING = "reading", _("読み取り中")
        CHECKING = "checking", _("点検中")
        REVIEW = "review", _("審査待ち")
        SECOND = "second", _("2人目の承認待ち")
        AMENDMENT = "amendment", _("補正を依頼中")
        APPROVED = "approved", _("承認")
        REFUSED = "refused", _("不承認")
        NOTIFIED = "notified", _("通知済み")
        CLOSED = "closed", _("決定せずに終了")

    class Channel(models.TextChoices):
        UPLOAD = "upload", _("画面から登録")
        FOLDER = "folder", _("フォルダーから取り込み")
        API = "api", _("API")
        WEB = "web", _("ウェブの申請")
        MAIL = "mail", _("メール")
        IMPORT = "import", _("ほかのシステムから")

    class Outcome(models.TextChoices):
        NONE = "", _("未定")
        APPROVED = "approved", _("承認")
        REFUSED = "refused", _("不承認")

    number = models.CharField(_("受付番号"), max_length=20)
    procedure = models.ForeignKey(
        "casework.Procedure",
        models.PROTECT,
        null=True,
        related_name="applications",
        verbose_name=_("手続"),
    )
    """None: which procedure it is has not been recognised, and a person must say."""
    state = models.CharField(_("状態"), max_length=12, choices=State.choices, default=State.RECEIVED)
    outcome = models.CharField(_("決定"), max_length=10, choices=Outcome.choices, blank=True)
    channel = models.CharField(_("受付の方法"), max_length=10, choices=Channel.choices)
    language = models.CharField(max_length=10, default="ja")
    received_at = models.DateTimeField(_("受付日時"), default=timezone.now)
    due_on = models.DateField(_("期限"))
    token = models.CharField(max_length=40, unique=True, default=new_token)
    applicant = EncryptedCharField(_("申請者"), max_length=120, blank=True, null=True)
    email = EncryptedEmailField(_("メールアドレス"), blank=True, null=True)
    telephone = EncryptedCharField(_("電話番号"), max_length=40, blank=True, null=True)
    given = EncryptedTextField(blank=True, null=True)
    """What a web form or the API gave: JSON of form -> field -> words."""
    documents = models.JSONField(default=list)
    """Keys of the papers that came with it, as found or as a person saw."""
    read_at = models.DateTimeField(_("読み取り日時"), null=True)
    lowest_confidence = models.FloatField(_("最も低い確かさ"), null=True)
    doubtful = models.PositiveSmallIntegerField(_("確認が要る欄"), default=0)
    failed = models.PositiveSmallIntegerField(_("満たさない条件"), default=0)
    unsure = models.PositiveSmallIntegerField(_("判断できない条件"), default=0)
    trouble = models.CharField(_("読み取りの問題"), max_length=40, blank=True)
    """Key of why it could not be read (``domain.words``)."""
    straight_through = models.BooleanField(_("自動で承認"), default=False)
    decided_at = models.DateTimeField(_("決定日時"), null=True)
    notified_at = models.DateTimeField(_("通知日時"), null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_on", "lowest_confidence", "pk")
        indexes = (
            models.Index(fields=["municipality", "state", "due_on"]),
            models.Index(fields=["municipality", "received_at"]),
        )
        constraints = (models.UniqueConstraint(fields=["municipality", "number"], name="case_number_once"),)

    def __str__(self) -> str:
        return self.number


class SourceFile(ScopedModel):
    """A file as it was handed in, below the municipality's own folder."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="files")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")
    """The mail it was attached to."""
    name = EncryptedCharField(max_length=255)
    """Encrypted, for people name files after people."""
    kind = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    notes = models.JSONField(default=list)
    """``[[key, {argument: value}]]``: what a person should know of it (``domain.intake_words``)."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["municipality", "sha256"],
                condition=models.Q(parent__isnull=True),
                name="case_file_once",
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"


class Page(ScopedModel):
    """The image of one page, as it was read."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="pages")
    file = models.ForeignKey(SourceFile, models.SET_NULL, null=True, related_name="pages")
    """One file may hold several applications: erasing the first leaves the others their pages."""
    number = models.PositiveSmallIntegerField()
    """Over all files of the application, from 0; fields name it so."""
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["application", "number"], name="case_page_once"),)

    def __str__(self) -> str:
        return f"{self.application_id}/{self.number}"


class FieldValue(ScopedModel):
    """One value, whence it comes and how sure it is. What stood here before is kept."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="values")
    form = models.SlugField(max_length=60)
    form_version = models.CharField(max_length=20)
    field = models.SlugField(max_length=60)
    label = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    ordinal = models.PositiveSmallIntegerField()
    required = models.BooleanField(default=False)
    raw = EncryptedTextField(blank=True, null=True)
    value = EncryptedTextField(blank=True, null=True)
    page = models.PositiveSmallIntegerField(null=True)
    box = models.JSONField(null=True)
    """``[left, top, right, bottom]`` in shares of the page."""
    spot = EncryptedTextField(blank=True, null=True)
    """JSON of the cell or line of an Office file, a mail or a text (``domain.spots``); sheets are named after people
    too."""
    engine = models.CharField(max_length=12)
    confidence = models.FloatField()
    read_confidence = models.FloatField()
    """As it was read; ``confidence`` is 1 once a person has looked."""
    threshold = models.FloatField()
    """Below which a person should look, as it was when it was read."""
    doubts = models.JSONField(default=list)
    looked_by = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    corrected = models.BooleanField(null=True)
    """None: nobody has looked; otherwise whether the value read was wrong."""
    earlier = EncryptedTextField(blank=True, null=True)
    """JSON list of ``{raw, value, engine, confidence, at, by}``, the oldest first."""

    class Meta:
        ordering = ("ordinal", "pk")
        constraints = (
            models.UniqueConstraint(fields=["application", "form", "field"], name="case_value_once"),
        )
        indexes = (models.Index(fields=["municipality", "form", "field", "looked_at"]),)

    def __str__(self) -> str:
        return f"{self.application_id}/{self.form}.{self.field}"


class CheckResult(ScopedModel):
    """What a rule said of the application as it stands; written anew whenever values change."""

    class Result(models.TextChoices):
        PASSED = "passed", _("満たす")
        FAILED = "failed", _("満たさない")
        UNKNOWN = "unknown", _("判断できない")

    application = models.ForeignKey(Application, models.CASCADE, related_name="checks")
    ordinal = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    result = models.CharField(max_length=10, choices=Result.choices)
    reason = EncryptedTextField(blank=True, null=True)
    """In plain Japanese; it may quote what was written on the form."""
    law = models.CharField(max_length=300, blank=True)
    fields = models.JSONField(default=list)
    """Keys of the fields and papers that it looked at."""

    class Meta:
        ordering = ("ordinal",)
        constraints = (models.UniqueConstraint(fields=["application", "rule"], name="case_check_once"),)

    def __str__(self) -> str:
        return f"{self.application_id}/{self.rule}: {self.result}"


class DuplicateKey(ScopedModel):
    """A keyed digest of the values by which a rule knows the same application again: the values are encrypted."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="duplicate_keys")
    rule = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["application", "rule"], name="case_duplicate_once"),)
        indexes = (models.Index(fields=["municipality", "rule", "digest"]),)

    def __str__(self) -> str:
        return f"{self.application_id}/{self.rule}"


class ValueKey(ScopedModel):
    """A keyed digest of one value, by which the same paper is known again when it comes twice (``domain.likeness``)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="value_keys")
    field = models.SlugField(max_length=60)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = (models.Index(fields=["municipality", "field", "digest"]),)

    def __str__(self) -> str:
        return f"{self.application_id}/{self.field}"


class Likeness(ScopedModel):
    """An earlier application that may be the same paper; a person says whether it is."""

    class Answer(models.TextChoices):
        OPEN = "", _("未確認")
        SAME = "same", _("同じもの")
        DIFFERENT = "different", _("別の申請")

    application = models.ForeignKey(Application, models.CASCADE, related_name="alike")
    other = models.ForeignKey(Application, models.CASCADE, related_name="+")
    equal = models.PositiveSmallIntegerField()
    compared = models.PositiveSmallIntegerField()
    """Fields that both have filled; ``equal`` of them say the same."""
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["application", "other"], name="case_alike_once"),)

    def __str__(self) -> str:
        return f"{self.application_id} = {self.other_id}?"


class Ruling(ScopedModel):
    """What a person decided; undone rulings stay."""

    class Kind(models.TextChoices):
        APPROVE = "approve", _("承認")
        REFUSE = "refuse", _("不承認")
        AMEND = "amend", _("補正の依頼")
        STRAIGHT = "straight", _("自動で承認")
        CLOSE = "close", _("決定せずに終了")

    application = models.ForeignKey(Application, models.CASCADE, related_name="rulings")
    kind = models.CharField(_("決定"), max_length=10, choices=Kind.choices)
    person = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    second = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    reason = EncryptedTextField(_("理由"), blank=True, null=True)
    remedy = EncryptedTextField(_("教示"), blank=True, null=True)
    until = models.DateField(null=True)
    """Of an amendment: by when it is asked for."""
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.application_id}: {self.kind}"


class CaseLetter(ScopedModel):
    """A letter to the applicant as it was written; its files are set from it whenever they are asked for."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="letters")
    ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, related_name="letters")
    kind = models.CharField(max_length=10, choices=Ruling.Kind.choices)
    number = models.CharField(max_length=60)
    content = EncryptedTextField(null=True)
    """JSON of the letter's parts (``domain.letters``)."""
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("made_at", "pk")

    def __str__(self) -> str:
        return self.number


class SampleAudit(ScopedModel):
    """A case that went straight through and was drawn, to be looked at by a person afterwards."""

    class Result(models.TextChoices):
        OPEN = "", _("未確認")
        RIGHT = "right", _("正しかった")
        WRONG = "wrong", _("誤りがあった")

    application = models.OneToOneField(Application, models.CASCADE, related_name="audit")
    drawn_at = models.DateTimeField(default=timezone.now)
    result = models.CharField(_("結果"), max_length=6, choices=Result.choices, blank=True)
    note = EncryptedTextField(_("気づいたこと"), blank=True, null=True)
    by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("drawn_at", "pk")

    def __str__(self) -> str:
        return f"{self.application_id}: {self.result}"
