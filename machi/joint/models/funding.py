"""Programmes and subsidies, and cost-and-benefit sheets: what is stored."""

from fractions import Fraction

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.scoping import SharedModel
from machi.joint.models.projects import JointProject


class Purpose(models.TextChoices):
    DX = "dx", _("自治体DX")
    AI = "ai", _("AI・データ活用")
    WIDE_AREA = "wide_area", _("広域連携")
    PEOPLE = "people", _("人材の確保・育成")
    DISASTER = "disaster", _("防災")
    WELFARE = "welfare", _("福祉・子育て")
    TOURISM = "tourism", _("観光")
    EDUCATION = "education", _("教育")
    OTHER = "other", _("その他")


class Cost(models.TextChoices):
    SETUP = "setup", _("初期導入")
    LICENCE = "licence", _("利用料")
    DEVICES = "devices", _("機器")
    TRAINING = "training", _("研修")
    PERSONNEL = "personnel", _("人件費")
    COMMISSION = "commission", _("委託・調査")
    CONSTRUCTION = "construction", _("工事")
    OTHER = "other", _("その他")


class TownKind(models.TextChoices):
    CITY = "city", _("市")
    TOWN = "town", _("町")
    VILLAGE = "village", _("村")
    SPECIAL_WARD = "special_ward", _("特別区")


class Flag(models.TextChoices):
    DEPOPULATED = "depopulated", _("過疎地域")
    ISLAND = "island", _("離島")
    MOUNTAIN = "mountain", _("振興山村")
    PENINSULA = "peninsula", _("半島振興")
    SNOW = "snow", _("豪雪地帯")
    STRICKEN = "stricken", _("被災地")


def shown_rate(rate: str) -> str:
    """As announcements write it: all of the cost is 10/10."""
    return "10/10" if rate == "1/1" else rate


