"""Bank accounts and payment cards."""

import re

from machi.language.engine.personal import checkdigits
from machi.language.engine.personal.kinds import Kind
from machi.language.engine.personal.rules import THING, Rule, digits

_KIND_OF_ACCOUNT = r"(?:普通|当座|貯蓄|総合|定期|納税準備|フツウ|トウザ|チョチク)(?:預金|貯金)?(?:口座)?"
_LABEL = r"(?:\(?普\)?|口座番号|口座No\.?|預金番号|貯金番号)"
_GAP = r"[ :/、,はが(|・\n]{0,4}"


def _card(value: str) -> bool:
    number = digits(value)
    return 14 <= len(number) <= 16 and len(set(number)) > 1 and checkdigits.luhn(number)


RULES = (
    Rule(
        Kind.BANK_ACCOUNT,
        "kind of account or the number named",
        0.9,
        re.compile(
            rf"(?:{_KIND_OF_ACCOUNT}{_GAP}(?:{_LABEL}{_GAP})?|{_LABEL}{_GAP}(?:{_KIND_OF_ACCOUNT}{_GAP})?)"
            r"(?:No\.? ?|番号[ :は]{0,3})?\(?(?P<value>[0-9]{3}-?[0-9]{4}|[0-9]{6,8})(?![0-9])(?!-[0-9])"
        ),
    ),
    Rule(
        Kind.BANK_ACCOUNT,
        "seven digits behind a branch",
        0.8,
        re.compile(
            r"(?:銀行|信用金庫|信金|信用組合|農協|農業協同組合|労働金庫|JA[^ 、。\n0-9]{1,10})[^\n。0-9]{0,20}"
            r"(?:支店|本店|出張所|支所|営業部)[^\n。0-9]{0,12}?(?P<value>[0-9]{7})(?![0-9])(?!-[0-9])"
        ),
    ),
    Rule(
        Kind.BANK_ACCOUNT,
        "seven digits right behind a bank",
        0.75,
        re.compile(
            r"(?:銀行|信用?金庫|信金|市信|信用組合|信組|農協|漁協|労金|ろうきん|口座|JA)[^\n。、0-9]{0,8}"
            r"(?P<value>[0-9]{7})(?![0-9円])(?!-[0-9])"
        ),
        unless=THING,
    ),
    Rule(
        # A price would have its 円 or its commas, a telephone its dashes.
        Kind.BANK_ACCOUNT,
        "seven digits that money is paid to",
        0.65,
        re.compile(r"(?<![0-9A-Za-z,.-])(?P<value>[0-9]{7})(?![0-9A-Za-z円,件人])(?!-[0-9])"),
        near=re.compile(
            r"(?:年金|給与|給料|手当|返金|還付金?|補助金|助成金|家賃|敷金|報酬|謝礼|振込|農協の?)(?:先)?[はがもを]?$"
            r"|^ ?(?:が|は).{0,10}(?:口座|預金|振込|引き?落)|^ ?(?:に|へ)(?:入|振|お?振り?込|返|送金)|^ ?、? ?名義",
        ),
        before=12,
        after=16,
        unless=THING,
    ),
    Rule(
        Kind.BANK_ACCOUNT,
        "seven digits, and an account named in English",
        0.75,
        re.compile(r"(?<![0-9A-Za-z,.-])(?P<value>[0-9]{7})(?![0-9A-Za-z])(?!-[0-9])"),
        near=re.compile(r"(?:bank|account|acct)[^0-9\n]{0,24}$", re.IGNORECASE),
        before=40,
    ),
    Rule(
        Kind.BANK_ACCOUNT,
        "seven digits, and an account named",
        0.7,
        re.compile(r"(?<![0-9A-Za-z,.])(?<![0-9]-)(?P<value>[0-9]{7})(?![0-9A-Za-z円])(?!-[0-9])"),
        near=re.compile(
            r"(?:口座|支店|通帳|振込先|振替先|還付先|入金先)[^\n。0-9]{0,20}$|^ ?\(?(?:普通"
            r"|当座|貯蓄)|口座番号[^\n0-9]{0,24}$|口座[^\n。0-9]{0,20}[0-9]{7}[^\n。0-9]{0,12}$"
        ),
        before=40,
        after=6,
        unless=THING,
    ),
    Rule(
        Kind.BANK_ACCOUNT,
        "symbol and number of a postal savings account",
        0.9,
        re.compile(
            r"記号(?:番号|・番号)?[ :はが]{0,3}(?P<value>[01][0-9]{4}(?:-[0-9])?"
            r"[ 、,・\-/\n]{0,3}(?:の?(?:通帳)?番号[ :はが]{0,3})?[0-9]{2,8})(?![0-9])"
        ),
        near=re.compile(r"ゆうちょ|郵便貯金|貯金|通帳|口座|振込|振替"),
        before=60,
        after=30,
    ),
    Rule(
        Kind.BANK_ACCOUNT,
        "symbol and number of a postal savings account, set apart by a dash",
        0.8,
        re.compile(r"(?<![0-9A-Za-z-])[01][0-9]{3}0(?:-[0-9])? ?- ?[0-9]{2,7}1(?![0-9-])"),
        near=re.compile(r"ゆうちょ|郵便貯金|貯金|通帳"),
        before=40,
        after=10,
    ),
    Rule(
        Kind.CREDIT_CARD,
        "prefix of a card network, and the Luhn digit",
        0.95,
        re.compile(
            r"(?<![0-9A-Za-z])(?<![0-9]-)(?:[2-6][0-9]{3}(?:([ -]?)[0-9]{4}(?:\1[0-9]{4}){2})"
            r"|3[47][0-9]{2}([ -]?)[0-9]{6}\2[0-9]{5}|3[068][0-9]{2}([ -]?)[0-9]{6}\3[0-9]{4})(?![0-9A-Za-z])(?!-[0-9])"
        ),
        valid=_card,
    ),
)
