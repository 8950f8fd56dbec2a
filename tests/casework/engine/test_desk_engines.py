"""The desk's own engines: form definitions as JSON, the draw of samples, thresholds, forecasts, snippets, charts."""

from __future__ import annotations

import hashlib
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from machi.base.engine.workdays import is_working_day
from machi.casework.engine.corrections import Sample, bands, propose, upper_share
from machi.casework.engine.filling import fill
from machi.casework.engine.form_data import KINDS, from_data, to_data
from machi.casework.engine.form_drawing import definition, typst_source
from machi.casework.engine.lines import line
from machi.casework.engine.snippets import crop
from machi.casework.engine.straight_through import Seen, drawn, reasons_against
from machi.casework.engine.types import Box, FieldDefinition, FormDefinition, Option, Place
from machi.casework.engine.workload import forecast, times, working_days_between
from tests.casework.desk import LAYOUT, VALUES

shares = st.floats(0, 1, allow_nan=False)
boxes = st.tuples(shares, shares, shares, shares).map(
    lambda s: Box(min(s[0], s[2]), min(s[1], s[3]), max(s[0], s[2]), max(s[1], s[3]))
)
words = st.text(max_size=20)
fields = st.builds(
    FieldDefinition,
    key=st.text("abcdefgh", min_size=1, max_size=8),
    label=words,
    kind=st.sampled_from(KINDS),
    place=st.none() | st.builds(Place, st.just(0), boxes),
    anchors=st.lists(words, max_size=2).map(tuple),
    options=st.lists(
        st.builds(Option, words, words, st.none() | st.builds(Place, st.just(0), boxes)), max_size=3
    ).map(tuple),
    required=st.booleans(),
)


@given(st.lists(fields, max_size=5, unique_by=lambda one: one.key))
def test_form_comes_back_from_json_as_it_went(found: list[FieldDefinition]) -> None:
    form = FormDefinition("key", "題", "1", tuple(found), marks=("題",))
    assert from_data(to_data(form)) == form


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "nothing"},
        {"place": {"page": 1, "box": [0, 0, 1, 1]}},
        {"place": {"page": 0, "box": [0.5, 0, 0.2, 1]}},
        {"place": {"page": 0, "box": [0, 0, 1, 1.2]}},
        {"place": {"page": 0, "box": [0, 0, 1]}},
    ],
)
def test_form_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    data = {"key": "f", "title": "f", "version": "1", "fields": [{"key": "a", "label": "a", **wrong}]}
    with pytest.raises(ValueError):
        from_data(data)
    with pytest.raises(ValueError):
        from_data({"key": "f"})


def test_only_what_is_beyond_doubt_goes_straight_through() -> None:
    sure = Seen(0.995, 0.99, (), empty=False, required=True)

    def against(**changed):
        usual = {"allowed": True, "two_person": False, "values": [sure], "results": ["passed"]}
        return reasons_against(**{**usual, **changed})

    assert against() == []
    assert against(allowed=False) == ["not-allowed"]
    assert against(two_person=True) == ["two-person"]
    assert against(only=False) == ["not-of-that-kind"]
    assert against(results=[]) == ["nothing-checked"]
    assert against(values=[]) == ["nothing-read"]
    assert against(results=["passed", "failed"]) == ["rule-failed"]
    assert against(results=["unknown"]) == ["rule-unknown"]
    assert against(results=["anything else"]) == ["rule-unknown"]
    assert against(values=[Seen(0.98, 0.99, (), empty=False, required=True)]) == ["low-confidence"]
    assert against(values=[Seen(1, 0.99, ("check-digit",), empty=False, required=False)]) == ["doubt"]
    assert against(values=[Seen(1, 0.99, (), empty=True, required=True)]) == ["missing"]


def test_sample_is_drawn_by_digest_alone_and_is_of_its_share() -> None:
    digests = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(10_000)]
    found = [one for one in digests if drawn(one, 0.1)]
    assert 900 < len(found) < 1_100
    assert set(found) <= {one for one in digests if drawn(one, 0.2)}  # a larger sample holds the smaller
    assert all(drawn(one, 1.0) for one in digests)
    with pytest.raises(ValueError):
        drawn(digests[0], 1.1)


