"""Cases written for the sample (見本): plausible, made up, and marked so wherever they are shown."""

from __future__ import annotations

from typing import Any

from machi.learning.models import Case, CaseField, CaseTool

ATSUGI, KURASHIKI, YAIZU = "142123", "332020", "222127"
_MEASURED, _RECORDS, _ESTIMATED = Case.Counted.MEASURED, Case.Counted.RECORDS, Case.Counted.ESTIMATED

CASES: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        ATSUGI,
        {
            "title": "会議の録音を文字にして、議事録の案を半日で作る",
            "field": CaseField.MINUTES,
            "tool": CaseTool.SPEECH,
            "system": "庁内で動く文字起こしソフト",
            "year": 2025,
            "problem": (
                "審議会や検討会の議事録を書くのに、1回の会議で職員が2日かかっていた。"
                "公開が1か月後になることもあった。"
            ),
            "before": "録音を聞き直しながら、担当者が一から書いていた。人により書き方がちがった。",
            "after": (
                "録音を庁内の機械で文字にし、担当者が固有名詞と発言者を直して案にする。要約は担当者が書き、"
                "出席者が確認してから公開する。"
            ),
            "cost_once": 380_000,
            "cost_yearly": 240_000,
            "hours_saved": 72,
            "counted": _RECORDS,
            "counted_how": (
                "2025年4月から9月の36回の会議で、1回あたりの作業が16時間から4時間になった。36回を6か月で割り、"
                "月6回とした。"
            ),
            "risk_checked": (
                "録音を庁外に出さないこと。聞きまちがいの割合。障害や方言のある話し方で不利にならないこと。"
            ),
            "risk_result": (
                "庁内の機械だけで動かす。3回の会議で100語に6語のまちがいがあり、固有名詞が多かったため、"
                "名簿と照らす手順を決めた。話者が聞き取りにくい会議では使わない。"
            ),
            "ask_division": "総務課",
        },
    ),
    (
        ATSUGI,
        {
            "title": "ごみの出し方の問い合わせに、町のページが答える",
            "field": CaseField.COUNTER,
            "tool": CaseTool.CHATBOT,
            "system": "machi の AI窓口",
            "year": 2026,
            "problem": "ごみの分別と収集日の電話が1日に40件あり、窓口が混む月曜日は出られない電話があった。",
            "before": "電話のたびに、職員が分別の表と地区ごとの収集日を見て答えていた。",
            "after": (
                "分別の表と収集日を出典として登録し、町のページで答えを示す。分からない質問は環境課に引き継ぎ、"
                "答えをFAQに足していく。"
            ),
            "cost_once": 0,
            "cost_yearly": 600_000,
            "hours_saved": 45,
            "counted": _MEASURED,
            "counted_how": (
                "始める前と後の4週間ずつ、電話の件数と1件の時間を記録した。1日40件が26件に減り、"
                "1件は平均3分20秒だった。"
            ),
            "risk_checked": "まちがった答え、古い収集日、個人情報の書き込み。",
            "risk_result": (
                "答えには必ず出典を付け、分からないときは答えない。年度の切り替えで収集日を入れ替える担当を決めた。"
                "名前や住所は書かないよう画面に示した。"
            ),
            "ask_division": "環境課",
        },
    ),
    (
        ATSUGI,
        {
            "title": "紙の申込書を読み取り、入力の手間を減らす",
            "field": CaseField.APPLICATIONS,
            "tool": CaseTool.OCR,
            "system": "AI-OCR（クラウド、LGWAN経由）",
            "year": 2024,
            "problem": "健診の申込書が年に9,000枚届き、3月と4月は臨時の職員が入力していた。",
            "before": "2人1組で読み上げながら表に入力し、別の人が照らし合わせていた。",
            "after": (
                "様式を読み取りやすいように直し、読み取った結果で自信のない欄だけを職員が直す。"
                "最後に1割を抜き取って確かめる。"
            ),
            "cost_once": 900_000,
            "cost_yearly": 780_000,
            "hours_saved": 38,
            "counted": _RECORDS,
            "counted_how": "9,000枚で、1枚4分が1.5分になった。12か月でならした。",
            "risk_checked": "要配慮個人情報を含む紙を外に送ること。手書きの数字の読みちがい。",
            "risk_result": (
                "委託先と保存期間を契約に入れ、読み取り後7日で消す。生年月日は2つの欄で照らし合わせる。"
                "読みちがいは抜き取りで0.4%だった。"
            ),
            "ask_division": "健康づくり課",
        },
    ),
    (
        KURASHIKI,
        {
            "title": "庁内の通知文の下書きを生成AIで作り、職員が直す",
            "field": CaseField.DOCUMENTS,
            "tool": CaseTool.GENERATIVE,
            "system": "庁内向け生成AI（入力を学習に使わない契約）",
            "year": 2024,
            "problem": "照会への回答や通知文の書き出しに時間がかかり、若い職員ほど上司の直しが多かった。",
            "before": "過去の文書を探して写し、日付や宛名を直していた。直し忘れがあった。",
            "after": (
                "目的、相手、期限、根拠を短く書いて下書きを作らせ、根拠の条文は職員が必ず元の文書で確かめる。"
                "個人情報は入れない。"
            ),
            "cost_once": 0,
            "cost_yearly": 4_800_000,
            "hours_saved": 420,
            "counted": _ESTIMATED,
            "counted_how": "利用した320人へのアンケートで、週に平均20分減ったという答えを月に直した。測ってはいない。",
            "risk_checked": "個人情報と機密の入力、もっともらしいまちがい、著作権。",
            "risk_result": (
                "入力の前に個人情報の検査をかける。数字と条文は必ず出典を見る。公表する文書は2人で確かめる。"
                "利用の記録を毎月見る。"
            ),
            "ask_division": "情報政策課",
        },
    ),
    (
        KURASHIKI,
        {
            "title": "道路の損傷を車の映像から見つけ、点検の順を決める",
            "field": CaseField.WORKS,
            "tool": CaseTool.IMAGE,
            "system": "路面の画像認識サービス",
            "year": 2025,
            "problem": "市道が長く、目で見る点検は5年に1回が限度だった。穴の通報が多い路線が後回しになっていた。",
            "before": "職員が車で回り、気づいた所を紙の地図に書いていた。",
            "after": (
                "公用車に付けたスマートフォンで撮り、損傷らしい所を一覧にする。職員が写真を見て確かめ、"
                "通報と合わせて修繕の順を決める。"
            ),
            "cost_once": 1_200_000,
            "cost_yearly": 2_600_000,
            "hours_saved": 64,
            "counted": _RECORDS,
            "counted_how": "点検に出た延べ時間を前の年の同じ6か月と比べた。修繕の時間は含めていない。",
            "risk_checked": "写り込む人と車の番号、見落とし、狭い道が撮れないこと。",
            "risk_result": (
                "撮った後に人の顔と番号を隠してから保存する。50km分を人の点検と比べ、"
                "大きな穴の見落としは2件だった。狭い道は今までどおり歩いて見る。"
            ),
            "ask_division": "道路管理課",
        },
    ),
    (
        KURASHIKI,
        {
            "title": "大雨のときの住民からの電話を文字にして、見落としをなくす",
            "field": CaseField.DISASTER,
            "tool": CaseTool.SPEECH,
            "system": "電話の文字起こし（試行）",
            "year": 2025,
            "problem": "大雨の夜は1時間に200件の電話が入り、書き取ったメモを本部で写す間に情報が遅れた。",
            "before": "受けた職員が紙に書き、別の職員が表に写し、地図に印を付けていた。",
            "after": (
                "電話を文字にし、地名と「浸水」「動けない」などの言葉に印を付けて本部の画面に出す。"
                "判断は必ず職員が電話の内容を読んで行う。"
            ),
            "cost_once": 2_000_000,
            "cost_yearly": 1_500_000,
            "hours_saved": None,
            "counted": "",
            "counted_how": "",
            "risk_checked": "停電のときに使えないこと、方言や雨音での聞きまちがい、救助の遅れにつながる見落とし。",
            "risk_result": (
                "訓練で紙のやり方と並べて使い、機械だけでは12件のうち2件の地名をまちがえた。紙をやめないと決めた。"
                "録音は72時間で消す。"
            ),
            "ask_division": "防災推進課",
        },
    ),
    (
        YAIZU,
        {
            "title": "窓口の案内を、やさしい日本語と5つの言葉で出す",
            "field": CaseField.COUNTER,
            "tool": CaseTool.TRANSLATION,
            "system": "翻訳ソフトと、やさしい日本語の点検",
            "year": 2025,
            "problem": "外国から来た住民が増え、国民健康保険と保育所の手続きで、1人に1時間かかることがあった。",
            "before": "身ぶりと、職員が自分で調べた単語で説明していた。",
            "after": (
                "よく使う40の案内文を、まずやさしい日本語に直し、それを機械で訳して、"
                "話せる人に見てもらってから使う。窓口では文を指して示す。"
            ),
            "cost_once": 150_000,
            "cost_yearly": 60_000,
            "hours_saved": 18,
            "counted": _MEASURED,
            "counted_how": "2か月間、外国語での対応62件の時間を前と後で測った。1件平均48分が31分になった。",
            "risk_checked": "訳のまちがいで手続きを誤ること、法律の言葉の訳。",
            "risk_result": (
                "法律の言葉は訳さず、日本語と読みがなを添える。訳文は年に1回、話せる住民と見直す。"
                "決定の通知には使わない。"
            ),
            "ask_division": "市民課",
        },
    ),
    (
        YAIZU,
        {
            "title": "保育所の申し込みの確認をRPAに任せる",
            "field": CaseField.WELFARE,
            "tool": CaseTool.RPA,
            "system": "RPA",
            "year": 2024,
            "problem": "申し込みの時期に、世帯と税の情報を3つの画面で確かめる作業が夜遅くまで続いていた。",
            "before": "職員が1件ずつ画面を開き、紙の一覧に印を付けていた。",
            "after": (
                "夜のうちにRPAが画面を開いて写しを表に集め、朝に職員が食いちがう所だけを見る。"
                "選考の点数は職員が付ける。"
            ),
            "cost_once": 650_000,
            "cost_yearly": 520_000,
            "hours_saved": 30,
            "counted": _RECORDS,
            "counted_how": "申し込み780件で、1件の確認が14分から5分になった。年に2回の時期の分を12か月でならした。",
            "risk_checked": "画面が変わったときの止まり方、権限を持ちすぎること。",
            "risk_result": "見るだけの権限にした。画面が変わると止まり、担当に知らせる。月に1回、10件を手で確かめる。",
            "ask_division": "保育課",
        },
    ),
)
"""Code of the town, and what it wrote."""

