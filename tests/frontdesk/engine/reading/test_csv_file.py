import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.frontdesk.engine.reading import ColumnHints, Limits, read
from machi.frontdesk.engine.reading.types import Problem
from machi.language.engine.types import Block

BULLETIN = """自治体名,公開年月,発行号タイトル,記事タイトル,カテゴリ,記事本文
神奈川県厚木市,2025.04.15,広報 第1号,ジュニアリーダーになろう &amp; 募集,子育て,"地域の催しを手伝います。

対象：市内の中学1年?高校2年生
費用：400円

■学校の違う友達ができた
楽しく活動しています。

問合せ：青少年課
【電話】225-2580"
神奈川県厚木市,2025.04.15,広報 第1号,図書館バス,くらし,"1人10冊まで。
<img class='x' src='a.jpg' alt='' />"
神奈川県厚木市,2025.04.15,広報 第1号,日程表,くらし,<img src='b.jpg' />
神奈川県厚木市,2025.04.15,広報 第1号,空の記事,くらし,
"""


def codes(problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    return [(found.place, found.code, found.severity) for found in problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "iso2022_jp"])
def test_any_usual_encoding_is_read(encoding: str) -> None:
    data = "質問,回答\nごみの日は？,月曜と木曜です。①と㈱も。\n"
    data = data if encoding in {"utf-8", "utf-8-sig", "cp932", "utf-16"} else data.replace("①と㈱も。", "")
    result = read("faq.csv", data.encode(encoding))
    assert result.problems == ()
    assert result.documents[0].title == "ごみの日は？"
    assert result.documents[0].blocks[1].text == data.splitlines()[1].split(",")[1]


def test_bulletin_articles_become_documents_with_their_structure() -> None:
    result = read("広報.csv", BULLETIN.encode("utf-8-sig"))
    assert (result.kind, result.read, result.not_read) == ("csv", 2, 2)
    article, bus = result.documents
    assert article.title == "ジュニアリーダーになろう & 募集"
    assert (article.date, article.category, article.place) == (date(2025, 4, 15), "子育て", "2行目")
    assert [(block.kind, block.level, block.text) for block in article.blocks] == [
        ("paragraph", 0, "地域の催しを手伝います。"),
        ("paragraph", 0, ""),
        ("paragraph", 0, "対象：市内の中学1年?高校2年生"),
        ("paragraph", 0, "費用：400円"),
        ("paragraph", 0, ""),
        ("heading", 1, "■学校の違う友達ができた"),
        ("paragraph", 0, "楽しく活動しています。"),
        ("heading", 1, ""),
        ("paragraph", 0, "問合せ：青少年課\n【電話】225-2580"),
    ]
    assert bus.blocks[0].text == "1人10冊まで。"
    assert codes(result.problems) == [
        ("3行目", "picture-not-read", "warning"),
        ("4行目", "picture-not-read", "error"),
        ("5行目", "cell-empty", "error"),
    ]


def test_the_body_of_an_article_is_kept_to_the_letter() -> None:
    body = "一行目。\n\n■見出し\n・項目\n\n(1)手順\n　字下げ"
    row = io.StringIO()
    csv.writer(row).writerows([["タイトル", "本文"], ["題", body]])
    [document] = read("a.csv", row.getvalue().encode()).documents
    assert "\n".join(block.text for block in document.blocks) == body


@pytest.mark.parametrize(
    "header",
    [
        "質問,回答",
        "Question,Answer",
        "Ｑ,Ａ",
        "ご質問,ご回答",
        "【質問】,【回答】",
        "よくある質問,答え",
        "質問内容 ,回答内容",
    ],
)
def test_faq_columns_are_known_by_many_names(header: str) -> None:
    [document] = read(
        "faq.csv", f"No,{header},担当課,URL\n1,休みは？,月曜です。,図書課,https://example.jp/q\n".encode()
    ).documents
    assert document.title == "休みは？"
    assert document.url == "https://example.jp/q"
    assert document.blocks == (
        Block("question", "休みは？", place="2行目"),
        Block("answer", "月曜です。", place="2行目"),
        Block("paragraph", "担当課: 図書課", place="2行目"),
    )


