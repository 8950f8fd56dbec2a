"""Numbers that the state and insurers give to a person (and, told apart, to a corporation)."""

import re

from machi.language.engine.personal import checkdigits
from machi.language.engine.personal.kinds import Kind
from machi.language.engine.personal.rules import THING, Rule, digits

_ALONE = r"(?<![0-9A-Za-z])(?<![0-9]-)"
_END = r"(?![0-9A-Za-z])(?!-[0-9])"
_LABEL_END = r"[^0-9\n。、]{0,8}$"
_OTHER_NUMBER = re.compile(
    r"(?:受付|受理|申請|申込|注文|伝票|整理|照会|問い?合わ?せ|お客様|顧客|会員|製造|追跡|管理|決裁|文書|免許証?"
    r"|法人|契約|検査|請求書?|領収書?|予約|口座|送り状|登録|発注|納付|確認|通知書|機器|資産|備品)"
    rf"(?:の)?(?:番号|No\.?|ナンバー|ID|コード){_LABEL_END}",
    re.IGNORECASE,
)
_CALL = re.compile(r"(?:電話|TEL|FAX|携帯|ダイヤル)[^\n。、]{0,12}$", re.IGNORECASE)
_TWELVE = re.compile(
    rf"{_ALONE}(?:[0-9]{{12}}|[0-9]{{4}}([ -])[0-9]{{4}}\1[0-9]{{4}}|[0-9](?:[ |][0-9]){{11}}){_END}"
)
_SYMBOL = (
    r"[一-鿿ぁ-ん]{1,6} [0-9]{1,8}(?=[・-])|(?:(?!番号)[0-9A-Za-z一-鿿ぁ-んァ-ヶー]){1,10}?"
    r"(?:[・.\-](?:(?!番号)[0-9A-Za-z一-鿿ぁ-んァ-ヶ]){1,6}){0,2}"
)
_THEN = r"(?:[ \n、,・\-/)|]{0,3}(?:の|\()?(?:番号|バンゴウ)[ :はが)|]{0,3}|[ ・\-/、]{1,3})"
_BRANCH = r"(?:[ \n、,・(|]{0,3}枝番(?:号)?[ :は)|]{0,3}[0-9]{1,3}|-[0-9]{2})?"

