"""Joint tourism: what the room registers of it."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (
    MenuEntry(_("観光スポット"), "joint:spots", "joint.see_spots"),
    MenuEntry(_("予約の希望"), "joint:visit_requests", "joint.answer_requests"),
    MenuEntry(_("観光の成果"), "joint:visit_gains", "joint.see_gains"),
)
PUBLIC_PAGES: Sequence[PublicPage] = (PublicPage(_("まちをめぐる"), "joint:visit"),)
AI_SYSTEMS: Sequence[AISystem] = (
    AISystem(
        key="joint.route",
        version="1",
        title=_("観光の行程プランナー"),
        purpose=_("訪れる人の希望から、共同体の町のスポットを回る行程（どこへ、いつ）を提案します。"),
        inputs=_(
            "日、時刻、出発する所、移動のしかた、関心のあること、必ず行く所と行かない所。名前は求めません。"
        ),
        method=_(
            "希望に点数を付け、開く日と時刻、滞在時間、移動の時間、昼休みを守る中で、点数の合計が大きい行程を探します"
            "（時間枠付きオリエンテーリング問題）。局所探索のあと制約計画で改善し、それ以上どこまで良くなり得るかの"
            "上限も示します。移動の時間は直線距離からの見積もりです。"
        ),
        model=_("数理最適化（OR-ToolsのCP-SAT、1スレッド、乱数の種は固定）。機械学習も生成AIも使いません。"),
        data=_("町が公開したスポットの一覧（オープンデータ）。希望から学習することはありません。"),
        reviewer=_("町の観光の担当者。スポットの内容を直し、公開を決めます。行程を選ぶのは訪れる人です。"),
        never=_("予約を自分で行いません。誰が作った行程かを保存しません。特定の町や店を優遇しません。"),
        users="residents",
        work="informs",
        training="none",
        judgement="sources",
        personal=False,
        outside=False,
        generates=False,
        evidence={
            "human-alternative": _("スポットの一覧から自分で選べる。町の電話番号も示す。"),
            "safety-wrong-output": _(
                "作った行程は、別に書いた検査で一つずつ確かめてから示す。速さと質の測定（docs/bench/route_planner.md）。"
            ),
            "fairness-access": _("町ごとの成果（行程に入った回数など）を共同体の全員が見られる。"),
            "privacy-minimum": _(
                "行程には名前も連絡先も入らない。予約の希望の連絡先は暗号化し、90日で消す。"
            ),
            "transparency-source": _("行程の一か所ごとに選んだ理由と出典を示す。"),
            "transparency-label": _("行程のページと印刷したものに、AIがつくったことを示す。"),
            "accountability-ledger": _(
                "行程ごとに、希望の照合用の値、選んだ所、点数と上限を記録台帳に残す。"
            ),
            "competition-open": _("オープンソースの最適化と、標準の形式（CSV、iCalendar、PDF、SVG）を使う。"),
        },
    ),
)
ATTRIBUTIONS: Sequence[Attribution] = (
    Attribution(
        title=_("見本の観光スポット（焼津市オープンデータ 公共施設一覧、公衆無線LAN）"),
        by=_("焼津市"),
        licence="CC BY 4.0",
        use=_("見本の共同体の観光スポット"),
        text="machi.joint.sample:ATTRIBUTION.md",
    ),
)
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "visit_request",
        erase="machi.joint.domain.tourism_erasure:erase_request",
        expired="machi.joint.domain.tourism_erasure:expired_requests",
    ),
)
LEDGER_KINDS: Mapping[str, str | Promise] = {"tourism": _("共同の観光")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"joint.tourism": _("観光スポットと予約の希望")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {
    "spot": _("観光スポット"),
    "spots": _("観光スポットの一覧"),
    "visit_plan": _("行程"),
    "visit_request": _("予約の希望"),
}