@given(st.lists(st.builds(Sample, shares, st.booleans()), max_size=60))
def test_every_sample_is_in_one_band(samples: list[Sample]) -> None:
    found = bands(samples)
    assert sum(band.seen for band in found) == len(samples)
    assert sum(band.wrong for band in found) == sum(one.wrong for one in samples)


def test_few_lucky_readings_lower_no_threshold() -> None:
    assert propose([Sample(0.97, wrong=False)] * 100) is None
    proposal = propose([Sample(0.97, wrong=False)] * 120)
    assert proposal is not None
    assert (proposal.value, proposal.seen) == (0.5, 120)
    mixed = [Sample(0.97, wrong=False)] * 120 + [Sample(0.7, wrong=True)] * 5
    proposal = propose(mixed)
    assert proposal is not None
    assert proposal.value == 0.8


def test_sure_readings_that_were_wrong_call_for_looking_at_all() -> None:
    proposal = propose([Sample(0.999, wrong=number < 3) for number in range(60)])
    assert proposal is not None
    assert proposal.value == 1.0


def test_upper_share_is_wilsons() -> None:
    assert upper_share(0, 108) == pytest.approx(0.01498, abs=1e-4)
    assert upper_share(5, 10) == pytest.approx(0.6880, abs=1e-3)  # by hand
    with pytest.raises(ValueError):
        upper_share(0, 0)


def test_forecast_is_the_weekdays_mean() -> None:
    today = date(2026, 10, 1)  # a Thursday
    counts = {}
    for week in range(10):
        for weekday in range(5):
            day = today - timedelta(days=3) - timedelta(weeks=week) + timedelta(days=weekday)
            counts[day] = 10 if weekday == 0 else 2
    found = {one.day: one for one in forecast(counts, today, 10, is_working_day)}
    assert found[date(2026, 10, 5)].mean == 10
    assert found[date(2026, 10, 6)].mean == pytest.approx(2)
    assert date(2026, 10, 12) not in found  # スポーツの日
    assert date(2026, 10, 3) not in found
    assert all(one.low <= one.mean <= one.high for one in found.values())
    assert forecast({}, today, 5, is_working_day, since=today - timedelta(days=3)) == []


def test_times_of_cases() -> None:
    assert times([]) is None
    found = times([(days, days > 8) for days in range(1, 11)])
    assert found is not None
    assert (found.median, found.ninth, found.late) == (5.5, 9, 2)
    assert working_days_between(date(2026, 12, 28), date(2027, 1, 5), is_working_day) == 2


@given(boxes)
def test_snippet_is_a_picture_for_every_box(box: Box) -> None:
    out = io.BytesIO()
    Image.new("L", (400, 560), 255).save(out, "PNG")
    with Image.open(io.BytesIO(crop(out.getvalue(), box))) as found:
        assert 1 <= found.width <= 410
        assert 1 <= found.height <= 570


def test_snippet_of_no_picture_is_an_error() -> None:
    with pytest.raises(ValueError):
        crop(b"nothing", Box(0, 0, 1, 1))


def test_line_parts_where_a_value_is_missing() -> None:
    found = line([1.0, 2.0, None, 4.0], list("abcd"))
    assert found is not None
    assert len(found.points) == 1
    assert len(found.marks) == 3
    assert found.ticks[0][1] == 0
    assert line([1.0, None], ["a", "b"]) is None
    with pytest.raises(ValueError):
        line([1.0], [])


def test_filled_form_holds_what_was_written() -> None:
    import pypdfium2

    (pdf,) = fill(typst_source(LAYOUT), definition(LAYOUT), VALUES)
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    for key in ("name", "address", "dog"):
        assert VALUES[key].replace(" ", "") in "".join(text.split())
    assert fill(typst_source(LAYOUT), definition(LAYOUT), VALUES) == [pdf]