class FundingProgramme(SharedModel):
    """A subsidy with its rules as data (``engine.funding.Programme``). Empty lists and blanks: no such condition."""

    name = models.CharField(_("名称"), max_length=120)
    giver = models.CharField(_("実施主体"), max_length=120)
    purposes = models.JSONField(_("目的"), default=list)
    who = models.TextField(_("対象者の説明"), blank=True)
    rate = models.CharField(_("補助率"), max_length=9)
    """A fraction: ``1/2``, ``10/10``."""
    ceiling = models.PositiveBigIntegerField(_("上限額（円）"), null=True, blank=True)
    floor = models.PositiveBigIntegerField(_("下限額（円）"), default=0)
    unit = models.PositiveIntegerField(_("切り捨ての単位（円）"), default=1000)
    opens = models.DateField(_("募集開始"), null=True, blank=True)
    deadline = models.DateField(_("締切"), null=True, blank=True)
    kinds = models.JSONField(_("自治体の種類"), default=list)
    prefectures = models.JSONField(_("都道府県"), default=list)
    """Six-digit codes."""
    population_least = models.PositiveIntegerField(_("人口の下限"), null=True, blank=True)
    population_most = models.PositiveIntegerField(_("人口の上限"), null=True, blank=True)
    members_least = models.PositiveIntegerField(_("共同で申請する自治体数の下限"), null=True, blank=True)
    members_most = models.PositiveIntegerField(_("共同で申請する自治体数の上限"), null=True, blank=True)
    flags = models.JSONField(_("地域の条件"), default=list)
    costs = models.JSONField(_("対象経費"), default=list)
    documents = models.TextField(_("必要書類（1行に1つ）"), blank=True)
    url = models.URLField(_("案内のURL"), blank=True)
    note = models.TextField(_("備考"), blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    """Ended: kept, because checks speak of it, but matched no more."""

    class Meta:
        ordering = ("deadline", "name")
        constraints = (
            models.UniqueConstraint(fields=["consortium", "name", "giver"], name="funding_programme_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.rate)

    @property
    def shown_rate(self) -> str:
        return shown_rate(self.rate)


class TownStanding(SharedModel):
    """What a town says of itself that no statistics say."""

    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    flags = models.JSONField(_("地域の条件"), default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["consortium", "town"], name="town_standing_once"),)

    def __str__(self) -> str:
        return str(self.town)


class FundingCheck(SharedModel):
    """Which programmes fitted a plan on a day, and which the town then chose. Its own town's and the office's."""

    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    title = models.CharField(_("計画の名前"), max_length=120)
    project = models.ForeignKey(
        JointProject, models.SET_NULL, null=True, blank=True, related_name="funding_checks"
    )
    towns = models.ManyToManyField("base.Municipality", related_name="+")
    """Who would apply together."""
    purposes = models.JSONField(_("目的"), default=list)
    costs = models.JSONField(_("費用"), default=dict)
    """Yen by ``Cost``."""
    made_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    results = models.JSONField(default=list)
    """As they were that day, by ``domain.funding_matching.told``."""
    chosen = models.ForeignKey(FundingProgramme, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("理由"), blank=True)

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.title


class BenefitSheet(SharedModel):
    """Cost and benefit of an AI or joint project, in ranges. Once fixed, the plan stays and facts are set beside it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("作成中")
        FIXED = "fixed", _("確定・実績と比較中")

    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    """Whose sheet it is."""
    project = models.ForeignKey(
        JointProject, models.SET_NULL, null=True, blank=True, related_name="benefit_sheets"
    )
    title = models.CharField(_("件名"), max_length=120)
    purpose = models.TextField(_("何を比べるか"), blank=True)
    people = models.PositiveIntegerField(_("人口（参加する自治体の合計）"))
    years = models.PositiveSmallIntegerField(_("見る年数"), default=5)
    first_year = models.PositiveSmallIntegerField(_("最初の年度"))
    wage_low = models.PositiveIntegerField(_("職員1時間の費用：低め（円）"))
    wage_likely = models.PositiveIntegerField(_("職員1時間の費用：ありそうな値（円）"))
    wage_high = models.PositiveIntegerField(_("職員1時間の費用：高め（円）"))
    discount = models.DecimalField(_("割引率（%）"), max_digits=4, decimal_places=1, default=0)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.DRAFT)
    result = models.JSONField(default=dict)
    """The engine's sheet as plain data; empty before the first computing."""
    created_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    fixed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.title


class BenefitLine(SharedModel):
    """One cost, saving or number of hours, as a range."""

    class Kind(models.TextChoices):
        ONE_OFF = "one_off", _("初期費用（円・1回）")
        RUNNING = "running", _("運用費用（円・毎年）")
        HOURS_BEFORE = "hours_before", _("導入前の作業時間（時間・毎年）")
        HOURS_AFTER = "hours_after", _("導入後の作業時間（時間・毎年）")
        HOURS_TO_SET_UP = "hours_to_set_up", _("準備の作業時間（時間・1回）")
        OTHER_SAVING = "other_saving", _("そのほかの節約（円・毎年）")

    sheet = models.ForeignKey(BenefitSheet, models.CASCADE, related_name="lines")
    label = models.CharField(_("内容"), max_length=80)
    kind = models.CharField(_("種類"), max_length=16, choices=Kind.choices)
    low = models.PositiveBigIntegerField(_("低め"))
    likely = models.PositiveBigIntegerField(_("ありそうな値"))
    high = models.PositiveBigIntegerField(_("高め"))

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["sheet", "label"], name="benefit_line_once"),)

    def __str__(self) -> str:
        return self.label


class BenefitFact(SharedModel):
    """What a line came to in a fiscal year (what is spent once: in the first)."""

    line = models.ForeignKey(BenefitLine, models.CASCADE, related_name="facts")
    year = models.PositiveSmallIntegerField(_("年度"))
    amount = models.PositiveBigIntegerField(_("実績"))

    class Meta:
        ordering = ("year", "line_id")
        constraints = (models.UniqueConstraint(fields=["line", "year"], name="benefit_fact_once"),)

    def __str__(self) -> str:
        return f"{self.line_id}/{self.year}: {self.amount}"
