"""What the room registers of drafts, summaries, transcripts and minutes."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (MenuEntry(_("下書き・要約・会議の記録"), "casework:drafts", "casework.draft"),)
PUBLIC_PAGES: Sequence[PublicPage] = ()
_LOGGED = _("作成、書きかえ、確認、書き出し、消去を記録台帳に残す。記録に個人情報は入らない。")
_LABEL = _("職員が確認するまで、画面にもWord・PDF・Markdownにも「職員の確認前」と出る。")
AI_SYSTEMS: Sequence[AISystem] = (
    AISystem(
        key="casework.draft",
        version="1",
        title=_("文書の下書き"),
        purpose=_(
            "公文書、お知らせ、議会答弁、広報の記事の下書きを作り、文章をやさしい日本語に書きかえます。"
        ),
        inputs=_("ひな型の欄に入力した文章（個人情報らしいものは知らせ、伏せる）と、町が登録した資料。"),
        method=_(
            "入力に近い資料の段落を探し、承認された言語モデルがあれば、その段落だけから文を書かせます。一文ずつ、根拠の"
            "段落に言葉・数字・日付・打ち消しがそろうかを確かめ、そろわない文は除いて、除いたことを示します。"
            "言語モデルがなければ、資料の文をそのまま抜き出します。やさしい日本語は規則だけで書きかえます。"
        ),
        model=_("町が登録したOpenAI互換の言語モデル（温度0、シード固定）。なければ生成AIは使いません。"),
        data=_("町が登録した情報源。入力と下書きは学習に使いません（接続先との契約でも確かめてください）。"),
        reviewer=_("文書を書く職員。読み、直し、確認して初めて、確認前の表示が消えます。"),
        never=_(
            "文書を自分で送りません。根拠のない文を、根拠があるように見せません。マイナンバーを渡しません。"
        ),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=True,
        outside=True,
        generates=True,
        quality="machi.casework.domain.drafting_quality:draft",
        evidence={
            "human-decides": _("職員が読み、直し、確認する。確認した人と日時を残す。"),
            "safety-wrong-output": _(
                "資料にない文を除く検査の測定（docs/bench/claims.md）と、出典のある文の割合（docs/bench/drafts.md）。"
            ),
            "safety-says-unknown": _("資料が見つからない部分は書かず、「資料が見つかりません」と示す。"),
            "privacy-masking": _(
                "個人情報らしいものを作る前に知らせ、送るときは仮の名前に置き換え、マイナンバーがあれば送らない。"
            ),
            "security-injection": _("資料の中の指示文は渡さず、出力は資料と照らしてから残す。"),
            "security-network": _(
                "「言語モデルの関所」でネットワークの形と許可した行き先を決め、ほかへはつながない。"
            ),
            "transparency-source": _("一文ごとに出典の場所を開ける。出典のない文には「出典なし」と出る。"),
            "transparency-label": _LABEL,
            "accountability-ledger": _LOGGED,
            "competition-open": _("OpenAI互換の接続先なら入れ替えられる。なくても抜き出しで動く。"),
        },
    ),
    AISystem(
        key="casework.summary",
        version="1",
        title=_("文書の要約"),
        purpose=_(
            "計画や通知などの長い文書から、要点、数字、日付、だれが・いつまでに・何をするかを抜き出します。"
        ),
        inputs=_("職員が渡した文書か、町が登録した資料。"),
        method=_(
            "文どうしの似かたの網から中心になる文を選び（LexRank）、文の場所、手がかりの言葉、数字を合わせて並べます。"
            "義務、期限、数字、日付は規則で見つけます。文は一字も変えません。"
        ),
        model=_("規則と計算（SudachiPyの語、tf-idf、LexRank）。生成AIは使いません。"),
        data=_("渡された文書だけ。学習はしません。"),
        reviewer=_("要約を使う職員。元の場所を開いて確かめ、直し、確認します。"),
        never=_("文書にないことを書きません。文書を外へ送りません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=True,
        outside=False,
        generates=False,
        quality="machi.casework.domain.drafting_quality:summary",
        evidence={
            "human-decides": _("職員が元の文書と見比べ、直し、確認する。"),
            "safety-wrong-output": _("大事な事実が残る割合の測定（docs/bench/drafts.md）。"),
            "transparency-source": _("一つずつ元の文書の場所を開ける。"),
            "transparency-label": _LABEL,
            "accountability-ledger": _LOGGED,
            "privacy-minimum": _("渡された文書は暗号化して残し、3年たつと消す。"),
        },
    ),
    AISystem(
        key="casework.transcribe",
        version="1",
        title=_("録音の文字起こし"),
        purpose=_("会議の録音を文字にして、職員が直すための文字起こしの案を作ります。"),
        inputs=_("会議の録音（WAV、MP3、M4A、AAC、Ogg、Opus、FLAC、WebM、MP4）と、話されている言語。"),
        method=_(
            "話し声のあるところだけを取り出し（Silero VAD）、音声認識（Whisper）で文字にします。"
            "一行ごとに録音の中の時刻を付け、モデル自身の確からしさが0.5に満たない言葉がある行に「要確認」と付けます。話した人は区別しません。"
        ),
        model=_(
            "faster-whisper（CTranslate2、int8、温度0、ビーム幅5）。一緒に入る重みはwhisper-tiny.en（英語だけ）。"
            "日本語は、町が用意して設定したWhisperの重みがあるときだけ。モデルの名前と重みのSHA-256を記録台帳に残します。"
        ),
        data=_(
            "渡された録音だけ。外へ送らず、学習しません。録音は暗号化して預かり、文字にしたらすぐに消します（できなくても"
            "7日で消します）。"
        ),
        reviewer=_(
            "会議の担当職員。録音を聞いて直し、話した人の名前を入れ、確認します。確認するまで会議の記録は作れません。"
        ),
        never=_(
            "話した人を当てません。録音を外へ送らず、残しません。聞き間違いや、言っていない言葉が入ることがあるため、"
            "職員が確認していないものを記録にしません。"
        ),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=True,
        outside=False,
        generates=False,
        quality="machi.casework.domain.drafting_quality:transcripts",
        evidence={
            "human-decides": _("職員が直して確認するまで、会議の記録は作れない。"),
            "safety-wrong-output": _(
                "英語の合成音声での誤り率と、要確認の印がどれだけ誤りに付いたかの測定（docs/bench/transcripts.md）。"
                "日本語は重みが町のものなので測っていない。"
            ),
            "safety-says-unknown": _(
                "無音と雑音からは文字を作らない。確からしさの低い言葉を行の終わりに示す。"
            ),
            "transparency-source": _("一行ごとに録音の中の時刻がある。直す前の行も残る。"),
            "transparency-label": _LABEL,
            "accountability-ledger": _LOGGED,
            "privacy-minimum": _(
                "録音は一つずつ別の鍵で暗号化し、文字にしたらすぐに、できなくても7日で、鍵とともに消す。"
            ),
            "security-network": _("モデルは手元のフォルダーだけから読み、どこにもつながない。"),
        },
    ),
    AISystem(
        key="casework.minutes",
        version="2",
        title=_("会議の記録"),
        purpose=_(
            "会議の文字起こしから、議題、決まったこと、宿題（だれが・いつまでに・何を）を見つけ、記録の案を作ります。"
        ),
        inputs=_("会議の文字起こし（文章、Word、WebVTT、SRT）と会議の日。"),
        method=_(
            "話し方の手がかり（「〜に決定します」「異議なし」「〜までに出して」など）と前後の発言（引き受けた、"
            "賛成した）に重みをつけて見つけ、確かでないものは「確かめてください」に分けます。"
            "「来週の金曜日」などの期限を会議の日から計算します。どれも文字起こしの行を示します。"
        ),
        model=_("手がかりの規則と、作り物の会議に合わせて決めた重み。生成AIも音声認識も使いません。"),
        data=_("渡された文字起こしだけ。町の文字起こしからは学習しません。"),
        reviewer=_("会議の担当職員。抜けや誤りを直し、確認します。"),
        never=_("話に出ていないことを書きません。記録を自分で配りません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=True,
        outside=False,
        generates=False,
        quality="machi.casework.domain.drafting_quality:minutes",
        evidence={
            "human-decides": _("記録は案で、職員が確認して初めて記録になる。"),
            "safety-wrong-output": _(
                "規則を見ていない人が書き、調整に使っていない16の文字起こしでの適合率と再現率（docs/bench/drafts.md）。"
                "抜けと誤りがあることも示す。"
            ),
            "transparency-source": _("一つずつ文字起こしの行を開ける。"),
            "transparency-label": _LABEL,
            "accountability-ledger": _LOGGED,
            "privacy-minimum": _("文字起こしは暗号化して残し、3年たつと消す。"),
        },
    ),
)
LEDGER_KINDS: Mapping[str, str | Promise] = {"drafting": _("下書き・要約・会議の記録")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"casework.drafting": _("下書きの書きかえと確認")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {
    "draft": _("下書き・要約・会議の記録"),
    "draft_template": _("文書のひな型"),
}
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "draft",
        erase="machi.casework.domain.drafting_erasure:erase_draft",
        expired="machi.casework.domain.drafting_erasure:expired_drafts",
    ),
)
ATTRIBUTIONS: Sequence[Attribution] = ()
