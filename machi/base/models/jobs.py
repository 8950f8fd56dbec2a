"""How far the long work has come, for the people who wait for it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.scoping import ScopedModel


class Progress(ScopedModel):
    """One line per municipality and kind of long work; it is written anew when the work begins again."""

    key = models.CharField(max_length=60)
    label = models.CharField(_("作業"), max_length=120)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["municipality", "key"], name="progress_once"),)

    def __str__(self) -> str:
        return f"{self.label}: {self.done}/{self.total}"

    @property
    def percent(self) -> int:
        """0-100; work with nothing to do counts as done."""
        return 100 if not self.total else min(100, self.done * 100 // self.total)
