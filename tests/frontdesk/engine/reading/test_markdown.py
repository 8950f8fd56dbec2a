from machi.frontdesk.engine.reading import read
from machi.language.engine.types import Block

PAGE = """# 粗大ごみ

電話で **申し込み** ます。[案内](https://example.jp)
二行目。

## 手数料

| 品目 | 料金 |
|---|---|
| いす | 300円 |
| たんす | 600円 |

- 前日まで
  - 平日のみ

1. 電話

```
メモ
```

<script>alert(1)</script>
"""


def test_markdown_becomes_blocks() -> None:
    result = read("gomi.md", PAGE.encode())
    [document] = result.documents
    assert (result.kind, document.title, result.problems) == ("markdown", "粗大ごみ", ())
    assert document.blocks == (
        Block("heading", "粗大ごみ", 1, "1行目"),
        Block("paragraph", "電話で 申し込み ます。案内\n二行目。", 0, "3行目"),
        Block("heading", "手数料", 2, "6行目"),
        Block("table_row", "品目: いす\n料金: 300円", 0, "8行目"),
        Block("table_row", "品目: たんす\n料金: 600円", 0, "8行目"),
        Block("list_item", "前日まで", 1, "13行目"),
        Block("list_item", "平日のみ", 2, "14行目"),
        Block("list_item", "電話", 1, "16行目"),
        Block("paragraph", "メモ", 0, "18行目"),
    )


def test_without_a_heading_the_file_names_the_document() -> None:
    assert read("お知らせ.md", "本文です。".encode()).documents[0].title == "お知らせ"
