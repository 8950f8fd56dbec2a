"""Erasing a case: its words, its files and what the search and the ledgers keep of them."""

import pytest

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import LedgerSalt
from machi.base.scoping import every_municipality, in_consortium, in_municipality
from machi.governance.domain import evidence
from machi.learning.domain import cases_files, cases_index
from machi.learning.domain.cases_search import Wanted, library
from machi.learning.models import Case, CaseFile
from tests.learning.cases import a_scene

# Real transactions: what is erased for good is erased after they hold.
pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = "手順書".encode()


@pytest.fixture
def scene():
    return a_scene()


def attached(scene, case, name="手順.txt"):
    town = scene.towns[0]
    with in_consortium(scene.consortium), in_municipality(town):
        return cases_files.attach(case, town, scene.person(town), name, CONTENT)


def erase(scene, case):
    erasing.erase(scene.towns[0], f"ai_case:{case.pk}", ground=erasing.Ground.REQUEST, reference="受付1")


def test_words_files_index_and_digests_go_and_figures_stay(scene):
    atsugi, yaizu, _ = scene.towns
    case = scene.case(state="draft")
    path = cases_files.path_of(attached(scene, case))
    kept_elsewhere = evidence.keep(atsugi, "同じ.txt", CONTENT)
    scene.adopted(published := scene.case(), yaizu, state="worked", hours_saved=5, counted="measured")
    cases_index.build(scene.consortium.pk)
    erase(scene, case)
    erase(scene, published)
    assert not path.exists()
    assert evidence.stored(atsugi, kept_elsewhere.digest).exists()
    with in_consortium(scene.consortium), in_municipality(yaizu):
        for gone in Case.objects.all():
            assert (gone.problem, gone.after, gone.risk_checked, gone.system) == (None, None, None, "")
            assert gone.title == "（消去した事例）"
        assert published.adoptions.get().hours_saved == 5
        assert not CaseFile.objects.exists()
        assert library(scene.consortium, yaizu, Wanted("議事録")).lines == []
    assert cases_index.index_of(scene.consortium).status().passages == 0
    with every_municipality():
        left = LedgerSalt.objects.filter(entry__subject=f"ai_case:{published.pk}", entry__kind="case")
        assert not left.exists()


def test_a_file_that_another_case_has_too_stays(scene):
    one, two = (
        scene.case(state="draft"),
        scene.case({"title": "別", "field": "other", "tool": "rpa", "year": 2025}, state="draft"),
    )
    path = cases_files.path_of(attached(scene, one))
    attached(scene, two)
    erase(scene, one)
    assert path.exists()
    erase(scene, two)
    assert not path.exists()


def test_only_ones_own_and_only_once(scene):
    case = scene.case()
    with pytest.raises(Refused, match="すでに消去されています"):
        erasing.erase(scene.towns[1], f"ai_case:{case.pk}", ground=erasing.Ground.REQUEST)
    erase(scene, case)
    with pytest.raises(Refused, match="すでに消去されています"):
        erase(scene, case)
