"""Numbers that the state gives to a person (and, told apart, to a corporation). Insurers' are in ``insurance``."""

import re

from machi.language.engine.personal import checkdigits
from machi.language.engine.personal.kinds import Kind
from machi.language.engine.personal.rules import THING, Rule, digits

_ALONE = r"(?<![0-9A-Za-z])(?<![0-9]-)"
_END = r"(?![0-9A-Za-z])(?!-[0-9])"
_LABEL_END = r"[^0-9\n。、]{0,8}$"
NAMED_OTHERWISE = re.compile(
    r"(?:受付|受理|申請|申込|注文|伝票|整理|照会|問い?合わ?せ|お客様|顧客|会員|製造|追跡|管理|決裁|文書|免許証?"
    r"|法人|契約|検査|請求書?|領収書?|予約|口座|送り状|登録|発注|納付書?|確認|通知書|機器|資産|備品)"
    rf"(?:の)?(?:番号|No\.?|ナンバー|ID|コード){_LABEL_END}",
    re.IGNORECASE,
)
_OF_A_THING = re.compile(
    rf"(?:ロット|製造|シリアル|型[番式]?|品番?|便|機器|号機)(?:の?番号|コード|No\.?)?{_LABEL_END}|{THING.pattern}",
    re.IGNORECASE,
)
_CALL = re.compile(r"(?:電話|TEL|FAX|携帯|ダイヤル)[^\n。、]{0,12}$", re.IGNORECASE)
_TWELVE = re.compile(
    rf"{_ALONE}(?:[0-9]{{12}}|[0-9]{{4}}([ -])[0-9]{{4}}\1[0-9]{{4}}|[0-9](?:[ |][0-9]){{11}}){_END}"
)
RULES = (
    Rule(
        Kind.MY_NUMBER,
        "check digit, and the number named",
        1.0,
        _TWELVE,
        valid=lambda value: checkdigits.my_number(digits(value)),
        # Far, because the heading of a table may stand many rows above; the check digit bears it.
        near=re.compile(
            r"マイナンバー|マイナ番号|マイナ(?:保険証|カード)|まいなんばー|個人番号|個番|個人No|通知カード|特定個人情報"
            r"|扶養控除等|my ?number",
            re.IGNORECASE,
        ),
        before=400,
        after=60,
        unless=NAMED_OTHERWISE,
    ),
    Rule(
        Kind.CORPORATE_NUMBER,
        "check digit, and the number named",
        0.95,
        re.compile(rf"(?<![0-9A-SU-Za-z])(?<![0-9]-)T?(?:[0-9]{{13}}|[0-9](?:([ -])[0-9]{{4}}){{3}}){_END}"),
        valid=lambda value: checkdigits.corporate_number(digits(value)),
        near=re.compile(
            r"法人|会社|事業者|登録番号|インボイス|適格請求書|商号|請負|受注者|指名|工務店|建設|土建|製作所|商店|商会|T$"
        ),
        before=40,
        after=20,
    ),
    Rule(
        Kind.CORPORATE_NUMBER,
        "check digit, written as an invoice registration",
        0.9,
        re.compile(rf"(?<![0-9A-Za-z])T-?[0-9]{{13}}{_END}"),
        valid=lambda value: checkdigits.corporate_number(digits(value)),
    ),
    Rule(
        Kind.BASIC_PENSION_NUMBER,
        "4 and 6 digits, and pension named",
        0.9,
        re.compile(rf"{_ALONE}[0-9]{{4}}[ ・-]?[0-9]{{6}}(?![0-9A-Za-z])(?!-[0-9](?![0-9]{{3}}(?![0-9])))"),
        near=re.compile(r"年金(?:番号|手帳|証書|加入|記録|コード|の?(?:記号)?番号|の?No)|ねんきん"),
        before=40,
        after=25,
        unless=_CALL,
    ),
    Rule(
        Kind.BASIC_PENSION_NUMBER,
        "4 and 6 digits set apart, and a pension right before",
        0.93,  # above a telephone that it may look like (0792-352743)
        re.compile(rf"{_ALONE}[0-9]{{4}}-[0-9]{{6}}{_END}"),
        near=re.compile(r"(?:年金|ねんきん|pension)[^0-9\n。]{0,14}$", re.IGNORECASE),
        before=30,
        unless=_CALL,
    ),
    Rule(
        Kind.BASIC_PENSION_NUMBER,
        "4 and 6 digits set apart, and a pension spoken of",
        0.75,
        re.compile(rf"{_ALONE}[0-9]{{4}}[ -][0-9]{{6}}{_END}"),
        near=re.compile(r"年金|納付特例|免除申請|第?[1-3]号被保険者|pension", re.IGNORECASE),
        before=60,
        after=25,
        unless=re.compile(rf"{_CALL.pattern}|{NAMED_OTHERWISE.pattern}|{THING.pattern}", re.IGNORECASE),
    ),
    Rule(
        Kind.DRIVERS_LICENCE,
        "12 digits, and a driver's licence named",
        0.9,
        re.compile(
            rf"{_TWELVE.pattern}|{_ALONE}[0-9]{{2}}-[0-9]{{4}}-[0-9]{{6}}{_END}"
            rf"|{_ALONE}[0-9]{{2}}([ -])[0-9]{{2}}\2[0-9]{{6}}(?:\2[0-9]-?[0-9]|[0-9]\2[0-9]){_END}"
        ),
        near=re.compile(r"免許|運転経歴|準中型|原付|driver'?s? licen[cs]e", re.IGNORECASE),
        before=40,
        after=25,
        unless=re.compile(
            rf"(?:受付|申請|注文|伝票|整理|照会|問い?合わ?せ|予約|講習)(?:番号|No\.?){_LABEL_END}"
        ),
    ),
    Rule(
        Kind.PASSPORT,
        "2 letters and 7 digits, and a passport named",
        0.9,
        re.compile(rf"{_ALONE}[A-Za-z]{{2}} ?[0-9]{{7}}{_END}"),
        near=re.compile(r"旅券|パスポート|passport|国籍|nationality", re.IGNORECASE),
        before=40,
        after=25,
        unless=re.compile(rf"{THING.pattern}|{NAMED_OTHERWISE.pattern}", re.IGNORECASE),
    ),
    Rule(
        Kind.PASSPORT,
        "letter and 7 or 8 digits of another country's passport, right behind its name",
        0.85,
        re.compile(rf"{_ALONE}[A-Za-z]{{1,2}} ?[0-9]{{6,8}}{_END}"),
        near=re.compile(r"(?:旅券|パスポート|passport)[^0-9\n。、]{0,10}$", re.IGNORECASE),
        before=24,
    ),
    Rule(
        Kind.PASSPORT,
        "as Japan's are formed, and nothing says that it is a thing's",
        0.5,
        re.compile(rf"{_ALONE}[TM][A-Z][0-9]{{7}}{_END}"),
        unless=_OF_A_THING,
    ),
    Rule(
        Kind.RESIDENCE_CARD,
        "2 letters, 8 digits, 2 letters",
        0.9,
        re.compile(rf"{_ALONE}[A-Za-z]{{2}}[ -]?[0-9]{{8}}[ -]?[A-Za-z]{{2}}{_END}"),
        unless=_OF_A_THING,
    ),
)
