"""The eight form types of ``form_pages.py``: what is printed on each blank form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from form_sheets import Sheet


def child_allowance() -> Sheet:
    s = Sheet("child_allowance", "児童手当 認定請求書・額改定請求書", "noto")
    s.headline("様式第１号（第５条関係）")
    s.text(20, 36, "（宛先）市町村長", 10)
    s.date("applied", "請求年月日", 110, 31, 82, 9, "令和", lead=24)
    s.text(18, 47, "１ 請求者", 10.5, bold=True)
    s.cell("kana", "フリガナ", "kana", 18, 51, 110, 7, size=9)
    s.cell("name", "氏名", "person", 18, 58, 110, 12, size=13)
    s.seal("seal", 118, 64)
    s.circles("sex", "性別", 128, 51, 64, 7, ("男", "女"), lead=22)
    s.date("birthday", "生年月日", 128, 58, 64, 12, lead=16)
    s.digits("postal_code", "郵便番号", "postal_code", 18, 70, 87, 9, 7, dash_after=3)
    s.cell("telephone", "電話番号", "telephone", 105, 70, 87, 9, lead=24)
    s.cell("address", "住所", "address", 18, 79, 174, 12)
    s.digits("my_number", "個人番号", "my_number", 18, 91, 110, 10, 12)
    s.circles("job", "職業", 128, 91, 64, 10, ("被用者", "自営業", "無職"), lead=16, size=8.5)
    s.ticks(
        "pension", "加入している\n公的年金", 18, 101, 174, 14, ("国民年金", "厚生年金", "共済年金", "未加入")
    )
    s.text(18, 121, "２ 支給対象となる児童", 10.5, bold=True)
    for number in (1, 2, 3):
        y = 126 + (number - 1) * 24
        often = {1: 1.0, 2: 0.7, 3: 0.35}[number]
        s.cell(f"child{number}", f"児童{number} 氏名", "person", 18, y, 92, 12, sometimes=often)
        s.cell(
            f"child{number}_relation",
            "続柄",
            "text",
            110,
            y,
            36,
            12,
            lead=12,
            content="relation",
            sometimes=often,
        )
        s.circles(f"child{number}_together", "同居", 146, y, 46, 12, ("同居", "別居"), lead=12, size=9)
        s.cell(
            f"child{number}_birthday",
            "生年月日",
            "date",
            18,
            y + 12,
            92,
            12,
            content="child_day",
            sometimes=often,
        )
        s.cell(
            f"child{number}_school",
            "学校等",
            "text",
            110,
            y + 12,
            82,
            12,
            lead=16,
            content="school",
            sometimes=often,
        )
    s.text(18, 204, "３ 振込先", 10.5, bold=True)
    s.cell("bank", "金融機関", "text", 18, 208, 92, 10, content="bank")
    s.cell("branch", "支店", "text", 110, 208, 82, 10, lead=16, content="branch")
    s.circles("account_kind", "口座種別", 18, 218, 92, 10, ("普通", "当座"))
    s.digits("account", "口座番号", "number", 110, 218, 82, 10, 7, lead=20)
    s.cell("holder", "口座名義（カナ）", "kana", 18, 228, 174, 10)
    s.check("agree_tax", "税情報の確認に同意します。", 20, 246)
    s.check("agree_offset", "手当から保育料等を納めることに同意します。", 20, 253)
    s.text(20, 262, "※ 虚偽の記載をした場合は、支給した手当の返還を求めることがあります。", 8)
    return s


def residence_by_post() -> Sheet:
    s = Sheet("residence_by_post", "住民票の写し等 郵送請求書", "ipa_mincho")
    s.headline()
    s.date("applied", "請求日", 128, 32, 64, 9, "令和", lead=16)
    s.text(18, 46, "■ 請求者（あなた）について", 10.5, bold=True)
    s.cell("address", "現住所", "address", 18, 50, 174, 12, fill=255)
    s.cell("kana", "フリガナ", "kana", 18, 62, 112, 8, fill=255, size=9)
    s.cell("name", "氏名", "person", 18, 70, 112, 13, fill=255, size=13)
    s.seal("seal", 121, 76.5)
    s.cell("birthday", "生年月日", "date", 130, 62, 62, 21, lead=18, fill=255, content="adult_day")
    s.cell("telephone", "日中の連絡先", "telephone", 18, 83, 112, 10, fill=255)
    s.text(18, 101, "■ どなたの証明が必要ですか", 10.5, bold=True)
    s.cell("whose_address", "住民登録の住所", "address", 18, 105, 174, 12, fill=255)
    s.cell("whose", "証明する人の氏名", "person", 18, 117, 100, 11, fill=255)
    s.cell("head", "世帯主の氏名", "person", 118, 117, 74, 11, fill=255, lead=26)
    s.ticks(
        "relation", "請求者との関係", 18, 128, 174, 10, ("本人", "同一世帯の人", "代理人（委任状が必要）")
    )
    s.text(18, 146, "■ 必要な証明書", 10.5, bold=True)
    s.ticks(
        "scope",
        "種類",
        18,
        150,
        174,
        16,
        ("世帯全員の写し", "世帯の一部の写し", "除票の写し", "記載事項証明書"),
        rows=2,
    )
    s.cell("copies", "必要な通数", "number", 18, 166, 87, 10, fill=255, content="copies", unit="通")
    s.cell("fee", "定額小為替", "yen", 105, 166, 87, 10, fill=255, content="fee", unit="円")
    s.ticks("head_shown", "本籍・筆頭者", 18, 176, 87, 9, ("記載する", "記載しない"))
    s.ticks("number_shown", "個人番号", 105, 176, 87, 9, ("記載する", "記載しない"))
    s.cell("use", "使用目的", "text", 18, 185, 174, 11, fill=255, content="use")
    s.cell("submit_to", "提出先", "text", 18, 196, 174, 11, fill=255, content="submit_to")
    s.text(18, 216, "■ 同封するもの（確認して印を付けてください）", 10.5, bold=True)
    s.check("with_identity", "本人確認書類の写し（運転免許証、マイナンバーカードなど）", 22, 224)
    s.check("with_money", "定額小為替（おつりのないようにお願いします）", 22, 231)
    s.check("with_envelope", "返信用封筒（宛名を書き、切手を貼ったもの）", 22, 238)
    s.text(
        22,
        252,
        "送付先は住民登録をしている住所に限ります。お急ぎの場合は速達料金分の切手を加えてください。",
        8,
    )
    return s


def park_permit() -> Sheet:
    s = Sheet("park_permit", "公園内行為許可申請書", "biz_gothic")
    s.headline("第３号様式（第４条関係）", 16)
    s.date("applied", "申請日", 128, 32, 64, 9, "令和", lead=16)
    s.text(18, 46, "（あて先）公園管理者", 10.5)
    s.ruled("address", "住所", "address", 92, 54, 100)
    s.ruled("company", "団体名", "text", 92, 63, 100, content="club")
    s.ruled("name", "代表者氏名", "person", 92, 72, 88)
    s.seal("seal", 184, 72)
    s.ruled("telephone", "電話", "telephone", 92, 81, 100)
    s.ruled("email", "メール", "email", 92, 90, 100)
    s.text(20, 101, "次のとおり公園内で行為をしたいので、許可を申請します。", 10)
    s.cell("park", "公園の名称", "text", 18, 107, 174, 11, content="park", fill=240)
    s.cell("event", "行為の名称", "text", 18, 118, 174, 11, content="event", fill=240)
    s.ticks(
        "act",
        "行為の種類",
        18,
        129,
        174,
        18,
        ("催し", "募金・署名", "物品販売", "写真撮影", "集会", "その他"),
        rows=2,
    )
    s.cell("starts", "開始日時", "date", 18, 147, 87, 11, content="event_day", fill=240)
    s.cell("ends", "終了日時", "date", 105, 147, 87, 11, content="event_day", fill=240)
    s.cell("area", "使用する面積", "number", 18, 158, 87, 11, content="area", fill=240, unit="m²")
    s.cell("people", "参加予定人数", "number", 105, 158, 87, 11, content="people", fill=240, unit="人")
    s.circles("fire", "火気の使用", 18, 169, 87, 10, ("有", "無"))
    s.circles("power", "電気の使用", 105, 169, 87, 10, ("有", "無"))
    s.circles("shop", "売店の出店", 18, 179, 87, 10, ("有", "無"))
    s.circles("car", "車両の乗入れ", 105, 179, 87, 10, ("有", "無"))
    s.cell("content", "行為の内容", "text", 18, 189, 174, 18, content="event_text", fill=240)
    s.cell("fee", "使用料", "yen", 18, 207, 87, 10, content="amount", fill=240, unit="円")
    s.ticks("reduce", "減免申請", 105, 207, 87, 10, ("する", "しない"))
    s.cell("charge", "当日の責任者", "person", 18, 217, 87, 11, fill=240)
    s.cell("charge_telephone", "責任者の電話", "telephone", 105, 217, 87, 11, fill=240)
    s.check("rules", "公園条例及び許可の条件を守ります。", 22, 236)
    s.check("insured", "催しの保険に加入しています。", 22, 243)
    return s


def subsidy() -> Sheet:
    s = Sheet("subsidy", "地域活動補助金交付申請書", "biz_mincho")
    s.headline("様式第１号（第６条関係）", 15)
    s.ruled("number", "申請番号", "text", 128, 34, 64, content="document_number")
    s.ruled("applied", "申請日", "date", 128, 43, 64, content="today")
    s.text(20, 53, "市町村長　様", 11)
    s.ruled("address", "所在地", "address", 88, 62, 104)
    s.ruled("company", "名称", "text", 88, 72, 104, content="club")
    s.ruled("name", "代表者職氏名", "person", 88, 82, 92)
    s.seal("seal", 185, 82)
    s.ruled("telephone", "電話番号", "telephone", 88, 92, 104)
    s.text(20, 106, "地域活動補助金の交付を受けたいので、関係書類を添えて次のとおり申請します。", 10.5)
    s.text(100, 115, "記", 11)
    s.text(20, 124, "１", 10.5)
    s.ruled("project", "補助事業の名称", "text", 26, 124, 160, content="event")
    s.text(20, 136, "２", 10.5)
    s.ruled("cost", "補助対象経費", "yen", 26, 136, 110, content="amount_mark")
    s.text(20, 148, "３", 10.5)
    s.ruled("asked", "補助金交付申請額", "yen", 26, 148, 110, content="amount_mark")
    s.text(20, 160, "４", 10.5)
    s.ruled("begins", "着手予定年月日", "date", 26, 160, 110, content="event_date")
    s.text(20, 172, "５", 10.5)
    s.ruled("ends", "完了予定年月日", "date", 26, 172, 110, content="event_date")
    s.text(20, 184, "６ 添付書類", 10.5)
    s.check("plan", "事業計画書", 30, 192, 3.0)
    s.check("budget", "収支予算書", 80, 192, 3.0)
    s.check("members", "会員名簿", 130, 192, 3.0)
    s.check("statute", "規約又は会則", 30, 200, 3.0)
    s.check("quote", "見積書の写し", 80, 200, 3.0)
    s.check("other", "その他", 130, 200, 3.0)
    s.ticks("tax", "消費税の扱い", 18, 210, 174, 10, ("課税事業者", "免税事業者", "簡易課税"), lead=34)
    s.cell("bank", "振込先金融機関", "text", 18, 220, 174, 10, lead=34, content="bank_branch")
    s.digits("account", "口座番号", "number", 18, 230, 174, 10, 7, lead=34)
    s.cell("holder", "口座名義人", "kana", 18, 240, 174, 10, lead=34)
    return s


def care() -> Sheet:
    s = Sheet("care", "介護保険 要介護認定・要支援認定申請書", "vl_gothic")
    s.headline()
    s.date("applied", "申請年月日", 110, 31, 82, 9, "令和", lead=24)
    s.digits("insured_number", "被保険者番号", "number", 18, 42, 110, 11, 10, content="digits10")
    s.circles("kind", "申請区分", 128, 42, 64, 11, ("新規", "更新", "変更"), lead=18)
    s.digits("my_number", "個人番号", "my_number", 18, 53, 174, 11, 12)
    s.cell("kana", "フリガナ", "kana", 18, 64, 110, 8, size=9)
    s.cell("name", "被保険者氏名", "person", 18, 72, 110, 12, size=13)
    s.circles("sex", "性別", 128, 64, 64, 8, ("男", "女"), lead=18)
    s.cell("birthday", "生年月日", "date", 128, 72, 64, 12, lead=18, content="old_day", size=9.5)
    s.digits("postal_code", "郵便番号", "postal_code", 18, 84, 87, 10, 7, dash_after=3)
    s.cell("telephone", "電話番号", "telephone", 105, 84, 87, 10)
    s.cell("address", "住所", "address", 18, 94, 174, 12)
    s.circles(
        "level",
        "前回の認定結果",
        18,
        106,
        174,
        10,
        ("要支援1", "要支援2", "要介護1", "要介護2", "要介護3", "要介護4", "要介護5"),
        size=8.5,
    )
    s.ticks("stay", "入院・入所", 18, 116, 60, 12, ("あり", "なし"))
    s.cell("facility", "施設名", "text", 78, 116, 114, 12, lead=20, content="hospital", sometimes=0.6)
    s.text(18, 135, "提出代行者", 10.5, bold=True)
    s.cell("agent", "名称", "text", 18, 139, 110, 12, content="office", sometimes=0.6)
    s.seal("agent_seal", 183, 145)
    s.cell("agent_person", "担当", "person", 128, 139, 48, 12, lead=14, sometimes=0.6)
    s.text(18, 158, "主治医", 10.5, bold=True)
    s.cell("doctor", "主治医の氏名", "person", 18, 162, 87, 11)
    s.cell("hospital", "医療機関名", "text", 105, 162, 87, 11, content="hospital", lead=24)
    s.cell("hospital_address", "所在地", "address", 18, 173, 174, 12)
    s.cell("hospital_telephone", "電話番号", "telephone", 18, 185, 87, 10)
    s.cell("last_visit", "最終受診日", "date", 105, 185, 87, 10, lead=24, content="recent_day")
    s.text(18, 202, "第二号被保険者（40歳から64歳の医療保険加入者）のみ記入", 9)
    s.cell("insurer", "医療保険者名", "text", 18, 206, 110, 11, content="insurer", sometimes=0.4)
    s.cell("disease", "特定疾病名", "text", 18, 217, 110, 11, content="disease", sometimes=0.4)
    s.check("consent", "認定結果等を居宅介護支援事業者等に提示することに同意します。", 20, 236)
    s.signature("signature", "本人氏名", 18, 243, 110, 13)
    return s


def move_in() -> Sheet:
    s = Sheet("move_in", "住民異動届（転入・転居・転出）", "noto")
    s.headline("", 14)
    s.date("notified", "届出日", 18, 31, 78, 9, "令和", lead=18)
    s.date("moved", "異動日", 110, 31, 82, 9, "令和", lead=18)
    s.ticks("kind", "届出の種類", 18, 43, 174, 9, ("転入", "転居", "転出", "世帯変更", "国外転入"))
    s.cell("new_address", "新しい住所", "address", 18, 54, 174, 11, fill=225)
    s.cell("new_head", "新しい世帯主", "person", 18, 65, 87, 10, fill=225)
    s.cell("old_address", "今までの住所", "address", 18, 77, 174, 11, fill=225)
    s.cell("old_head", "今までの世帯主", "person", 18, 88, 87, 10, fill=225)
    s.cell("home", "本籍", "address", 105, 65, 87, 10, lead=14, fill=225, size=8.5)
    s.cell("telephone", "電話", "telephone", 105, 88, 87, 10, lead=14, fill=225)
    s.label(18, 102, 8, 8, "")
    for words, x, w in (
        ("フリガナ・氏名", 26, 56),
        ("生年月日", 82, 42),
        ("性別", 124, 20),
        ("続柄", 144, 18),
        ("カード", 162, 30),
    ):
        s.label(x, 102, w, 8, words, 215)
    for number in range(1, 6):
        y = 110 + (number - 1) * 18
        often = (1.0, 0.8, 0.6, 0.35, 0.15)[number - 1]
        s.label(18, y, 8, 18, str(number), 255)
        s.cell(f"kana{number}", "", "kana", 26, y, 56, 6.5, lead=0.01, size=8, sometimes=often)
        s.cell(f"name{number}", "", "person", 26, y + 6.5, 56, 11.5, lead=0.01, size=12, sometimes=often)
        s.cell(
            f"birthday{number}",
            "",
            "date",
            82,
            y,
            42,
            18,
            lead=0.01,
            content="any_day",
            size=9.5,
            sometimes=often,
        )
        s.circles(f"sex{number}", "", 124, y, 20, 18, ("男", "女"), lead=0.01)
        s.cell(
            f"relation{number}",
            "",
            "text",
            144,
            y,
            18,
            18,
            lead=0.01,
            content="relation",
            size=9.5,
            sometimes=often,
        )
        s.ticks(f"card{number}", "", 162, y, 30, 18, ("有", "無"), lead=0.01)
    s.text(18, 207, "届出人", 10.5, bold=True)
    s.cell("applicant", "届出人氏名", "person", 18, 211, 100, 12)
    s.seal("seal", 110, 217)
    s.ticks("applicant_kind", "資格", 118, 211, 74, 12, ("本人", "世帯主", "代理人"), lead=12)
    s.cell("applicant_address", "届出人住所", "address", 18, 223, 174, 11)
    s.check("insurance", "国民健康保険", 20, 242)
    s.check("pension", "国民年金", 65, 242)
    s.check("nursing", "介護保険", 105, 242)
    s.check("allowance", "児童手当", 145, 242)
    return s


def tax_certificate() -> Sheet:
    s = Sheet("tax_certificate", "税務証明書 交付申請書", "migu", measured_only=True)
    s.headline("", 18)
    s.cell("applied", "申請日", "date", 120, 34, 72, 9, lead=18, content="today")
    s.text(18, 50, "窓口に来た方", 11, bold=True)
    s.cell("address", "住所", "address", 18, 54, 174, 13, lead=24)
    s.cell("kana", "ふりがな", "kana", 18, 67, 100, 8, lead=24, size=9)
    s.cell("name", "お名前", "person", 18, 75, 100, 13, lead=24, size=14)
    s.cell("birthday", "生年月日", "date", 118, 67, 74, 11, lead=20, content="adult_day")
    s.cell("telephone", "電話番号", "telephone", 118, 78, 74, 10, lead=20)
    s.circles(
        "relation",
        "証明の必要な方との関係",
        18,
        88,
        174,
        11,
        ("本人", "同居の親族", "相続人", "代理人"),
        lead=46,
    )
    s.text(18, 107, "証明の必要な方", 11, bold=True)
    s.cell("whose_address", "１月１日の住所", "address", 18, 111, 174, 12, lead=32)
    s.cell("whose", "氏名", "person", 18, 123, 100, 11, lead=32)
    s.cell("whose_birthday", "生年月日", "date", 118, 123, 74, 11, lead=20, content="adult_day", size=9.5)
    s.text(18, 142, "必要な証明", 11, bold=True)
    s.ticks(
        "which",
        "証明の種類",
        18,
        146,
        174,
        24,
        ("所得証明書", "課税証明書", "非課税証明書", "納税証明書", "評価証明書", "公課証明書"),
        rows=3,
        lead=32,
    )
    s.cell("year", "年度", "text", 18, 170, 87, 11, lead=32, content="year")
    s.cell("copies", "枚数", "number", 105, 170, 87, 11, lead=24, content="copies", unit="枚")
    s.cell("use", "使用目的", "text", 18, 181, 174, 11, lead=32, content="use")
    s.cell("submit_to", "提出先", "text", 18, 192, 174, 11, lead=32, content="submit_to")
    s.cell("fee", "手数料", "yen", 18, 203, 87, 11, lead=32, content="fee", unit="円")
    s.circles("paid", "支払い方法", 105, 203, 87, 11, ("現金", "電子"), lead=24)
    s.check("warrant", "委任状を添付しました。", 22, 224, 4.0)
    s.check("identity", "本人確認書類を提示しました。", 22, 232, 4.0)
    s.signature("signature", "署名", 18, 242, 100, 14, 24)
    return s


def school_aid() -> Sheet:
    s = Sheet("school_aid", "就学援助費受給申請書", "ipa_gothic", measured_only=True)
    s.headline("様式第２号", 16)
    s.text(18, 34, "教育委員会教育長　様", 10.5)
    s.date("applied", "申請年月日", 110, 31, 82, 9, "令和", lead=24)
    s.ruled("address", "住所", "address", 80, 48, 112)
    s.ruled("name", "保護者氏名", "person", 80, 58, 96)
    s.seal("seal", 184, 58)
    s.ruled("telephone", "電話番号", "telephone", 80, 68, 112)
    for number in (1, 2):
        y = 80 + (number - 1) * 33
        s.cell(f"child{number}_kana", "ふりがな", "kana", 18, y, 100, 8, size=9)
        s.cell(f"child{number}", "児童生徒氏名", "person", 18, y + 8, 100, 12)
        s.circles(f"child{number}_sex", "性別", 118, y, 74, 8, ("男", "女"), lead=20)
        s.cell(
            f"child{number}_birthday",
            "生年月日",
            "date",
            118,
            y + 8,
            74,
            12,
            lead=20,
            content="child_day",
            size=9.5,
        )
        s.cell(f"child{number}_school", "学校名", "text", 18, y + 20, 100, 11, content="school")
        s.cell(f"child{number}_grade", "学年", "text", 118, y + 20, 74, 11, lead=20, content="grade")
    s.ticks(
        "reason",
        "申請の理由",
        18,
        150,
        174,
        26,
        (
            "生活保護が停止・廃止された",
            "市町村民税が非課税",
            "児童扶養手当を受けている",
            "国民年金の免除",
            "生活福祉資金の貸付",
            "その他経済的な理由",
        ),
        rows=3,
    )
    s.cell("detail", "その他の理由", "text", 18, 176, 174, 14, content="reason")
    s.cell("income", "世帯の収入", "yen", 18, 190, 87, 11, content="amount", unit="円")
    s.cell("members", "世帯の人数", "number", 105, 190, 87, 11, content="copies", unit="人")
    s.circles("house", "住居", 18, 201, 87, 11, ("持家", "借家", "その他"))
    s.cell("rent", "家賃（月額）", "yen", 105, 201, 87, 11, content="fee", unit="円")
    s.cell("bank", "振込先", "text", 18, 212, 174, 11, content="bank_branch")
    s.digits("account", "口座番号", "number", 18, 223, 110, 11, 7)
    s.cell("holder", "名義（カナ）", "kana", 18, 234, 174, 11)
    s.check("consent", "世帯の課税状況を確認することに同意します。", 22, 253)
    return s


SHEETS: Sequence[Callable[[], Sheet]] = (
    child_allowance,
    residence_by_post,
    park_permit,
    subsidy,
    care,
    move_in,
    tax_certificate,
    school_aid,
)
