from machi.frontdesk.engine.reading import Limits, ReadResult, read
from machi.frontdesk.engine.reading.pdf import read_pdf
from machi.language.engine.types import Block
from tests.frontdesk.engine.reading.pdf_files import Text, pdf

FOOT = Text("見本市 広報", 60, 30, 9)


def read_pages(*pages: list[Text], pictures: tuple[int, ...] = ()) -> ReadResult:
    """In this process: the child of `read` is tested below and with bad input."""
    return read_pdf("案内.pdf", pdf(pages, pictures=pictures), Limits())


def test_a_pdf_is_read_in_a_child_process() -> None:
    result = read("a.pdf", pdf([[Text("粗大ごみは電話で申し込みます。", 60, 700)]]))
    assert (result.kind, result.read, result.not_read, result.problems) == ("pdf", 1, 0, ())
    assert result.documents[0].blocks == (Block("paragraph", "粗大ごみは電話で申し込みます。", 0, "1ページ"),)


def test_larger_type_is_a_heading_and_wrapped_lines_are_one_paragraph() -> None:
    result = read_pages(
        [
            Text("夏まつりのご案内", 60, 760, 20),
            Text("日時のこと", 60, 720, 14),
            Text("令和7年8月2日（土）午前10時から午後5時まで、市役所の前の広場で夏まつ", 60, 700),
            Text("りを開きます。お誘い合わせのうえお越しください。", 60, 685),
            Text("・持ち物 水筒", 60, 660),
        ],
        [Text("場所のこと", 60, 760, 14), Text("市役所前広場です。", 60, 740)],
    )
    [document] = result.documents
    assert document.title == "夏まつりのご案内"
    assert document.blocks == (
        Block("heading", "夏まつりのご案内", 1, "1ページ"),
        Block("heading", "日時のこと", 2, "1ページ"),
        Block(
            "paragraph",
            "令和7年8月2日（土）午前10時から午後5時まで、市役所の前の広場で夏まつりを開きます。"
            "お誘い合わせのうえお越しください。",
            0,
            "1ページ",
        ),
        Block("list_item", "・持ち物 水筒", 1, "1ページ"),
        Block("heading", "場所のこと", 2, "2ページ"),
        Block("paragraph", "市役所前広場です。", 0, "2ページ"),
    )


def test_running_feet_and_page_numbers_are_left_out() -> None:
    pages = [
        [Text(f"{name}の本文です。", 60, 740), FOOT, Text(f"- {n} -", 290, 15, 9)]
        for n, name in enumerate("甲乙丙", 1)
    ]
    result = read_pages(*pages)
    [document] = result.documents
    assert [found.message for found in result.problems] == [
        "各ページに繰り返される文字は本文に入れていません: 見本市 広報"
    ]
    assert [block.text for block in document.blocks] == ["甲の本文です。", "乙の本文です。", "丙の本文です。"]


def test_a_scanned_page_is_reported_as_not_read() -> None:
    result = read_pages([Text("文字のあるページです。", 60, 740)], [], pictures=(1,))
    assert (result.read, result.not_read) == (1, 1)
    assert [(found.place, found.code, found.severity) for found in result.problems] == [
        ("2ページ", "scanned-page", "error")
    ]


def test_a_scanned_file_gives_no_document() -> None:
    result = read_pages([], pictures=(0,))
    assert (result.documents, result.read, result.not_read) == ((), 0, 1)


def test_vertical_writing_is_read_in_order_or_reported() -> None:
    """PDFium puts columns together or not, by the font that this machine has in place of the one not embedded."""
    columns = ((500, "広報見本市の夏まつりのお知らせです"), (470, "八月二日に中央公園で開きます"))
    result = read_pages([Text(char, x, 800 - 20 * n) for x, text in columns for n, char in enumerate(text)])
    if result.problems:
        assert [(found.place, found.code) for found in result.problems] == [("1ページ", "vertical-text")]
        assert result.documents == ()
    else:
        [document] = result.documents
        assert "".join(block.text for block in document.blocks) == "".join(text for _x, text in columns)


def test_pages_beyond_the_limit_are_reported() -> None:
    pages = [[Text("本文です。", 60, 740)]] * 3
    result = read_pdf("a.pdf", pdf(pages), Limits(pages=2))
    assert (result.read, result.not_read) == (2, 1)
    assert [found.code for found in result.problems] == ["too-many-pages"]
