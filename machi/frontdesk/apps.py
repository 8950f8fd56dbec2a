from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, RoomConfig

ANSWERS = "frontdesk.answers"
DRAFTS = "frontdesk.drafts"


class FrontdeskConfig(RoomConfig):
    name = "machi.frontdesk"
    label = "frontdesk"
    verbose_name = _("総合窓口")
    urls = "machi.frontdesk.web.urls"
    mount = "m/<str:code>/"
    api = "machi.frontdesk.api:router"
    commands = "machi.frontdesk.cli:commands"
    sample = "machi.frontdesk.sample:load"
    start = "machi.frontdesk.domain.indexing:enqueue_all"
    welcome = "frontdesk:desk"
    status = "machi.frontdesk.domain.waiting:status"
    waiting = "machi.frontdesk.domain.waiting:waiting"
    setting_up = "machi.frontdesk.domain.waiting:setting_up"
    menu = (
        MenuEntry(_("問い合わせ"), "frontdesk:queue", "frontdesk.answer_inquiry"),
        MenuEntry(_("よくある質問"), "frontdesk:faqs", "frontdesk.propose_faq"),
        MenuEntry(_("情報源"), "frontdesk:sources", "frontdesk.see_sources"),
        MenuEntry(_("回答の質"), "frontdesk:quality", "frontdesk.see_quality"),
        MenuEntry(_("課の設定"), "frontdesk:divisions", "frontdesk.manage_divisions"),
        MenuEntry(_("個人情報の消去"), "frontdesk:erasures", "frontdesk.erase"),
    )
    ledger_kinds: ClassVar = {
        "hand_over": _("職員への引き継ぎ"),
        "draft": _("下書きと資料の照合"),
        "feedback": _("住民の評価"),
        "faq": _("よくある質問"),
        "inquiry": _("住民の問い合わせ"),
        "source": _("情報源"),
        "setting": _("設定"),
    }
    ledger_systems: ClassVar = {
        "frontdesk.hand_over": _("問い合わせの引き継ぎ"),
        "frontdesk.feedback": _("回答への評価"),
        "frontdesk.inquiries": _("AIを使わない問い合わせ"),
        "frontdesk.faqs": _("よくある質問"),
        "frontdesk.sources": _("情報源"),
        "frontdesk.divisions": _("課の設定"),
        "frontdesk.erasure": _("個人情報の消去"),
    }
    ledger_subjects: ClassVar = {
        "inquiry": _("問い合わせ"),
        "faq": _("よくある質問"),
        "source": _("情報源"),
        "division": _("課"),
        "retention": _("保存期間"),
    }
    ledger_sources = "machi.frontdesk.domain.ledger_sources:as_they_were"
    erasables = (
        Erasable(
            "inquiry",
            erase="machi.frontdesk.domain.erasure:erase_inquiry",
            expired="machi.frontdesk.domain.erasure:expired_numbers",
        ),
    )
    attributions = (
        Attribution(
            title=_("見本の文書（広報あつぎ、広報くらしき、焼津市オープンデータ）"),
            by=_("Mitsuo-Koikawa（市の広報を第三者がまとめたもの）、焼津市"),
            licence="CC BY 4.0",
            use=_("見本の自治体の情報源"),
            text="machi.frontdesk.sample:ATTRIBUTION.md",
        ),
    )
    ai_systems = (
        AISystem(
            key=ANSWERS,
            version="1",
            title=_("総合窓口の自動回答"),
            purpose=_("住民の質問に、町の文書から答えになる文を抜き出して示します。"),
            inputs=_("住民が書いた質問の文。名前や連絡先は求めません。"),
            method=_(
                "全文検索と意味の近さの検索で文書を探し、文をそのまま抜き出します。文章を作ることはありません。"
            ),
            model=_(
                "全文検索（BM25、SudachiPyの形態素解析）、文の埋め込み（multilingual-e5-small、"
                "Universal Sentence Encoder）、確からしさを出すロジスティック回帰。生成AIは使いません。"
            ),
            data=_("町が登録した情報源（広報、オープンデータ、よくある質問）。質問は学習に使いません。"),
            reviewer=_("窓口職員。答えられない質問と「役に立たなかった」質問は職員が答えます。"),
            never=_("文書にないことを答えません。申請の可否を決めません。"),
            users="residents",
            work="informs",
            training="none",
            judgement="sources",
            personal=True,
            outside=False,
            generates=False,
            quality="machi.frontdesk.domain.quality:published",
            evidence={
                "human-alternative": _(
                    "質問の画面と回答の画面に「職員に聞く」がある。電話番号か公式サイトも示す。"
                ),
                "human-impersonation": _(
                    "質問の画面の見出しの上に「AI窓口」、回答の下にAIによる抜き出しであることを示す。"
                ),
                "safety-says-unknown": _(
                    "答えるべきでない質問で測った割合を、公開ページに示している（docs/bench/answers.md）。"
                ),
                "safety-emergency": _(
                    "緊急の言葉の測定（docs/bench/urgent.md）。AIを止めている間も言葉の一覧で電話番号を示す。"
                ),
                "fairness-access": _(
                    "全画面をaxe（WCAG 2.2 AA）で自動検査している。やさしい日本語と英語の画面がある。"
                ),
                "privacy-minimum": _(
                    "質問（必須）、引き継ぎの際の氏名・メール・電話（任意）を暗号化して保存。保存の期間："
                ),
                "security-injection": _(
                    "資料に紛れた指示文を除く。指示文の入った質問にはすべて答えなかった（docs/bench/answers.md）。"
                ),
                "transparency-source": _("回答の一文ごとに資料名を示し、資料の該当箇所に印を付けて開く。"),
                "accountability-ruling": _(
                    "記録台帳で結果ごとに裁定と理由を残せる。「役に立たなかった」は職員に届く。"
                ),
                "education-residents": _("質問の画面の「できること」「できないこと」に短く書いてある。"),
                "competition-open": _(
                    "公開のAPI（OpenAPI）、CSV・Excelへの書き出し、オープンソースのモデルと索引を使う。"
                ),
                "competition-rights": _("「出典とライセンス」の画面、情報源ごとの出典表示、NOTICEの一覧。"),
                "innovation-feedback": _(
                    "「回答の質」の画面で答えられなかった質問を見て、よくある質問に足す。"
                ),
                "municipal-raw-output": _(
                    "質問、回答の一文ごとの出典、確からしさを保存し、台帳に照合用の値を残す。"
                ),
                "municipal-log": _(
                    "記録台帳に操作と結果を残す。記録に個人情報は入らない。見直しの担当と間隔："
                ),
                "municipal-exit": _(
                    "文書は登録した元のファイルのまま、記録はCSV・Excelで取り出せる。自前の設備なら消去も自分で行える。"
                ),
            },
        ),
        AISystem(
            key=DRAFTS,
            version="1",
            title=_("職員の回答の下書き"),
            purpose=_("職員に引き継がれた質問に、町の文書から回答の下書きを作ります。"),
            inputs=_(
                "住民の質問と追記、関係がありそうな文書の段落。個人情報は仮の名前に置き換えてから渡します。"
            ),
            method=_(
                "言語モデルが、渡した段落だけから文を作ります。一文ずつ、根拠の段落に言葉・数字・日付・打ち消しが"
                "そろうかを確かめ、そろわない文は除いて、除いたことを示します。"
                "言語モデルが使えないときは、同じ文書から文をそのまま抜き出します。"
            ),
            model=_("町が登録したOpenAI互換の言語モデル（温度0、シード固定）。なければ生成AIは使いません。"),
            data=_(
                "町が登録した情報源。質問と下書きは学習に使いません（接続先との契約でも確かめてください）。"
            ),
            reviewer=_("窓口職員。下書きを読み、直し、送るかどうかを決めます。"),
            never=_("住民に直接答えません。根拠のない文を残しません。マイナンバーを渡しません。"),
            users="staff",
            work="informs",
            training="none",
            judgement="each",
            personal=True,
            outside=True,
            generates=True,
            evidence={
                "human-decides": _(
                    "下書きは職員の画面にだけ出る。送るのは職員で、直すことも捨てることもできる。"
                ),
                "safety-wrong-output": _(
                    "資料にない文を除く検査の測定（docs/bench/claims.md）。除いた文は理由とともに職員に見える。"
                ),
                "safety-says-unknown": _("資料が見つからなければ下書きを作らない。根拠のない文は残さない。"),
                "privacy-masking": _(
                    "送る前に個人情報を仮の名前に置き換え、マイナンバーがあれば送らない（docs/governance.md「Gate」）。"
                ),
                "security-injection": _("資料の中の指示文は渡さず、出力は資料と照らしてから残す。"),
                "security-network": _(
                    "「言語モデルの関所」でネットワークの形と許可した行き先を決め、ほかへはつながない。"
                ),
                "transparency-source": _("一文ごとに資料の該当箇所を開ける。"),
                "transparency-label": _(
                    "「AIの下書き（未編集）」の印が付き、直さずに送ると回答にもその旨が添えられる。"
                ),
                "accountability-ledger": _(
                    "下書きごとに、モデル、費用、隠した個人情報の種類、残した文の数が記録台帳に残る。"
                ),
                "municipal-raw-output": _(
                    "入力と出力を決めた日数だけ暗号化して残す。監査担当だけが開ける。残す日数："
                ),
                "municipal-cost": _(
                    "課ごと・月ごとの円とトークンの上限。80%で知らせ、達すると止まる。上限："
                ),
                "competition-open": _("OpenAI互換の接続先なら入れ替えられる。なくても抜き出しで動く。"),
            },
        ),
    )

    def ready(self) -> None:
        from machi.frontdesk import rules  # noqa: F401
