"""The sample consortium's sources: real bulletins and open data (see ATTRIBUTION.md), and example divisions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from machi.base.models import Appointment, Division, Municipality, Role
from machi.base.scoping import in_municipality
from machi.frontdesk.domain import indexing
from machi.frontdesk.domain.sources import add_file, add_source
from machi.frontdesk.models import Source

DATA = Path(__file__).parent / "data"

_COMPILED = "記事は市の広報、CSVはMitsuo-Koikawa/Municipal-Bulletin（第三者による編集物）、CC BY 4.0"


@dataclass(frozen=True, slots=True)
class _Sample:
    code: str
    name: str
    url: str
    attribution: str


SOURCES = (
    _Sample("142123", "広報あつぎ", "https://www.city.atsugi.kanagawa.jp/", _COMPILED),
    _Sample("332020", "広報くらしき", "https://www.city.kurashiki.okayama.jp/", _COMPILED),
    _Sample(
        "222127",
        "焼津市オープンデータ",
        "https://www.city.yaizu.lg.jp/",
        "焼津市（yaizu-city/opendata）、CC BY 4.0",
    ),
)

# Not the towns' own organisation: examples by which hand-over can be tried.
DIVISIONS = (
    ("総合案内（見本）", "そのほかの問い合わせ", True),
    ("市民課（見本）", "住民票 戸籍 転入 転出 転居 印鑑登録 マイナンバーカード 証明書 パスポート", False),
    ("税務課（見本）", "税金 市民税 固定資産税 軽自動車税 納税 課税 証明 控除", False),
    ("子育て支援課（見本）", "子育て 保育所 幼稚園 児童手当 妊娠 出産 学童 予防接種 健診", False),
    ("福祉課（見本）", "介護 障害 高齢者 生活保護 年金 国民健康保険 医療費 福祉", False),
    ("環境課（見本）", "ごみ 粗大ごみ 資源 リサイクル 収集 分別 ペット 犬 騒音 公害", False),
    ("危機管理課（見本）", "防災 避難所 避難 地震 津波 台風 ハザードマップ 災害", False),
    ("生涯学習課（見本）", "図書館 公民館 講座 スポーツ 文化 イベント 施設 予約", False),
)


def load() -> None:
    """Reads the sample files (nothing is read twice) and makes them searchable at once; embedding follows."""
    for code in dict.fromkeys(sample.code for sample in SOURCES):
        municipality = Municipality.objects.get(code=code)
        with in_municipality(municipality):
            _divisions(municipality)
            if _files(municipality):
                indexing.build(municipality)
                indexing.enqueue(municipality)  # what follows a build: embedding


def _divisions(municipality: Municipality) -> None:
    for name, duties, is_default in DIVISIONS:
        Division.objects.get_or_create(
            municipality=municipality, name=name, defaults={"duties": duties, "is_default": is_default}
        )
    # The sample's clerks sit where most inquiries go, so that "my division" can be seen.
    clerks = Appointment.objects.filter(municipality=municipality, role=Role.CLERK, division=None)
    clerks.update(division=Division.objects.get(is_default=True))


def _files(municipality: Municipality) -> bool:
    """Whether any file was new. One that somebody has withdrawn or replaced since stays as they left it."""
    new = False
    for sample in SOURCES:
        if sample.code != municipality.code:
            continue
        source = Source.objects.filter(name=sample.name).first() or add_source(
            municipality, name=sample.name, url=sample.url, attribution=sample.attribution
        )
        known = set(source.files.values_list("name", flat=True))
        for path in sorted((DATA / sample.code).iterdir()):
            if path.name not in known:
                add_file(source, path.name, path.read_bytes())
                new = True
    return new
