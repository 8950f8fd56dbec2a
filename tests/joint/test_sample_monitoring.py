"""The sample's projects and programmes: made through the verbs, once, and the same for the same seed."""

import pytest

from machi.base import ledger
from machi.base.models import Role
from machi.base.scoping import in_consortium
from machi.joint.domain.monitoring_progress import progress_of
from machi.joint.engine.variance import Standing
from machi.joint.models import (
    BenefitSheet,
    FundingCheck,
    FundingProgramme,
    JointProject,
    KpiValue,
    ModelAdoption,
    ProjectReport,
    TownStanding,
)
from machi.joint.sample import funding, monitoring
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, many_towns, office_of, towns_of

pytestmark = pytest.mark.django_db


def test_three_towns_have_projects_programmes_and_a_sheet_once():
    consortium = a_consortium()
    office_of(consortium)
    for town in towns_of(consortium):
        a_person(Role.CLERK, town)
        a_person(Role.MANAGER, town)
    with in_consortium(consortium):
        for _ in range(2):
            monitoring.load(consortium)
            funding.load(consortium)
        found = list(JointProject.objects.order_by("pk"))
        assert [one.state for one in found] == ["running", "done"]
        standing = [kpi.standing for kpi in progress_of(found)[found[0].pk]]
        assert standing == [Standing.ON_TRACK, Standing.BEHIND]
        assert ProjectReport.objects.count() == 2 * 3 - 1 + 4
        assert ModelAdoption.objects.get().state == "partly"
        assert FundingProgramme.objects.count() == 6
        assert str(FundingCheck.objects.get().chosen) == "見本：共同DX推進補助金"
        assert BenefitSheet.objects.get().state == "fixed"
    assert all(ledger.verify(town) == [] for town in towns_of(consortium))


def test_generated_consortium_is_the_same_for_the_same_seed():
    def told(seed):
        with in_consortium(consortium):
            monitoring.generate(consortium, seed)
            funding.generate(consortium, seed)
            figures = list(KpiValue.objects.order_by("pk").values_list("value", flat=True))
            titles = list(JointProject.objects.order_by("pk").values_list("title", flat=True))
            flags = list(TownStanding.objects.order_by("town").values_list("flags", flat=True))
            for model in (ProjectReport, JointProject, TownStanding, FundingProgramme):
                model.objects.all().delete()
            return figures, titles, flags

    consortium = many_towns(12)
    first = told(1)
    assert len(first[1]) == 3
    assert first[0]
    assert told(1) == first
    assert told(2) != first
