"""Exercises that check themselves, the practice room, spaced review: what the room registers."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (
    MenuEntry(_("今日の復習"), "learning:review", "learning.learn"),
    MenuEntry(_("練習室"), "learning:practice", "learning.learn"),
    MenuEntry(_("設問の統計"), "learning:exercise_statistics", "learning.run_courses"),
)
PUBLIC_PAGES: Sequence[PublicPage] = ()
AI_SYSTEMS: Sequence[AISystem] = (
    AISystem(
        key="learning.exercise_check",
        version="2",
        title=_("演習の採点"),
        purpose=_(
            "研修の演習（個人情報を隠す、指示文を書く、要約を書く）の答えを採点し、項目ごとに理由を示します。"
        ),
        inputs=_("演習の文と、受講者が選んだ言葉や書いた文。"),
        method=_(
            "個人情報の検出と、文の照合（数・日付・名前・否定が資料と合うか）を、決まった規則で鍵と比べます。"
            "指示文は、何かを頼む文の中で基準の言葉が使われているかを、品詞と助詞で確かめます。同じ答えの点はいつも同じです。"
        ),
        model=_(
            "個人情報の検出（Presidio、GiNZA、例文で学習した識別器と独自の規則）、SudachiPy。言語モデルは使いません。"
        ),
        data=_(
            "演習ごとに作者が書いた鍵。受講者の答えからは学びません。答えは暗号化して保存し、回が終わると消します。"
        ),
        reviewer=_("回の講師。設問の統計を見て、鍵や設問を直します。受講者は何度でも挑戦できます。"),
        never=_("人事の評価をしません。言語モデルに採点させません。練習室の答えを保存しません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="sources",
        personal=True,
        outside=False,
        generates=False,
        evidence={
            "human-alternative": _("何度でも挑戦でき、練習室では保存されない。講師に申し出ることができる。"),
            "safety-wrong-output": _(
                "正しい答え、半分の答え、ずるい答え（すべて隠す、言葉を並べる、丸写しなど）を種類ごとに試験している。"
            ),
            "privacy-minimum": _("答えの言葉は暗号化し、回が終わると毎日の処理で消える。"),
            "transparency-source": _("基準を先に示し、結果は項目ごとに理由を文で示す。"),
            "accountability-ledger": _("採点ごとに、答えの照合用の値、点、理由の記号を記録台帳に残す。"),
        },
    ),
    AISystem(
        key="learning.exercise_output",
        version="1",
        title=_("演習の指示文を動かす"),
        purpose=_("受講者が書いた指示文を演習の資料に対して動かし、何が出てくるかを見せます。"),
        inputs=_("受講者の指示文と、演習の資料。個人情報は仮の名前に置き換えてから渡します。"),
        method=_(
            "言語モデルの関所を通して、指示文と資料をそのまま渡します。出てきた文は、資料に支えられているかを一文ずつ"
            "確かめて示します。言語モデルが使えないときや承認されていないときは、資料から文を抜き出します。"
        ),
        model=_("町が登録したOpenAI互換の言語モデル（温度0、シード固定）。なければ生成AIは使いません。"),
        data=_("演習の資料。指示文と出力は学習に使いません（接続先との契約でも確かめてください）。"),
        reviewer=_("受講者本人。出てきた文を資料と見比べることが演習の一部です。"),
        never=_("仕事に使う文を作りません。採点をしません。練習室では動きません。マイナンバーを渡しません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=True,
        outside=True,
        generates=True,
        evidence={
            "human-decides": _("出てきた文は演習の結果の画面にだけ出て、どこにも送られない。"),
            "safety-wrong-output": _("資料に支えられていない文を、文ごとに示す（docs/bench/claims.md）。"),
            "privacy-masking": _(
                "送る前に個人情報を仮の名前に置き換え、マイナンバーがあれば送らない（docs/governance.md「Gate」）。"
            ),
            "security-network": _(
                "「言語モデルの関所」でネットワークの形と許可した行き先を決め、ほかへはつながない。"
            ),
            "transparency-label": _("言語モデルが書いたのか、資料から抜き出したのかを、文の下に示す。"),
            "accountability-ledger": _("動かすごとに、モデル、費用、隠した個人情報の種類が記録台帳に残る。"),
            "competition-open": _("OpenAI互換の接続先なら入れ替えられる。なくても抜き出しで動く。"),
        },
    ),
)
ATTRIBUTIONS: Sequence[Attribution] = ()
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "exercise_answers",
        erase="machi.learning.domain.exercises_erasure:erase_answers",
        expired="machi.learning.domain.exercises_erasure:expired_answers",
    ),
)
LEDGER_KINDS: Mapping[str, str | Promise] = {"exercise": _("演習")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"learning.exercises": _("演習")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {"exercise_answers": _("演習の答え")}