def test_an_faq_without_an_answer_is_reported_by_its_row() -> None:
    result = read("faq.csv", "質問,回答\n休みは？,\n料金は？,無料です。\n".encode())
    assert [document.title for document in result.documents] == ["料金は？"]
    assert codes(result.problems) == [("2行目", "cell-empty", "error")]
    assert (
        result.problems[0].message
        == "「回答」が空のため、この行は読み取りませんでした。記入してもう一度登録してください。"
    )
    assert (result.read, result.not_read) == (1, 1)


def test_a_day_of_validity_that_is_no_date_is_told_with_its_row_and_column() -> None:
    text = "質問,回答,有効開始,有効期限\nプールは,開きます,来月,2026-99-99\n図書館は,開きます,2026-04-01,無期限\n"
    result = read("faq.csv", text.encode())
    assert [(found.code, found.severity, found.place) for found in result.problems] == [
        ("validity-unread", "warning", "2行目"),
        ("validity-unread", "warning", "2行目"),
    ]
    assert "有効期限" in result.problems[1].message
    assert "2026-99-99" in result.problems[1].message
    assert [document.valid_from for document in result.documents] == [None, date(2026, 4, 1)]


def test_validity_columns_bound_an_faq() -> None:
    text = "質問,回答,公開開始日,公開終了日,更新日\nいつまで？,今月まで。,令和7年4月1日,R7.4.30,2025/3/20\n"
    [document] = read("faq.csv", text.encode()).documents
    assert (document.valid_from, document.valid_until) == (date(2025, 4, 1), date(2025, 4, 30))
    assert document.date == date(2025, 3, 20)


def test_hints_name_columns_that_are_not_known() -> None:
    data = "こまりごと,たいおう\n鍵をなくした,窓口へ。\n".encode()
    hints = ColumnHints(question="こまりごと", answer="たいおう")
    assert read("a.csv", data, hints=hints).documents[0].title == "鍵をなくした"
    assert read("a.csv", data).documents[0].title == "a"


def test_open_data_rows_stand_under_the_name_of_their_facility() -> None:
    text = (
        "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,名称,名称_カナ,住所,緯度,経度,設置位置,電話番号,備考\n"
        "222127,1,静岡県,焼津市,市役所本館,シヤクシヨ,本町2-16-32,34.8,138.3,２階正面入口,,\n"
        "222127,2,静岡県,焼津市,市役所本館,シヤクシヨ,本町2-16-32,34.8,138.3,４階管財課,,\n"
        "222127,3,静岡県,焼津市,アトレ庁舎,アトレ,本町5-6-1,34.8,138.3,１階,054-1,\n"
    )
    result = read("222127_aed.csv", text.encode("utf-8-sig"))
    [document] = result.documents
    assert document.title == "AED設置箇所一覧"
    assert [(block.kind, block.text, block.place) for block in document.blocks] == [
        ("heading", "市役所本館", "2行目"),
        ("table_row", "住所: 本町2-16-32\n設置位置: ２階正面入口", "2行目"),
        ("table_row", "住所: 本町2-16-32\n設置位置: ４階管財課", "3行目"),
        ("heading", "アトレ庁舎", "4行目"),
        ("table_row", "住所: 本町5-6-1\n設置位置: １階\n電話番号: 054-1", "4行目"),
    ]
    assert codes(result.problems) == [("", "columns-left-out", "info")]


def test_marks_under_one_heading_become_one_line() -> None:
    text = "名称,災害種別_洪水,災害種別_地震,災害種別_津波,開設（風水害）\n中港タワー,,○,1,○\n"
    [document] = read("a.csv", text.encode()).documents
    assert document.blocks[1].text == "災害種別: 地震、津波\n開設: 風水害"


def test_a_table_without_header_keeps_its_cells() -> None:
    [document] = read("a.csv", b"1,2,3\n4,5,6\n").documents
    assert [block.text for block in document.blocks] == ["1　2　3", "4　5　6"]


