"""What the town publishes of its desk's quality is what was measured."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from django.utils import timezone

from machi.base.scoping import in_municipality
from machi.frontdesk.domain.quality import published
from machi.frontdesk.models import QualityMeasurement
from tests.base.factories import a_municipality
from tests.frontdesk.factories import a_question

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_published_figures_are_those_of_the_benchmarks_document() -> None:
    kept = json.loads((files("machi.frontdesk.engine") / "data" / "answers_measured.json").read_text("utf-8"))
    text = (DOCS.parent / kept["document"]).read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith("| **machi** |"))
    right, wrong, _silent, refused = [cell.strip() for cell in row.split("|")[2:6]]
    assert (kept["answered_right"], kept["answered_wrong"], kept["refused"]) == (right, wrong, refused)
    counts = f"{kept['answerable']} answerable and {kept['unanswerable']} unanswerable questions"
    assert counts in " ".join(text.split())


@pytest.mark.django_db
def test_the_towns_own_figures_are_added_once_there_are_some() -> None:
    town = a_municipality()
    with in_municipality(town):
        assert len(published(town)) == 3
        QualityMeasurement.objects.create(
            municipality=town, index_revision="1", questions=8, hit_1=0.5, hit_3=0.875, hit_10=1, mrr_10=0.7
        )
    for helped in (True, True, True, False):
        a_question(town, helped=helped)
    with in_municipality(town):
        measured, helped_line = published(town)[3:]
    assert (measured.value, measured.on) == ("87.5%", timezone.localdate())
    assert "8件" in str(measured.note)
    assert (helped_line.value, helped_line.on) == ("75%", None)
    assert "4人" in str(helped_line.note)
