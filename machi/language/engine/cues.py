"""Whether a unit of a passage states the kind of fact a question asks for.

A label says so outright (「費用：」); a pattern by its form (「500円」, 「9時」, 「【電話】225-2412」).
"""

import re

from machi.language.engine.question import TIMES, Kind

LABELLED = 1.0
PATTERNED = 0.6

_LABELS: dict[Kind, tuple[str, ...]] = {
    "amount": (
        r"料金|費用|金額|参加費|受講料|手数料|入場料|観覧料|利用料|使用料|代金|価格|月額|年額|報酬|給与|月謝",
        r"補助率|負担|会費|額$|料$|費$",
    ),
    "clock": (r"日時|時間|とき|開館|受付|利用可能|開催|放送",),
    "date": (
        r"日時|日程|日にち|開催|期間|期限|締め?切り?|とき|受付|開設日|時期|任期|期日|発行日|予定日|募集",
    ),
    "weekday": (r"休館|定休|休み|休業|曜日|開館|利用可能|日時|開催",),
    "place": (r"場所|会場|ところ|所在|住所|集合|アクセス|開催地|設置位置|方書|交通",),
    "contact": (r"問い?合わ?せ|連絡|電話|TEL|FAX|ファクス|メール|E-?mail|担当|相談先|窓口|所管",),
    "bring": (r"持ち物|持参|必要なもの|必要書類|用意|準備",),
    "who": (r"対象|資格|条件|年齢|受入|要件",),
    "number": (r"定員|人数|収容|面積|人口|世帯|件数|定数|募集人|数$",),
    "gift": (r"特典|プレゼント|賞品|記念品|景品",),
    "how": (r"申し?込み?|申請|応募|方法|手続|予約|手順|流れ|登録|届",),
}
_COUNTERS = (
    r"人|名|組|個|本|台|[かカヶ箇]所|枚|冊|点|件|杯|km|キロ|メートル|m|平方|平米|㎡|歳|%|％|割|世帯|軒|校|票"
    r"|回|種類|作品|団体|戸|ha|グラム|g|リットル|年|分|時間|位"
)
_PATTERNS: dict[Kind, tuple[str, ...]] = {
    "amount": (r"[\d,，万千百億]\s*円|無料|有料|実費|\d割|自己負担",),
    "clock": (r"\d\s*時|\d[:：]\d\d|正午|24時間|終日",),
    "date": (
        r"\d\s*[月日]|年度|午前|午後|毎[週月日年]|曜|随時|通年|当日|末まで|週間後|後",
        r"[(（][月火水木金土日祝・?~～]+[)）]",
    ),
    "weekday": (r"曜|休館|定休|年中無休|[(（][月火水木金土日祝・?~～]+[)）]|土日|平日|月火水",),
    "place": (
        r"丁目|番地|\d-\d|会館|センター|ホール|体育館|図書館|公園|公民館|市役所|庁舎|本庁|広場|学校|駅",
        r"館[で、。]|階|室[で、。]|で開催|プラザ|支所|邸|スタジアム|アリーナ",
    ),
    "contact": (
        r"電話|☎|TEL|0?\d{2,4}[)）-]\d{2,4}-?\d*|FAX|ファクス|メール|@|[課係室署所]へ|問い?合わ?せ|窓口|相談",
    ),
    "bring": (r"持参|持って|必要|用意|提示|添付",),
    "who": (r"対象|以上|以下|未満|市内(在住|在勤|在学)|の方|の人|歳|年生|どなたでも|誰でも",),
    "number": (rf"[\d,，.]\s*({_COUNTERS})",),
    "gift": (r"プレゼント|進呈|贈呈|差し上げ|もらえ|配布|景品|記念品|支給|交付|特典",),
    "how": (
        r"申し?込|応募|予約|提出|申請|届け出|持参|郵送|窓口|ください|直接|抽選|先着|できます|ダウンロード",
    ),
    "what": (r"とは|のような|のこと|こと(です|。|$)|という|と呼|です。?$|取り組み|制度|施設",),
    "yes_no": (
        r"ません|できます|可能|不要|必要|不可|あります|なし|可$|要予約|対象外|ください|[○×]|無料|有$|無$|中止|要申|決行|雨天",
    ),
}
_LABEL_RES = {kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in _LABELS.items()}
_PATTERN_RES = {kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in _PATTERNS.items()}
# 「市から申し込みを勧めることはありません」 warns; it tells no way to apply.
_NO_WAY = re.compile(r"ことは(一切)?(ありません|ない|ございません)(です)?[。]?\s*$")
# These may be stated under any label: 「対象：市内在住の方。要予約」.
_ANYWHERE: frozenset[Kind] = frozenset({"how", "yes_no", "bring", "what", "gift"})


def cue_strength(kind: Kind, label: str, text: str) -> float:
    """How plainly a unit states a fact of ``kind``: ``LABELLED``, ``PATTERNED`` or 0.

    A unit whose label names other kinds of fact states none of this kind, whatever figures it holds: the
    telephone number under 「問合せ：」 is no place.
    """
    if label:
        named = [other for other, labels in _LABEL_RES.items() if labels.search(label)]
        if kind in named:
            return LABELLED
        told_with_it = kind in _ANYWHERE or (kind in TIMES and not TIMES.isdisjoint(named))
        if named and not told_with_it:
            return 0.0
    if kind == "how" and _NO_WAY.search(text):
        return 0.0
    return PATTERNED if _PATTERN_RES[kind].search(text) else 0.0
