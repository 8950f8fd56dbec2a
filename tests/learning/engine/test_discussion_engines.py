"""Mentions, and posts as HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from machi.learning.engine.discussion_markdown import to_html, to_text
from machi.learning.engine.discussion_mentions import MOST, mentions

TOWNS = ["厚木市", "倉敷市", "府中町", "府中"]


@pytest.mark.parametrize(
    ("text", "numbers", "towns"),
    [
        ("@2 ありがとうございます", (2,), ()),
        ("＠２さん、@3さん", (2, 3), ()),
        ("@厚木市の方、教えてください", (), ("厚木市",)),
        ("＠府中町と@府中", (), ("府中町", "府中")),
        ("@2 @2 @厚木市 @厚木市", (2,), ("厚木市",)),
        ("a@2.example、x@厚木市.jp", (), ()),
        ("@12345 @どこか市", (), ()),
        ("`@2` と\n```\n@厚木市\n```", (), ()),
        ("", (), ()),
    ],
)
def test_who_is_called(text, numbers, towns):
    found = mentions(text, TOWNS)
    assert (found.numbers, found.towns) == (numbers, towns)


def test_nobody_can_call_everybody():
    assert len(mentions(" ".join(f"@{n}" for n in range(1, 100)), []).numbers) == MOST


@given(st.text(max_size=300))
def test_any_text_can_be_asked_for_mentions(text):
    found = mentions(text, TOWNS)
    assert set(found.towns) <= set(TOWNS)
    assert all(0 <= number < 10_000 for number in found.numbers)


def test_markdown_becomes_html_below_the_headings_of_the_page():
    told = to_html("# 大事\n\n**強く** `code`\n\n- 一\n- 二", "表")
    assert "<h4>大事</h4>" in told
    assert "<strong>強く</strong>" in told
    assert "<li>一</li>" in told


def test_tables_have_a_name_each():
    told = to_html("|a|b|\n|-|-|\n|1|2|\n\nx\n\n|c|\n|-|\n|<i>|", '"3"の表')
    names = html.fromstring(f"<div>{told}</div>").xpath("//div[@role='region']/@aria-label")
    assert names == ['"3"の表 1', '"3"の表 2']
    assert told.count("</table></div>") == 2
    assert "&lt;i&gt;" in told


def test_links_lead_out_without_telling_from_where():
    assert 'rel="nofollow noreferrer noopener"' in to_html("[表](https://example.org/)", "")


HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,AAAA)",
    "![x](https://elsewhere.example/spy.png)",
    "<a href='javascript:x'>x</a>",
    "[x](<javascript:alert(1)>)",
    "```\n</code></pre><script>\n```",
]


def harmless(told):
    if not told.strip():
        return
    for element in html.fromstring(f"<div>{told}</div>").iter():
        assert element.tag not in ("script", "img", "iframe", "style", "object", "form")
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name != "style" or re.fullmatch(r"text-align:\w+", value)
            assert not re.match(r"\s*(javascript|data|vbscript):", value, re.IGNORECASE)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_runs_and_nothing_is_fetched(text):
    harmless(to_html(text, ""))


@given(st.text(alphabet="<>[]()!\"'`*_#|-:\n &;/ax1javscript", max_size=200))
def test_no_text_makes_html_that_runs(text):
    harmless(to_html(text, ""))


def test_words_alone_are_told_in_order():
    assert to_text("# 見出し\n\n**太字** と `コード`\n\n- 一") == "見出し 太字 と コード 一"
    assert to_text("") == ""
