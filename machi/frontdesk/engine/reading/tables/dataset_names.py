"""What open data sets are called: files of the national standard carry English names only.

Names from 推奨データセット (today 自治体標準オープンデータセット) of the Digital Agency, whose files are called
``<municipality code>_<name>.csv``.
"""

import re

_STANDARD = {
    "aed": "AED設置箇所一覧",
    "care_service": "介護サービス事業所一覧",
    "hospital": "医療機関一覧",
    "cultural_property": "文化財一覧",
    "tourism": "観光施設一覧",
    "event": "イベント一覧",
    "public_wireless_lan": "公衆無線LANアクセスポイント一覧",
    "public_toilet": "公衆トイレ一覧",
    "fire_hydrant": "消防水利施設一覧",
    "evacuation_space": "指定緊急避難場所一覧",
    "population": "地域・年齢別人口",
    "public_facility": "公共施設一覧",
    "preschool": "子育て施設一覧",
    "open_data_list": "オープンデータ一覧",
}
_CODE = re.compile(r"^\d{5,6}[_-]")
_DAY = re.compile(r"[_-]?\d{6,8}$")


def dataset_title(stem: str) -> str:
    """The title of a file called ``stem``: the standard's name for it, else the name without the code."""
    name = _CODE.sub("", stem)
    return _STANDARD.get(_DAY.sub("", name).lower(), name or stem)