ADOPTIONS: tuple[tuple[int, str, str, dict[str, Any]], ...] = (
    (
        0,
        YAIZU,
        "総務課の定例会議から始め、秋に全庁へ広げる。",
        {
            "state": "worked",
            "hours_saved": 40,
            "counted": _MEASURED,
            "cost_once": 350_000,
            "cost_yearly": 240_000,
            "differed": (
                "会議が短いので、要約は使わず文字起こしだけにした。専門用語の一覧を先に登録すると、"
                "まちがいが半分になった。"
            ),
        },
    ),
    (
        0,
        KURASHIKI,
        "審議会の事務局を持つ5つの課で試す。",
        {
            "state": "partly",
            "hours_saved": 130,
            "counted": _RECORDS,
            "cost_once": 900_000,
            "cost_yearly": 700_000,
            "differed": "会議室の反響で聞きまちがいが多く、マイクを買い足した。議会の会議では使っていない。",
        },
    ),
    (1, YAIZU, "環境課のページで、来年度の収集日の切り替えに合わせて始める。", {}),
    (
        6,
        ATSUGI,
        "市民課の転入の案内文30から始める。",
        {
            "state": "failed",
            "hours_saved": 0,
            "counted": _MEASURED,
            "cost_once": 100_000,
            "cost_yearly": 0,
            "differed": (
                "案内文を指で示すより、通訳の電話につなぐ方が早かった。やさしい日本語の文だけは使い続けている。"
            ),
        },
    ),
)
"""Place of the case in ``CASES``, code of the town that adopted it, its plan, what came of it (nothing yet: empty)."""

