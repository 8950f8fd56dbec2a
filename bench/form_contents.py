"""What applicants write on the forms of ``form_sheets.py``: public names and places, made-up numbers.

``write(slot_content, kind, chance, part)`` gives the words as they stand on the paper. The parts ``dev`` and ``test``
share no surname, given name or municipality (``data/personal_names.csv``, ``data/personal_towns.csv``).
"""

from __future__ import annotations

import csv
import random
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_WORDS: dict[str, tuple[str, ...]] = {
    "relation": ("子", "長男", "長女", "二男", "二女", "三男", "養子", "孫", "妻", "夫", "母", "父", "本人", "世帯主"),
    "school": (
        "中央小学校", "第一中学校", "みどり保育園", "東小学校", "ひまわりこども園", "南中学校", "桜ヶ丘幼稚園",
        "西高等学校", "若葉台小学校", "緑川中学校", "つくし学級", "北野第三小学校",
    ),
    "grade": ("1年", "2年", "3年", "4年", "5年", "6年", "小学2年", "中学1年", "中学3年"),
    "bank": (
        "みずほ銀行", "三菱UFJ銀行", "三井住友銀行", "りそな銀行", "ゆうちょ銀行", "北洋銀行", "横浜信用金庫",
        "東日本銀行", "しまなみ農業協同組合", "第四北越銀行", "京都中央信用金庫", "労働金庫",
    ),
    "branch": ("本店", "駅前支店", "中央支店", "市役所出張所", "東支店", "みなと支店", "〇二八支店", "港北ニュータウン支店"),
    "club": (
        "緑の会", "中央商店街振興組合", "NPO法人こどもの広場", "青葉町内会", "株式会社まちづくり", "川沿い清掃隊",
        "若草自治会", "社会福祉法人あおぞら", "劇団ひととき", "一般社団法人里山の学校", "市民ランナーズクラブ",
    ),
    "park": ("中央公園", "城山公園", "みなと緑地", "総合運動公園", "第二児童公園", "河川敷広場", "森の里公園", "東浜海浜公園"),
    "event": (
        "秋の収穫祭", "朝市", "地域防災訓練", "ふれあいコンサート", "親子たこあげ大会", "第12回市民まつり", "盆踊り大会",
        "フリーマーケット", "子ども食堂の運営", "花いっぱい運動", "高齢者見守り事業", "学習支援教室", "竹林整備活動",
    ),
    "event_text": (
        "飲食の模擬店10店と音楽の演奏", "手作り品の販売と展示", "消火器の使い方の体験と炊き出し",
        "ラジオ体操のあと清掃活動を行う", "ステージでの演奏と地元野菜の販売", "約30分の野外演劇を3回上演",
        "写真撮影(スタッフ8名、機材車1台)", "子ども向けの工作教室とゲーム",
    ),
    "use": ("年金の手続き", "運転免許の更新", "パスポートの申請", "相続登記", "車の登録", "就職先へ提出", "奨学金の申請", "保育所の入所申込み", "住宅ローンの申込み"),
    "submit_to": ("年金事務所", "法務局", "勤務先", "県公安委員会", "家庭裁判所", "日本学生支援機構", "陸運局", "金融機関"),
    "hospital": ("市立病院", "中央クリニック", "山本内科医院", "みどり総合病院", "県立医療センター", "佐々木整形外科", "さくら訪問診療所"),
    "office": ("ケアプランセンターあい", "居宅介護支援事業所ひだまり", "地域包括支援センター北", "社会福祉協議会", "ニチイケアセンター"),
    "insurer": ("全国健康保険協会", "健康保険組合", "国民健康保険", "市町村職員共済組合"),
    "disease": ("関節リウマチ", "脳血管疾患", "初老期における認知症", "パーキンソン病関連疾患", "糖尿病性神経障害"),
    "reason": ("失業のため収入が減った", "病気の治療費がかかるため", "ひとり親家庭で生活が苦しい", "休業により収入がない", "家族の介護で働けない"),
    "year": ("令和6年度", "令和7年度", "令和8年度", "平成31年度", "令和5年度"),
}  # fmt: skip


