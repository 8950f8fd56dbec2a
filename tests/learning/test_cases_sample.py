"""The sample's cases and topics, and those of a generated consortium."""

import time

import pytest

from machi.base import sample as base_sample
from machi.base.domain.register import load_register
from machi.base.models import Consortium
from machi.base.sample_generated import members_only
from machi.base.scoping import in_consortium
from machi.language.engine.personal import find
from machi.learning.domain.cases import what_is_missing
from machi.learning.domain.cases_adoption import evidence_of
from machi.learning.domain.cases_index import index_of
from machi.learning.engine.cases_evidence import Level
from machi.learning.models import Case, Post, Topic
from machi.learning.sample import cases, discussion

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium(settings):
    settings.MACHI_SAMPLE = True
    base_sample.load()
    return Consortium.objects.get()


def load(consortium):
    with in_consortium(consortium):
        cases.load(consortium)
        discussion.load(consortium)


def test_sample_is_complete_marked_and_loaded_once(consortium, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        load(consortium)
    load(consortium)
    with in_consortium(consortium):
        found = list(Case.objects.filter(state="published").select_related("town"))
        assert len(found) == 8
        assert {case.town_id for case in found} == {"142123", "332020", "222127"}
        assert all(case.sample and case.state == "published" and not what_is_missing(case) for case in found)
        levels = {evidence_of(case, list(case.adoptions.all())).level for case in found}
        assert levels == {Level.TOLD, Level.TRIED, Level.REPEATED}
        assert sorted(Case.objects.exclude(state="published").values_list("state", flat=True)) == [
            "draft",
            "submitted",
        ]
        assert Topic.objects.count() == 3
        assert all(topic.sample for topic in Topic.objects.all())
    assert index_of(consortium).search("議事録")[0].score > 0


def test_no_person_is_named_in_the_sample(consortium):
    load(consortium)
    with in_consortium(consortium):
        texts = [
            getattr(case, name)
            for case in Case.objects.all()
            for name in ("title", "problem", "before", "after")
        ]
        texts += [post.body for post in Post.objects.all()]
    kinds = {one.kind.value for text in texts if text for one in find(text)}
    assert not kinds & {"TELEPHONE", "EMAIL", "ADDRESS", "MY_NUMBER", "DATE_OF_BIRTH"}
    assert "PERSON" not in kinds


def test_generated_consortium_of_52_towns_is_quick_and_the_same_for_the_same_seed():
    load_register()
    consortium = members_only(52)
    before = time.monotonic()
    with in_consortium(consortium):
        cases.generate(consortium, 1)
        discussion.generate(consortium, 1)
        took = time.monotonic() - before
        cases.generate(consortium, 1)
        discussion.generate(consortium, 1)
        assert Case.objects.count() == 120
        assert Case.objects.values("town").distinct().count() == 52
        assert Topic.objects.count() == 60
        assert Case.objects.filter(adoptions__isnull=False).distinct().count() > 60
        first = Case.objects.order_by("pk")[0].title
    assert took < 20
    assert first.endswith("（生成した見本）")
