"""How a call's proposals are judged: screening, reviewers, marks, the computed recommendation, people's decisions."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from machi.base.scoping import SharedModel
from machi.joint.models.calls import Call, CallCriterion, Proposal


class ProposalScreening(SharedModel):
    """Whether a proposal meets the formal requirements, as a person found."""

    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="screening")
    met = models.JSONField(default=list)
    """True or false for each of the call's requirements, in their order."""
    passed = models.BooleanField(_("通過"))
    reason = models.TextField(_("理由"), blank=True)
    by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("日時"), default=timezone.now)

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.passed}"


class CallReviewer(SharedModel):
    """Who judges a call's proposals. Their own towns (appointments) are ties without being named here."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="reviewers")
    person = models.ForeignKey("base.Person", models.PROTECT, related_name="+", verbose_name=_("審査員"))
    areas = models.JSONField(_("詳しい分野"), default=list)
    towns = models.ManyToManyField(
        "base.Municipality", related_name="+", verbose_name=_("関わりのある自治体")
    )
    organisations = models.TextField(_("関わりのある事業者・団体"), blank=True)
    """One a line."""
    most = models.PositiveSmallIntegerField(_("引き受けられる件数"), null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["call", "person"], name="call_reviewer_once"),)

    def __str__(self) -> str:
        return f"{self.call_id}: {self.person_id}"

    @property
    def organisation_names(self) -> list[str]:
        return [line.strip() for line in self.organisations.splitlines() if line.strip()]


class ReviewerRecusal(SharedModel):
    """A proposal that a reviewer says they must not judge."""

    reviewer = models.ForeignKey(CallReviewer, models.CASCADE, related_name="recusals")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="recusals")
    reason = EncryptedTextField(_("理由"))
    """May speak of their family or work."""
    at = models.DateTimeField(_("日時"), default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["reviewer", "proposal"], name="reviewer_recusal_once"),
        )

    def __str__(self) -> str:
        return f"{self.reviewer_id}/{self.proposal_id}"


class ProposalReview(SharedModel):
    """A proposal assigned to a reviewer, and what they wrote of it."""

    reviewer = models.ForeignKey(CallReviewer, models.CASCADE, related_name="reviews")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="reviews")
    comment = models.TextField(_("全体の講評"), blank=True)
    done_at = models.DateTimeField(_("提出日時"), null=True)
    """None: not yet handed in."""

    class Meta:
        ordering = ("proposal__number", "pk")
        constraints = (models.UniqueConstraint(fields=["reviewer", "proposal"], name="proposal_review_once"),)

    def __str__(self) -> str:
        return f"{self.reviewer_id}/{self.proposal_id}"


class ReviewMark(SharedModel):
    """A reviewer's points for one criterion."""

    review = models.ForeignKey(ProposalReview, models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(CallCriterion, models.CASCADE, related_name="marks")
    points = models.PositiveSmallIntegerField(_("点数"))
    comment = models.TextField(_("コメント"), blank=True)

    class Meta:
        ordering = ("criterion__ordinal", "pk")
        constraints = (models.UniqueConstraint(fields=["review", "criterion"], name="review_mark_once"),)

    def __str__(self) -> str:
        return f"{self.review_id}/{self.criterion_id}: {self.points}"


class CallEvaluation(SharedModel):
    """One computed ranking and recommendation of a call. Every run is kept; the last one counts."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="evaluations")
    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    """The town in whose ledger the result stands."""
    ledger_index = models.PositiveBigIntegerField(null=True)
    given = models.JSONField(default=dict)
    """What it was computed from, but for the marks: weights, budget, rules, method."""
    places = models.JSONField(default=list)
    """By rank: proposal (pk), rank, score, raw, marks, and what the selection says of it."""
    severity = models.JSONField(default=dict)
    """By reviewer (pk): how mild (+) or strict (-)."""
    groups = models.PositiveSmallIntegerField(default=1)
    """Groups of proposals and reviewers that share no mark."""
    total = models.FloatField(default=0)
    cost = models.PositiveBigIntegerField(default=0)
    tied = models.BooleanField(default=False)
    steadiness = models.JSONField(default=dict)
    """By proposal (pk): shares of draws in which it is selected. Empty until the job has computed it."""
    samples = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    """Of all marks, so that one sees whether they changed since."""
    by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("日時"), default=timezone.now)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.call_id}: {self.at:%Y-%m-%d %H:%M}"


class ProposalDecision(SharedModel):
    """What people decided about a proposal, beside what had been recommended."""

    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="decision")
    adopted = models.BooleanField(_("採択"))
    recommended = models.BooleanField(_("推薦"), null=True)
    """None: it was not among those ranked (formal requirements not met)."""
    reason = models.TextField(_("理由"))
    """Given to the towns in the letter."""
    overruling = models.TextField(_("推薦と異なる理由"), blank=True)
    amount = models.PositiveBigIntegerField(_("決定額（円）"), default=0)
    score = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    rank = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("日時"), default=timezone.now)

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.adopted}"

    @property
    def overruled(self) -> bool:
        return self.recommended is not None and self.recommended != self.adopted
