"""What the pages say of costs is what the engines reckon; where towns are is what the register says."""

import pytest

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.joint.domain import partners as choices
from machi.joint.domain import partners_atlas as atlas
from machi.joint.domain import partners_costs as costs
from machi.joint.domain.partners_quality import measured
from machi.joint.domain.partners_suggest import medians
from machi.joint.domain.partners_words import CAVEATS, PURPOSES, UNITS
from machi.joint.engine.cost_model import Form
from machi.joint.engine.cost_sample import Purpose
from machi.joint.engine.joint_savings import Caveat
from machi.joint.engine.partners import NEEDS, STRENGTHS

ATSUGI, EBINA, AIKAWA, NAMIE = "142123", "142158", "144011", "075477"
TOWNS = [ATSUGI, EBINA, AIKAWA]


@pytest.mark.parametrize("purpose", Purpose)
def test_together_is_the_estimate_applied_to_today(purpose):
    before, after = costs.together_before_and_after(purpose, TOWNS)
    (found,) = [one.savings for one in costs.estimates(TOWNS) if one.purpose is purpose]
    assert 1 - after.actual / before.actual == pytest.approx(found.share.value)
    assert 1 - after.expected / before.expected == pytest.approx(found.share.value)
    assert before.actual * before.population / costs.scale(purpose) == pytest.approx(found.today)


def test_standings_add_up_to_the_published_accounts():
    found = costs.standings(Purpose.TOTAL, TOWNS)
    assert [one.code for one in found] == TOWNS
    (row,) = atlas.table().rows([ATSUGI])
    assert found[0].actual * found[0].population == pytest.approx(atlas.table().column("D3203")[row])


def test_curve_is_within_its_band_and_rises_nowhere_below_ten_thousand():
    for purpose in Purpose:
        line = costs.curve_of(purpose, Form.SPLINE)
        assert all(one.low < one.value < one.high for one in line)
        small = [one.value for one in line if one.population < 10_000]
        assert small == sorted(small, reverse=True)


def test_selection_needs_two_towns_of_the_sample_and_not_too_many():
    assert choices.checked([ATSUGI, EBINA, ATSUGI, "999999"]) == [ATSUGI, EBINA]
    assert choices.checked([ATSUGI, EBINA, NAMIE]) == [NAMIE, ATSUGI, EBINA]
    for codes in ([ATSUGI], [ATSUGI, NAMIE], atlas.of_prefecture("200000")):
        with pytest.raises(Refused):
            choices.checked(codes)


def test_every_municipality_has_a_place_and_borders_where_it_has_a_shape():
    assert set(atlas.places()) == set(atlas.table().codes) == set(atlas.populations())
    touching = {code for pair in atlas.touching() for code in pair}
    assert touching <= set(atlas.boundaries().rings)
    assert EBINA in atlas.neighbours(ATSUGI)
    assert "141003" in list(atlas.boundaries().rings)  # Yokohama, of its wards


def test_only_far_islands_are_left_off_a_map():
    for prefecture in ("140007", "200000", "010006", "370002"):
        assert atlas.outlying(atlas.of_prefecture(prefecture)) == set()
    assert len(atlas.outlying(atlas.of_prefecture("130001"))) == 9
    assert {"473502", "473812"} & atlas.outlying(atlas.of_prefecture("470007"))


def test_everything_that_is_found_has_words():
    assert set(UNITS) == {one.key for one in (*NEEDS, *STRENGTHS)} == set(medians())
    assert set(CAVEATS) == set(Caveat)
    assert set(PURPOSES) == set(Purpose)


def test_quality_is_what_is_measured_on_unseen_prefectures():
    lines = {str(one.label): str(one.value) for one in measured(Municipality(code=ATSUGI))}
    assert lines == {
        "歳出の総額": "13.0%",
        "福祉（民生費）": "10.9%",
        "土木（土木費）": "24.2%",
        "教育（教育費）": "20.0%",
        "一般行政の職員数": "11.8%",
    }