RULES = (
    Rule(
        Kind.MY_NUMBER,
        "check digit, and the number named",
        1.0,
        _TWELVE,
        valid=lambda value: checkdigits.my_number(digits(value)),
        # Far, because the heading of a table may stand many rows above; the check digit bears it.
        near=re.compile(
            r"マイナンバー|マイナ番号|まいなんばー|個人番号|個人No|通知カード|my ?number", re.IGNORECASE
        ),
        before=400,
        after=60,
        unless=_OTHER_NUMBER,
    ),
    Rule(
        Kind.CORPORATE_NUMBER,
        "check digit, and the number named",
        0.95,
        re.compile(rf"(?<![0-9A-SU-Za-z])(?<![0-9]-)T?(?:[0-9]{{13}}|[0-9](?:([ -])[0-9]{{4}}){{3}}){_END}"),
        valid=lambda value: checkdigits.corporate_number(digits(value)),
        near=re.compile(r"法人番号|登録番号|インボイス|適格請求書|法人No|T$"),
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
        re.compile(rf"{_ALONE}[0-9]{{4}}[ -]?[0-9]{{6}}(?![0-9A-Za-z])(?!-[0-9](?![0-9]{{3}}(?![0-9])))"),
        near=re.compile(r"年金(?:番号|手帳|証書|加入|記録)|ねんきん"),
        before=40,
        after=25,
        unless=_CALL,
    ),
    Rule(
        Kind.BASIC_PENSION_NUMBER,
        "4 and 6 digits set apart, and a pension spoken of",
        0.75,
        re.compile(rf"{_ALONE}[0-9]{{4}}[ -][0-9]{{6}}{_END}"),
        near=re.compile(r"年金"),
        before=60,
        after=25,
        unless=re.compile(rf"{_CALL.pattern}|{_OTHER_NUMBER.pattern}|{THING.pattern}", re.IGNORECASE),
    ),
    Rule(
        Kind.DRIVERS_LICENCE,
        "12 digits, and a driver's licence named",
        0.9,
        re.compile(
            rf"{_TWELVE.pattern}|{_ALONE}[0-9]{{2}}-[0-9]{{4}}-[0-9]{{6}}{_END}|{_ALONE}[0-9]{{2}}-[0-9]{{2}}-[0-9]{{6}}-[0-9]-?[0-9]{_END}"
        ),
        near=re.compile(r"免許|運転経歴"),
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
        near=re.compile(r"旅券|パスポート|passport", re.IGNORECASE),
        before=40,
        after=25,
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
        Kind.RESIDENCE_CARD,
        "2 letters, 8 digits, 2 letters",
        0.9,
        re.compile(rf"{_ALONE}[A-Za-z]{{2}}[ -]?[0-9]{{8}}[ -]?[A-Za-z]{{2}}{_END}"),
    ),
    Rule(
        Kind.HEALTH_INSURANCE,
        "symbol and number of an insurance card",
        0.9,
        re.compile(
            rf"(?:記号|キゴウ)(?:[・及びと]*番号)?[ :はが|]{{0,3}}"
            rf"(?P<value>(?:{_SYMBOL}){_THEN}[0-9]{{1,8}}{_BRANCH})(?![0-9])"
        ),
        near=re.compile(
            r"保険|ホケン|ほけん|健保|国保|社保|けんぽ|共済|被保険者|資格確認書|保険証|組合員証|枝番"
        ),
        before=60,
        after=25,
        unless=re.compile(r"ゆうちょ|貯金|通帳|口座"),
    ),
    Rule(
        Kind.HEALTH_INSURANCE,
        "insured person's number named",
        0.9,
        re.compile(
            r"(?:被保険者(?:証)?(?:の)?(?:等)?(?:記号)?番号|保険者番号|保険証(?:の)?番号|公費負担者番号|受給者番号|受給者証番号)"
            r"[ :はが]{0,3}(?:\(.{1,10}\))?[ :はが]{0,3}(?P<value>[0-9A-Z](?:[0-9A-Z]|[ -](?=[0-9])){3,13})(?![0-9])"
        ),
    ),
    Rule(
        Kind.HEALTH_INSURANCE,
        "a number, and right before it an insurance and the word number",
        0.85,
        re.compile(rf"{_ALONE}[0-9](?:[0-9]|-(?=[0-9])){{3,9}}{_END}"),
        near=re.compile(
            r"(?:介護|後期|保険|健保|国保|医保|医療|被保険者|共済|資格確認"
            r"|組合員)[^\n。0-9]{0,16}(?:番号?|ナンバー|No\.?)[ :はが)]{0,3}$"
            r"|(?:介護|後期|保険|健保|国保)[^\n0-9]{0,12}。?記号[・ ]?番号[ :はが]{0,3}$",
        ),
        before=40,
        unless=re.compile(rf"{_OTHER_NUMBER.pattern}|(?:電話|連絡先|携帯)[^0-9]{{0,8}}$", re.IGNORECASE),
    ),
    Rule(
        Kind.HEALTH_INSURANCE,
        "symbol and number set apart by a dash, right behind the insurance",
        0.8,
        re.compile(
            r"(?:国民健康保険|健康保険|国保|健保|社保)証?[ :は(]{1,3}"
            r"(?P<value>[一-鿿]{0,3} ?[0-9]{1,8}[-・][0-9]{1,8})(?![0-9-])"
        ),
    ),
    Rule(
        Kind.HEALTH_INSURANCE,
        "a number of the length that nursing or late-life insurance gives, and it is named",
        0.75,
        re.compile(rf"{_ALONE}(?:00[0-9]{{8}}|39[0-9]{{6}}){_END}"),
        near=re.compile(r"(?:介護|後期|被保)[^\n。0-9]{0,20}$"),
        before=26,
    ),
)