@cache
def _names(part: str) -> dict[str, list[tuple[str, str]]]:
    with (DATA / "personal_names.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == part]
    return {
        role: [(row["written"], row["reading"]) for row in rows if row["role"] == role]
        for role in ("surname", "given")
    }


@cache
def _towns(part: str) -> list[tuple[str, str]]:
    with (DATA / "personal_towns.csv").open(encoding="utf-8") as file:
        return [(row["municipality"], row["town"]) for row in csv.DictReader(file) if row["part"] == part]


def person(chance: random.Random, part: str) -> tuple[str, str, str]:
    """Surname, whole name as written and its reading in katakana or hiragana."""
    (surname, first), (given, second) = chance.choice(_names(part)["surname"]), chance.choice(_names(part)["given"])
    gap = chance.choice(("　", " "))
    reading = f"{first}{gap}{second}"
    return surname, f"{surname}{gap}{given}", reading.translate(_HIRAGANA) if chance.random() < 0.8 else reading


def address(chance: random.Random, part: str) -> str:
    municipality, town = chance.choice(_towns(part))
    one, two, three = chance.randint(1, 9), chance.randint(1, 40), chance.randint(1, 30)
    number = chance.choice(
        (f"{one}丁目{two}番{three}号", f"{one}-{two}-{three}", f"{two}-{three}", f"{two * 37}番地", f"{two}番地{three}")
    )
    house = ""
    if chance.random() < 0.3:
        name = chance.choice(("コーポ青木", "メゾン中央", "サンハイツ", "第二寿荘", "グリーンヒル", "レジデンス港"))
        house = f"　{name}{chance.randint(1, 9)}0{chance.randint(1, 9)}" + chance.choice(("", "号室"))
    return f"{municipality}{town}{number}{house}"


def day(chance: random.Random, years: tuple[int, int]) -> tuple[str, int, int, int]:
    """Era, year of era, month, day, of a year between the two."""
    year = chance.randint(*years)
    era = next(name for name, before in reversed(_ERAS.items()) if year > before)
    return era, year - _ERAS[era], chance.randint(1, 12), chance.randint(1, 28)


def written_day(chance: random.Random, parts: tuple[str, int, int, int]) -> str:
    era, year, month, number = parts
    western = year + _ERAS[era]
    letter = {"明治": "M", "大正": "T", "昭和": "S", "平成": "H", "令和": "R"}[era]
    return chance.choices(
        (
            f"{era}{'元' if year == 1 else year}年{month}月{number}日",
            f"{western}年{month}月{number}日",
            f"{letter}{year}.{month}.{number}",
            f"{western}/{month}/{number}",
        ),
        (6, 3, 1, 1),
    )[0]


DAYS = {
    "today": (2024, 2026), "adult_day": (1940, 2006), "child_day": (2008, 2026), "old_day": (1926, 1960),
    "any_day": (1935, 2026), "recent_day": (2025, 2026), "event_date": (2026, 2027), "event_day": (2026, 2027),
}  # fmt: skip


def telephone(chance: random.Random) -> str:
    if chance.random() < 0.5:
        number = (chance.choice(("090", "080", "070")), f"{chance.randint(0, 9999):04}", f"{chance.randint(0, 9999):04}")
    else:
        number = (f"0{chance.randint(11, 99)}", f"{chance.randint(200, 999)}", f"{chance.randint(0, 9999):04}")
    first, second, third = number
    return chance.choice((f"{first}-{second}-{third}", f"{first}-{second}-{third}", f"{first}({second}){third}"))


def my_number(chance: random.Random) -> str:
    digits = [chance.randint(0, 9) for _ in range(11)]
    rest = sum(d * (n + 1 if n <= 6 else n - 5) for n, d in enumerate(reversed(digits), 1)) % 11
    return "".join(map(str, digits)) + str(0 if rest <= 1 else 11 - rest)


def write(content: str, kind: str, chance: random.Random, part: str, names: tuple[str, str, str]) -> str:
    """The words of one field. ``names`` is the person whose form it is."""
    if content in DAYS or kind == "date":
        words = written_day(chance, day(chance, DAYS.get(content, (1940, 2026))))
        if content == "event_day":
            words += chance.choice((" 9時", " 10時30分", "　17時", " 13:00"))
        return words
    if content in _WORDS:
        return chance.choice(_WORDS[content])
    made = {
        "bank_branch": lambda: f"{chance.choice(_WORDS['bank'])}　{chance.choice(_WORDS['branch'])}",
        "document_number": lambda: f"第{chance.randint(1, 999)}号",
        "copies": lambda: str(chance.randint(1, 9)),
        "fee": lambda: f"{chance.choice((200, 300, 350, 450, 600, 750, 900, 1200, 62000)):,}",
        "amount": lambda: f"{chance.randint(5, 9000) * 100:,}",
        "amount_mark": lambda: chance.choice(("{:,}円", "¥{:,}-", "金{:,}円")).format(chance.randint(50, 9999) * 1000),
        "area": lambda: chance.choice((f"{chance.randint(10, 3000):,}", f"{chance.randint(10, 300)}.5")),
        "people": lambda: f"{chance.randint(5, 3000):,}",
        "digits10": lambda: f"{chance.randint(0, 10**10 - 1):010}",
    }
    if content in made:
        return made[content]()
    by_kind = {
        "person": lambda: person(chance, part)[1],
        "kana": lambda: names[2],
        "address": lambda: address(chance, part),
        "telephone": lambda: telephone(chance),
        "postal_code": lambda: f"{chance.randint(10, 9999999):07}",
        "my_number": lambda: my_number(chance),
        "number": lambda: f"{chance.randint(0, 9999999):07}",
        "email": lambda: f"{chance.choice(('info', 'tanaka', 'park2026', 'a.suzuki', 'event_team'))}"
        f"@{chance.choice(('example.jp', 'mail.example.com', 'town.example.ne.jp'))}",
    }
    return by_kind[kind]()
