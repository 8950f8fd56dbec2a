"""Symbols and numbers of health insurance, nursing insurance and medical benefits.

Since 2020 a card of health insurance bears 記号 (up to 10 letters or digits), 番号 (up to 8) and 枝番 (2 digits);
nursing insurance gives 10 digits, late-life care 8, public benefits 8 to the payer and 7 to the recipient.
"""

import re

from machi.language.engine.personal.identifiers import NAMED_OTHERWISE
from machi.language.engine.personal.kinds import Kind
from machi.language.engine.personal.rules import GAP, Rule

_ALONE = r"(?<![0-9A-Za-z])(?<![0-9]-)"
_END = r"(?![0-9A-Za-z])(?!-[0-9])"
_SYMBOL = (
    r"[一-鿿ぁ-ん]{1,6} [0-9]{1,8}(?=[・、 \n-]|番|の|\()|(?:(?!番号)[0-9A-Za-z一-鿿ぁ-んァ-ヶー]){1,10}?"
    r"(?:[・.\-](?:(?!番号)[0-9A-Za-z一-鿿ぁ-んァ-ヶ]){1,6}){0,2}"
)
_THEN = (
    r"(?:[ \n、,・\-/)|]{0,3}(?:の|\(|\[|が)?(?:保険証?|被保険者証?)?(?:の)?(?:番号|バンゴウ|No\.?)[ \n:=はが)|\]]{0,3}"
    r"|[ ・\-/、の]{1,3})"
)
_BRANCH = r"(?:[ \n、,・(|]{0,3}枝番(?:号)?[ :は)|]{0,3}[0-9]{1,3}|-[0-9]{2})?"
_PAIR = (
    rf"(?:記号|キゴウ)(?:[・及びと]*番号)?{GAP}(?P<value>(?:{_SYMBOL}){_THEN}[0-9]{{1,8}}{_BRANCH})(?![0-9])"
)
_BOTH = (
    rf"(?:記号|キゴウ)(?:(?P<together>[・及びと]*番号)|){GAP}"
    rf"(?P<value>(?:{_SYMBOL})(?(together)[ ・\-/、の]{{1,3}}"
    rf"|[ \n、,・/)|]{{0,3}}(?:が|\()?(?:番号|バンゴウ)[ \n:=はが)|]{{0,3}})"
    rf"[0-9]{{1,8}}{_BRANCH})(?![0-9-])"
)
_HOLDER = (
    r"(?:被保険者証?|被保険?者?|保険者|公費負担者|負担者|受給者証?|受診券|医療証|医療費受給者証?|組合員証?|加入者証?|資格確認書|資格者証"
    r"|(?:健康|介護|医療|国民健康)?保険証?|介保|国保|健保|社保|共済|後期(?:高齢者?(?:医療)?)?(?:被保険者証?)?)"
)
_NUMBER = r"[0-9]{4} [0-9]{4}(?: [0-9]{2})?|[0-9A-Z](?:[0-9A-Z]|[ -](?=[0-9])){3,13}"
_SPOKEN_OF = re.compile(
    r"保険|ホケン|ほけん|健保|国保|社保|けんぽ|共済|被保険者|資格確認書|保険証|組合員証|枝番"
)
_SAVINGS = re.compile(r"ゆうちょ|貯金|通帳|口座")
_OTHER_INSURANCE = re.compile(
    r"(?:雇用|労災|火災|地震|生命|損害|傷害|安全|自賠責|自動車|賠償責任|旅行|農業)保険.{0,12}$|技術者.{0,8}資格者?証.{0,6}$"
)
"""Insurances of other things than health."""