WAITING: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        YAIZU,
        Case.State.SUBMITTED,
        {
            "title": "漁港の見回りの写真を、AIで種類ごとに分ける",
            "field": CaseField.WORKS,
            "tool": CaseTool.IMAGE,
            "system": "写真を分けるソフト",
            "year": 2026,
            "problem": "見回りの写真が年に1万枚あり、報告のために探し出すのに半日かかっていた。",
            "before": "撮った日ごとの入れ物に入れ、覚えている人が探していた。",
            "after": "撮った写真を船揚場、防波堤、照明などに分け、職員が週に1回確かめてから台帳に付ける。",
            "cost_once": 80_000,
            "cost_yearly": 0,
            "hours_saved": 7,
            "counted": _ESTIMATED,
            "counted_how": "担当者2人の感覚による。測り始めたところ。",
            "risk_checked": "人や船の名前が写ること。分けまちがい。",
            "risk_result": "人が写った写真は使わない。100枚で6枚の分けまちがいがあり、週に1回の確認を続ける。",
            "ask_division": "水産振興課",
        },
    ),
    (
        ATSUGI,
        Case.State.DRAFT,
        {
            "title": "庶務の質問に、手引きから答える",
            "field": CaseField.STAFF,
            "tool": CaseTool.CHATBOT,
            "system": "",
            "year": 2026,
            "problem": "休暇や旅費の同じ質問が、庶務の担当に毎日来る。",
        },
    ),
)
"""Not published yet: code of the town, how far it is, and what it has written."""