def test_titles_above_the_header_are_kept_as_text() -> None:
    [document] = read(
        "a.csv", "施設一覧,,\n,,\n名称,住所,電話\n図書館,本町,1\n公民館,東町,2\n".encode()
    ).documents
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("paragraph", "施設一覧"),
        ("heading", "図書館"),
        ("table_row", "住所: 本町\n電話: 1"),
        ("heading", "公民館"),
        ("table_row", "住所: 東町\n電話: 2"),
    ]


def test_undecodable_bytes_are_reported_cell_by_cell() -> None:
    rows = ["名称,住所,備考", *(f"施設{n},本町{n}丁目の長い住所を書いておく,なし" for n in range(20))]
    data = (
        "\n".join(rows)
        .encode("cp932")
        .replace("施設3,本町".encode("cp932"), b"\x8e\xfd\xfd\x90\xdd3,\x96{\xa0")
    )
    data = data.replace(
        "本町7丁目".encode("cp932"), "本町7".encode("cp932") + b"\x92\xff" + "目".encode("cp932")
    )
    result = read("a.csv", data)
    damaged = [found for found in result.problems if found.code == "undecodable"]
    assert [found.place for found in damaged][-1] == "9行目「住所」"
    assert all(found.severity == "error" for found in damaged)
    assert result.read == 20


def test_quoted_line_breaks_stay_in_their_cell_and_rows_count_as_a_spreadsheet_shows_them() -> None:
    result = read("a.csv", '質問,回答\n一？,"甲\r\n乙"\n二？,丙\n'.encode())
    assert [(document.blocks[1].text, document.place) for document in result.documents] == [
        ("甲\n乙", "2行目"),
        ("丙", "3行目"),
    ]


def test_tabs_and_semicolons_separate_too() -> None:
    for mark in "\t;":
        assert (
            read("a.csv", f"質問{mark}回答\n休みは？{mark}月曜。\n".encode()).documents[0].title == "休みは？"
        )


def test_cells_beyond_the_header_are_not_lost() -> None:
    [document] = read("a.csv", "名称,住所\n図書館,本町,追記あり\n".encode()).documents
    assert document.blocks[1].text == "住所: 本町\n3列目: 追記あり"


def test_rows_beyond_the_limit_are_counted_as_not_read() -> None:
    rows = "質問,回答\n" + "".join(f"問{n},答{n}\n" for n in range(30))
    result = read("a.csv", rows.encode(), limits=Limits(rows=10))
    assert (result.read, result.not_read) == (10, 20)
    assert codes(result.problems) == [("12行目以降", "too-many-rows", "error")]


def test_a_cell_without_end_is_reported() -> None:
    result = read("a.csv", ('質問,回答\n一？,甲\n二？,"' + "あ" * 140_000).encode())
    assert [document.title for document in result.documents] == ["一？"]
    assert codes(result.problems) == [("3行目", "csv-broken", "error")]


def test_a_header_alone_is_no_table() -> None:
    result = read("a.csv", "質問,回答\n".encode())
    assert result.documents == ()
    assert codes(result.problems) == [("", "no-rows", "error")]


def test_places_and_links_that_are_no_web_address_are_dropped() -> None:
    for address in ("javascript:alert(1)", "ftp://x", "www.example.jp", "https://a b"):
        [document] = read("a.csv", f"質問,回答,URL\n休みは？,月曜。,{address}\n".encode()).documents
        assert document.url == ""


CELLS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cn", "Cs", "Zl", "Zp")),
    max_size=20,
)


@settings(deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_every_question_and_answer_is_read_or_reported(rows: list[tuple[str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("質問", "回答"), *rows])
    result = read("faq.csv", text.getvalue().encode("utf-8-sig"))
    whole = [(q.strip(), a.strip()) for q, a in rows if q.strip() and a.strip()]
    assert [(d.blocks[0].text, d.blocks[1].text) for d in result.documents] == whole
    partly = [row for row in rows if bool(row[0].strip()) != bool(row[1].strip())]
    assert sum(found.code == "cell-empty" for found in result.problems) == len(partly)


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_result(data: bytes) -> None:
    result = read("a.csv", data)
    assert result.documents or result.problems