RULES = (
    Rule(
        Kind.HEALTH_INSURANCE,
        "symbol and number of an insurance card",
        0.9,
        re.compile(_PAIR),
        near=_SPOKEN_OF,
        before=60,
        after=25,
        unless=_SAVINGS,
    ),
    Rule(
        Kind.HEALTH_INSURANCE,
        "symbol and number, both called so",
        0.7,
        re.compile(_BOTH),
        unless=_SAVINGS,
    ),
    Rule(
        Kind.HEALTH_INSURANCE,
        "insured person's number named",
        0.9,
        re.compile(
            rf"{_HOLDER}(?:等)?(?:の)?(?:等)?(?:記号)?[・ ]?(?:番号|No\.?|ナンバー){GAP}"
            rf"(?P<value>{_NUMBER})(?![0-9])(?!-[0-9])(?! ?[;,|])"
        ),
        unless=_OTHER_INSURANCE,
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
        unless=re.compile(
            rf"{NAMED_OTHERWISE.pattern}|{_OTHER_INSURANCE.pattern}|(?:電話|連絡先|携帯)[^0-9]{{0,8}}$",
            re.IGNORECASE,
        ),
    ),
    Rule(
        Kind.HEALTH_INSURANCE,
        "symbol and number set apart by a dash, right behind the insurance",
        0.8,
        re.compile(
            r"(?:国民健康保険|健康保険|国保|健保|社保|保険)証?[ :は(]{1,3}"
            r"(?P<value>[一-鿿]{0,3} ?[0-9]{1,8}[-・][0-9]{1,8})(?![0-9-])"
        ),
        unless=_OTHER_INSURANCE,
    ),
    Rule(
        Kind.HEALTH_INSURANCE,
        "a number right behind a card or a scheme of health insurance",
        0.85,
        re.compile(
            r"(?:国民健康保険|健康保険証?|介護保険証?|国保|健保|社保|後期(?:高齢者医療)?|保険証|被保険者証?|資格確認書|短期証"
            r"|証番号|(?:負担割合|限度額[認適][定用]|負担限度額認定)証?)[ :はもが(→=|、]{0,3}"
            r"(?P<value>(?:[一-鿿]{1,2} ?)?[0-9]{1,4}[-・][0-9]{2,8}|[0-9]{10}|[0-9]{8}|[0-9]{6})"
            r"(?![0-9A-Za-z円年件人])(?!-[0-9])"
        ),
        unless=_OTHER_INSURANCE,
    ),
    Rule(
        Kind.HEALTH_INSURANCE,
        "a number that the text then calls that of an insured person",
        0.8,
        re.compile(rf"{_ALONE}(?:[0-9]{{6,8}}|[0-9]{{10}}|[0-9]{{1,4}}-[0-9]{{3,8}}){_END}"),
        near=re.compile(r"^[ (、]?(?:が|は|という[のが]{1,2}|:)?.{0,4}(?:被保険者|保険証|資格確認書)"),
        before=0,
        after=14,
    ),
    Rule(
        Kind.HEALTH_INSURANCE,
        "a number, and a card of health insurance in the sentence before",
        0.75,
        re.compile(rf"{_ALONE}(?:[0-9]{{6,8}}|[0-9]{{10}}|[0-9]{{1,4}}-[0-9]{{3,8}}){_END}"),
        near=re.compile(r"(?:保険証|国保|被保険者|資格確認書|短期証)[^\n0-9]{0,30}番号[^\n0-9。]{0,8}$"),
        before=46,
        unless=NAMED_OTHERWISE,
    ),
    Rule(
        Kind.HEALTH_INSURANCE,
        "symbol or number of an insurance card in English",
        0.8,
        re.compile(
            r"(?:insurance|insured)[^\n]{0,24}(?:no\.?|number|symbol|#)[ :]{0,2}(?:is )?"
            r"(?:[0-9]{2,8},? (?=no))?(?:no\.? )?(?P<value>[0-9]{2,8}(?:-[0-9]{2,8})?)(?![0-9A-Za-z])"
            r"|(?<![0-9])[0-9]{5,8}(?= (?:is )?(?:my|the|your) (?:health )?insurance)",
            re.IGNORECASE,
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
