"""A lesson's Markdown: what is shown, and what never comes out."""

import html
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from machi.learning.engine.lesson_text import pictured, tokens_of
from machi.learning.engine.media_kind import is_webvtt, media_kind
from tests.learning.courses import MP4, VTT, WEBM, png

_renderer = MarkdownIt("commonmark", {"html": False})


def rendered(text: str) -> str:
    def shown(name: str, alone: bool) -> str | None:
        if name != "a.png":
            return None
        return '<figure><img src="/a.png" alt="絵"></figure>' if alone else '<img src="/a.png" alt="絵">'

    return str(_renderer.renderer.render(tokens_of(text, shown), _renderer.options, {}))


def test_a_picture_alone_comes_out_of_its_paragraph() -> None:
    assert rendered("前\n\n![](a.png)\n\n後") == (
        '<p>前</p>\n<figure><img src="/a.png" alt="絵"></figure><p>後</p>\n'
    )


def test_a_picture_in_a_sentence_stays_there() -> None:
    assert rendered("左の ![](a.png) です") == '<p>左の <img src="/a.png" alt="絵"> です</p>\n'


@pytest.mark.parametrize("source", ["https://elsewhere.example/x.png", "data:image/png;base64,AAAA", "b.png"])
def test_pictures_from_elsewhere_are_their_words(source: str) -> None:
    assert rendered(f"![説明]({source})") == "<p>説明</p>\n"


def test_raw_html_is_text() -> None:
    assert "<script>" not in rendered("<script>alert(1)</script>\n\n文<img src=x onerror=alert(1)>")


@pytest.mark.parametrize("address", ["/m/142123/", "ftp://x.example/", "#x", "tel:110", "//x.example/"])
def test_links_elsewhere_than_to_the_web_are_text(address: str) -> None:
    assert rendered(f"[ここ]({address})") == "<p>ここ</p>\n"


def test_links_to_the_web_do_not_tell_where_one_comes_from() -> None:
    assert rendered("[ここ](https://x.example/)") == (
        '<p><a href="https://x.example/" rel="noreferrer">ここ</a></p>\n'
    )
    assert rendered("[a](/x)[b](https://x.example/)").count("<a ") == 1


def test_lines_broken_between_japanese_letters_are_closed_up() -> None:
    assert rendered("言葉の後に\nどの言葉") == "<p>言葉の後にどの言葉</p>\n"
    assert rendered("**後に**\n「どの」") == "<p><strong>後に</strong>「どの」</p>\n"
    assert rendered("an\nAI") == "<p>an\nAI</p>\n"
    assert rendered("言葉  \n次") == "<p>言葉<br />\n次</p>\n"


def test_pictured_names_each_with_its_line() -> None:
    assert pictured("文\n\n![](a.png)\n\n- ![x](b.mp4)") == [("a.png", 3), ("b.mp4", 5)]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


_PIECES = st.sampled_from(
    [
        "<script>", "</script>", "![", "](", ")", "a.png", "javascript:alert(1)", "JaVaScRiPt:x", "[", "]",
        "onerror=", "<img src=x>", "`", "\n", "\n\n", "|", "# ", "<", ">", "&lt;", "data:text/html,x", '"', "文",
        "<a href=", "https://x.example/", "vbscript:x", "![](a.png)", " ",
    ]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map("".join) | st.text(max_size=200))
def test_nothing_that_runs_ever_comes_out(text: str) -> None:
    parser = _Tags()
    parser.feed(rendered(text))
    for tag, attributes in parser.seen:
        assert tag not in {"script", "iframe", "object", "embed", "style", "form", "base", "link", "meta"}
        assert not any(name.startswith("on") for name in attributes)
        if tag == "img":
            assert attributes["src"] == "/a.png"
        if tag == "a":
            assert (
                html.unescape(attributes["href"] or "").lower().startswith(("http://", "https://", "mailto:"))
            )


def test_media_are_told_by_their_content() -> None:
    assert media_kind(png()) == "png"
    assert media_kind(b"\xff\xd8\xff\xe0" + bytes(20)) == "jpeg"
    assert media_kind(MP4) == "mp4"
    assert media_kind(WEBM) == "webm"
    for other in (b"", b"<svg xmlns='x'/>", b"GIF89a", b"%PDF-1.7", b"MZ" + bytes(60), b"\0\0\0\x18ftypqt  "):
        assert media_kind(other) is None


@given(st.binary(max_size=300))
def test_other_bytes_are_never_a_video(data: bytes) -> None:
    assert media_kind(data) not in ("mp4", "webm") or data[4:8] == b"ftyp" or data[:4] == b"\x1a\x45\xdf\xa3"


def test_captions_have_their_magic_word_and_a_time() -> None:
    assert is_webvtt(VTT)
    assert is_webvtt("\ufeff" + VTT)
    assert is_webvtt("WEBVTT - 題\n\n01:02.000 --> 01:04.500\nx")
    for wrong in (
        "",
        "WEBVTT",
        "WEBVTTx\n\n00:00.000 --> 00:01.000\nx",
        VTT.replace("WEBVTT", ""),
        "1\n00:00:01,000",
    ):
        assert not is_webvtt(wrong)
