"""Calls for joint projects: what the room registers of it."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, MenuEntry, PublicPage

ASSIGNMENT = "joint.reviewer_assignment"
SELECTION = "joint.project_selection"

MENU: Sequence[MenuEntry] = (MenuEntry(_("共同事業の公募"), "joint:calls", "joint.see"),)
PUBLIC_PAGES: Sequence[PublicPage] = (PublicPage(_("共同事業の公募と結果"), "joint:public_calls"),)
AI_SYSTEMS: Sequence[AISystem] = (
    AISystem(
        key=ASSIGNMENT,
        version="1",
        title=_("提案の審査員の割り当て"),
        purpose=_("共同事業の提案に、利害関係がなく、件数がかたよらないように審査員を割り当てます。"),
        inputs=_(
            "提案の自治体・協力団体・分野、審査員の所属・関わりのある団体・詳しい分野・辞退の申し出・引き受けられる件数。"
        ),
        method=_(
            "利害関係のある組を除き、件数の二乗の和が最も小さく、その中で詳しい分野の組が最も多い割り当てを、"
            "最小費用流で求めます。足りないときは、どの提案に審査員が足りないかを示します。"
        ),
        model=_("最小費用流と最大流（OR-Tools）。学習も生成もしません。"),
        data=_("公募の登録だけ。何も学習しません。"),
        reviewer=_("共同事務局。割り当てを見て、審査員や件数を変えてやり直せます。"),
        never=_("利害関係のある審査員に割り当てません。採点の終わった審査を動かしません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=True,
        outside=False,
        generates=False,
        evidence={
            "human-decides": _(
                "割り当てを確かめて使うのは共同事務局で、やり直せる。審査員は辞退を申し出られる。"
            ),
            "safety-wrong-output": _("利害関係のある組がないことを、総当たりの検査と照らして試験している。"),
            "safety-stop": _("AI台帳で止めると、割り当ては次の操作から行われない。"),
            "fairness-bias": _("審査員の件数の差は、割り当てが許すかぎり最も小さい。件数を画面に示す。"),
            "privacy-minimum": _("審査員の所属と詳しい分野、辞退の理由（暗号化）だけを持つ。"),
            "security-access": _("審査員の氏名は、共同事務局だけが見られる。"),
            "accountability-ledger": _("割り当てごとに、件数の分布と残した組の数が記録台帳に残る。"),
            "accountability-ruling": _("記録台帳で結果ごとに裁定と理由を残せる。"),
            "competition-open": _("オープンソースの解法だけを使い、一覧をExcelに書き出せる。"),
        },
    ),
    AISystem(
        key=SELECTION,
        version="1",
        title=_("共同事業の提案の順位と推薦"),
        purpose=_("審査員の採点から順位を出し、予算と件数の決まりの中で採択する組み合わせを推薦します。"),
        inputs=_("審査員の点数、観点の重み、申請額、予算、都道府県・分野ごとの上限、最低点。"),
        method=_(
            "審査員の甘辛をならして順位を出し、点の合計が最も大きい組み合わせを厳密に求めます。"
            "選ばれない提案ごとに、何が変われば選ばれるかを解き直して示します。"
            "重みと審査員を動かして選び直し、採択される割合を数えます。"
        ),
        model=_(
            "加法モデル（リッジ回帰）、0-1ナップサック（CP-SAT、最適性の証明つき）、ベイズ的ブートストラップ。"
        ),
        data=_("その公募の採点だけ。何も学習しません。"),
        reviewer=_("共同事務局。推薦と違う決定もでき、その理由が残ります。"),
        never=_("採否を決めません。提案の文章を読んで点をつけることもしません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=False,
        outside=False,
        generates=False,
        evidence={
            "human-decides": _("採否は、提案ごとに理由を書いて共同事務局が決める。推薦との違いは別に残る。"),
            "safety-wrong-output": _(
                "別の解法との照合と、上から順に取る方法との比較（docs/bench/project_selection.md）。"
            ),
            "safety-stop": _("AI台帳で止めると、順位と推薦は次の操作から計算されない。"),
            "fairness-bias": _("審査員の甘辛をならす。重みと審査員を動かしたときの揺れを、提案ごとに示す。"),
            "privacy-minimum": _("点数は審査員の番号と結び付き、氏名は計算に入らない。"),
            "security-access": _(
                "点数と審査員の氏名は、共同事務局だけが見られる。結果は決定の後に提案した自治体に示す。"
            ),
            "accountability-ledger": _("計算ごとに、条件、推薦した提案、提案ごとの判定が記録台帳に残る。"),
            "accountability-ruling": _(
                "決定のとき、推薦への裁定（妥当・くつがえす）と理由が記録台帳に残る。"
            ),
            "competition-open": _("オープンソースの解法だけを使い、採点と結果をExcelに書き出せる。"),
        },
    ),
)
ATTRIBUTIONS: Sequence[Attribution] = ()
LEDGER_KINDS: Mapping[str, str | Promise] = {"call": _("共同事業の公募")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"joint.calls": _("共同事業の公募")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {"call": _("公募"), "proposal": _("提案")}
