"""What the sample's joint projects say. All of it is made up, and says so (見本)."""

from typing import Any

from machi.joint.models import ProjectKpi
from machi.joint.models.projects import Area

Together = ProjectKpi.Together

DESK: dict[str, Any] = {"title": "窓口AIの共同利用（見本）", "area": Area.SHARED_IT, "amount": 36_000_000}
DESK_KPIS: list[dict[str, Any]] = [
    {
        "name": "問い合わせに職員が使った時間",
        "unit": "時間",
        "rising": False,
        "together": Together.SUM,
        "baseline": 5400,
        "target": 3600,
        "measured": "半期の間に窓口・電話・メールの問い合わせに使った時間。月に1週間だけ記録し、6週分を26週に直す。",
    },
    {
        "name": "職員に聞かずに解決した割合",
        "unit": "%",
        "rising": True,
        "together": Together.MEAN,
        "baseline": 20,
        "target": 45,
        "measured": "「役に立った」と答えた人のうち、その後に問い合わせなかった人の割合。",
    },
]
DESK_REPORTS: dict[str, list[tuple[str, int, tuple[float, ...]]]] = {
    "142123": [
        ("よくある質問を30問そろえ、職員向けの説明会を2回開いた（見本）。", 3_100_000, (1730, 24)),
        ("試用を始めた。土曜日の窓口でも使えるようにした（見本）。", 2_900_000, (1560, 30)),
    ],
    "332020": [
        ("文書を登録し、担当課ごとの行き先を決めた（見本）。", 2_800_000, (1920, 22)),
        ("試用を始めた。電話の多い課から案内を出した（見本）。", 3_000_000, (1800, 26)),
    ],
    "222127": [
        ("オープンデータから文書を登録した（見本）。", 2_000_000, (1230, 23)),
        ("試用を始めた（見本）。", 2_100_000, (1110, 28)),
    ],
}
DESK_SHEET = {
    "summary": "3つの市が同じ窓口AIを使い、よくある質問を分け合う。",
    "problem": "同じ質問への答えを、市ごとに別々に書いていた。小さな市ほど、書く人が足りなかった。",
    "steps": (
        "質問の記録を3か月ためる\n多い順に30問を選び、市ごとに担当を分けて書く\n"
        "3市で読み合わせる\n試用する\n効果を測る"
    ),
    "needs": "各市に担当者1人（週に半日）。文書を公開してよいという課の合意。",
    "costs": "3市で2年間3,600万円。始めるまでに6か月（見本の数字）。",
    "pitfalls": "担当課の確認が遅れる。確認の期限を先に決めておく。",
    "fits": "よくある質問が市の規則だけで決まらない分野に向く。独自の制度が多い分野には向かない。",
}
STORES: dict[str, Any] = {
    "title": "備蓄品の共同管理（見本）",
    "area": Area.DISASTER,
    "amount": 4_800_000,
}
STORES_KPI: dict[str, Any] = {
    "name": "期限切れで捨てた備蓄食料",
    "unit": "箱",
    "rising": False,
    "together": Together.SUM,
    "baseline": 80,
    "target": 40,
    "measured": "半期に捨てた箱の数。",
}
STORES_SHEET = {
    "summary": "2つの市の備蓄品を1つの一覧で管理し、期限の近いものから融通する。",
    "problem": "期限の近い食料が、足りない町のとなりで捨てられていた。",
    "steps": "在庫の様式をそろえる\n倉庫ごとに数える\n期限が6か月を切ったら知らせる\n訓練と給食で使い切る",
    "needs": "倉庫の鍵を持つ人の名簿。市どうしの融通の覚え書き。",
    "costs": "2市で1年間480万円（見本の数字）。様式づくりに2か月。",
    "pitfalls": "数え方が倉庫ごとにちがう。最初の1回は共同事務局が立ち会う。",
    "fits": "倉庫が多い市に向く。備蓄が1か所の町には効果が小さい。",
}
GENERATED = (
    (Area.SHARED_IT, "申請受付の共同利用", "電子で受けた申請の割合", "%", 15, 60, Together.MEAN),
    (Area.SHARED_IT, "議事録作成AIの共同利用", "議事録にかかる時間", "時間", 420, 160, Together.SUM),
    (Area.PROCUREMENT, "端末の共同調達", "共同で買った台数", "台", 0, 120, Together.SUM),
    (Area.EXPERTISE, "データ分析の専門人材", "分析した課題", "件", 0, 8, Together.SUM),
    (Area.DISASTER, "避難所の共同運営訓練", "訓練に参加した職員", "人", 20, 90, Together.SUM),
    (Area.TOURISM, "広域の観光周遊", "周遊した人", "人", 300, 900, Together.SUM),
    (Area.WELFARE, "見守りの共同センター", "夜間に応答できた割合", "%", 55, 90, Together.MEAN),
)
