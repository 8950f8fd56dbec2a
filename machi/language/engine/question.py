"""What kind of thing a question asks for: an amount, a time, a place, a contact, a way to do it ...

Pure pattern matching on the normalised text, so the same question always has the same kinds, and a person can
read why. A question may ask several things at once (「いつ、どこで」).
"""

import re
import unicodedata
from typing import Literal

Kind = Literal[
    "contact",
    "amount",
    "bring",
    "clock",
    "date",
    "weekday",
    "place",
    "who",
    "number",
    "gift",
    "how",
    "what",
    "yes_no",
]

TIMES: frozenset[Kind] = frozenset({"clock", "date", "weekday"})
"""To people these are one kind of fact: when."""
VAGUE: frozenset[Kind] = frozenset({"gift", "what"})
"""Kinds that help to choose, but whose absence says nothing to people."""

# Japanese first, then easier Japanese in kana, then English. Order is the order in which kinds are reported.
_ASKS: dict[Kind, tuple[str, ...]] = {
    "contact": (
        r"電話|連絡先|問い?合わ?せ|担当|窓口|何課|どの課|誰に|メールアドレス|ファクス|FAX|相談先|番号",
        r"(どこ|どちら)(に|へ|で)?(相談|聞|訊|連絡|尋ね|申し出|通報|電話)",
        r"でんわ|といあわせ|なに課|だれに|どこ(に|へ|で)?(きけ|そうだん|れんらく|でんわ)",
        r"\b(phone|telephone|contact|e-?mail|fax)\b|(what|which) number|who (do|should|can) i (ask|call)",
    ),
    "amount": (
        r"いくら|料金|費用|値段|何円|なん円|金額|代金|手数料|参加費|受講料|入場料|観覧料|月謝|材料費|会費|管理料",
        r"利用料|使用料|有料|無料|お金(は|が)(かか|いり|必要)|かかりますか|(補助|助成|支給|手当)額|報酬|時給|月給|初任給",
        r"\bhow much\b|\b(cost|costs|fee|fees|price|charge|free)\b",
    ),
    "bring": (
        r"持ち物|持参|必要な(もの|物|書類)|必要書類|添付書類|(何|なに|なん)(を|が)(持|必要|用意|要)|持って(い|行)くもの",
        r"もちもの|いるもの|(何|なに)(を|が)(もっ|いり)",
        r"what (do|should) i (bring|need)|\bdocuments?\b|\bbring\b",
    ),
    "clock": (
        r"何時|時間(は|帯|を)|(営業|開館|受付|診療|利用|開庁|開園|開所|放送)時間|なんじ",
        r"what time|\bhours\b|how late|(open )?until",
    ),
    "date": (
        r"いつ|何日|何月|日時|日程|日にち|開催日|期間|期限|締め?切り?|〆切|スケジュール|時期|スタート|なんにち|しめきり",
        r"\bwhen\b|what (day|date)|\b(deadline|schedule)\b",
    ),
    "weekday": (r"何曜|曜日|休館日|定休日|休み|休業|なんようび|やすみ|\bclosed\b|what days?",),
    "place": (
        r"どこ|どちら(で|に|へ)|場所|会場|住所|所在地|行き方|アクセス|集合場所|開催地|ばしょ",
        r"\bwhere\b|\b(address|location|venue)\b",
    ),
    "who": (
        r"対象|誰が|だれが|誰でも|だれでも|条件|資格|何歳|なんさい|年齢|(どんな|どのような|どういう)(人|方)",
        r"\bwho (can|is|may)\b|\beligib|\bhow old\b|\bage\b",
    ),
    "number": (
        r"何(人|名|個|本|台|回|か所|カ所|ヶ所|箇所|枚|冊|点|件|杯|キロ|km|メートル|m|平方|番|歳|年|ページ|位)",
        r"何(種類|%|パーセント|割|世帯|軒|校|票|作品|団体|時間|分)|定員|人数|面積|広さ|収容|人口|割合|件数",
        r"ど(の|れ)(くらい|ぐらい)|\bhow many\b|\bhow (big|large|long)\b",
    ),
    "gift": (r"もらえ|貰え|いただけ|特典|景品|プレゼント|記念品|\b(gift|prize|receive)\b",),
    "how": (
        r"どうやって|どうすれ|どうしたら|どのように|どうやれ|方法|やり方|出し方|捨て方|使い方|手順|手続き?|流れ",
        r"申し?込み?(方|たい|は|を|する|できる|先)|申込方法|応募(方法|するには|したい)|予約(方法|したい|するには)",
        r"(する|受ける|借りる|もらう|出す|なる|参加する|利用する|登録する)に(は|わ)|したい(です|のですが|$)",
        r"だしかた|すてかた|やりかた|てつづき|もうしこ(み|む)",
        r"\bhow (do|can|to|should)\b|\bapply\b",
    ),
    "what": (
        r"とは|って(何|なに|どんな)|(何|なに|なん)(の|という|です|を(する|作))|どんな|\bwhat (is|are)\b",
    ),
    "yes_no": (
        r"(ます|です|せん|した|でしょう|よい|いい|可能|ある|できる|要る|必要)か[。?]*$|てもいい|てよい",
        r"^(is|are|can|do|does|may|must|will)\b",
    ),
}
_PATTERNS = {kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in _ASKS.items()}
_DEFINES = re.compile(r"とは|って(何|なに|どんな)")
_WH_WORDS = re.compile(
    r"いつ|どこ|どちら|だれ|誰|何|なに|なん|いくら|どう|どの|どれ|どんな|なぜ|what|when|where|who|how|which",
    re.IGNORECASE,
)


def normalise_question(text: str) -> str:
    """The question in NFKC, on one line, without spaces at its ends."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def question_kinds(text: str) -> tuple[Kind, ...]:
    """The kinds of thing ``text`` asks for, in a fixed order; empty where none is recognised.

    ``yes_no`` is reported only when no question word (いつ, どこ, what ...) is present, since
    「いつ開きますか」 is not answered by yes; ``what`` beside another kind only where a meaning is asked
    (「とは」), since 「持ち物は何ですか」 asks for a list.
    """
    normal = normalise_question(text)
    found = [kind for kind, pattern in _PATTERNS.items() if pattern.search(normal)]
    if "yes_no" in found and _WH_WORDS.search(normal):
        found.remove("yes_no")
    if "what" in found and found != ["what"] and not _DEFINES.search(normal):
        found.remove("what")
    return tuple(found)
