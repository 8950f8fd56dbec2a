"""The use rules as text."""

from hypothesis import given
from hypothesis import strategies as st

from machi.governance.engine.policy import Line, Section, differences, for_town, template

NEEDED = {
    "purpose",
    "scope",
    "allowed",
    "forbidden",
    "personal_information",
    "checking",
    "copyright",
    "incidents",
    "accounts",
    "responsibilities",
    "review",
}


def test_template_has_every_section_with_help_and_names_what_it_follows():
    kept = template()
    assert {one.key for one in kept.sections} == NEEDED == set(kept.help)
    assert all(one.title and one.body for one in kept.sections)
    assert any("DS-920" in name for name in kept.follows)


def test_template_speaks_of_the_town():
    text = "".join(one.body for one in for_town("厚木市"))
    assert "厚木市の職員" in text
    assert "{" not in text


def test_difference_shows_changed_lines_with_one_line_around():
    old = [Section("a", "目的", "一\n二\n三\n四\n五"), Section("b", "対象", "同じ")]
    new = [Section("a", "目的", "一\n二\n参\n四\n五"), Section("b", "対象", "同じ")]
    [found] = differences(old, new)
    assert (found.title, found.change) == ("目的", "changed")
    assert found.lines == (
        Line("same", ""),
        Line("same", "二"),
        Line("removed", "三"),
        Line("added", "参"),
        Line("same", "四"),
        Line("same", ""),
    )


def test_difference_tells_sections_that_came_and_went():
    old, new = [Section("a", "前", "一")], [Section("b", "後", "二")]
    assert [(one.title, one.change) for one in differences(old, new)] == [("後", "added"), ("前", "removed")]


texts = st.lists(st.sampled_from("一二三四"), max_size=8).map("\n".join)
sections = st.lists(
    st.builds(Section, st.sampled_from("abc"), st.sampled_from(["題", "名"]), texts),
    unique_by=lambda one: one.key,
)


@given(sections, sections)
def test_difference_is_empty_exactly_for_equal_sections(old, new):
    assert (differences(old, new) == []) == ({one.key: one for one in old} == {one.key: one for one in new})


@given(texts, texts)
def test_all_added_and_removed_lines_are_shown(before, after):
    found = differences([Section("a", "題", before)], [Section("a", "題", after)])
    shown = [line for one in found for line in one.lines]
    assert len([one for one in shown if one.change == "added"]) - len(
        [one for one in shown if one.change == "removed"]
    ) == len(after.splitlines()) - len(before.splitlines())


def test_empty_lines_are_no_difference_worth_showing():
    old, new = [Section("a", "題", "一\n\n二")], [Section("a", "題", "一\n\n\n二\n\n三")]
    [found] = differences(old, new)
    assert found.lines == (Line("same", ""), Line("same", "二"), Line("added", "三"))
