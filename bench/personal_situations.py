"""Sentences that the recognisers of names and dates of birth are trained with (never measured on).

``situations(count, seed)`` fills ``data/personal_situations.txt`` with names of every form (surname or given name
alone, with and without a blank, kana, half-width kana, Latin letters, foreign), honorifics, labels, layouts, and with
places, firms and historical persons that only look like names. ``renamed(labelled, chance)`` gives a hand-written text
other persons. No name of the measured templates (the part ``test`` of ``personal_names.csv``) is used.
"""

import csv
import random
import re
from collections.abc import Callable
from importlib.resources import files

import jaconv
import personal_numbers as numbers
from personal_corpus import DATA, Labelled
from personal_shapes import address

from machi.language.engine.personal import Kind
from machi.language.engine.personal.lexicon import is_given, is_surname

_SLOT = re.compile(r"\{([^{}]*)\}")
_MARK = re.compile(r"\x01([A-Z_]+)\x02(.*?)\x03", re.DOTALL)
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_THINGS = (
    "児童手当", "国保の手続き", "介護認定", "固定資産税", "住民票", "印鑑証明", "転入届", "保育園の申込み", "ごみの収集", "粗大ごみ",
    "防災訓練", "街路灯", "道路の穴", "空き家", "補助金", "給食費", "学童保育", "予防接種", "健康診査", "がん検診", "戸籍の附票",
    "マイナンバーカード", "医療証", "障害者手帳", "生活保護", "就学援助", "下水道", "水道料金", "選挙の投票", "証明書の交付",
    "議会", "委員会の資料", "予算要求", "契約書", "起案", "復命書", "名簿の修正", "日程調整", "会場の予約", "アンケート", "バスの時刻",
    "墓地の清掃", "野良猫", "騒音", "農地転用", "図書の返却", "成人式", "敬老会", "婚姻届", "出生届", "相続", "年金", "確定申告",
)  # fmt: skip
_DEPTS = (
    "福祉課", "税務課", "市民課", "総務課", "企画政策課", "子育て支援課", "建設課", "農政課", "危機管理課", "議会事務局", "学校教育課", "生涯学習課",
    "高齢福祉係", "資産税係", "保険年金課", "地域包括支援センター", "会計課", "契約検査室", "水道課", "環境課", "社会福祉協議会", "商工観光課",
)  # fmt: skip
_POSTS = ("課長", "係長", "主任", "主査", "主事", "技師", "部長", "補佐", "参事", "次長", "室長", "所長")
_HISTORICAL = (
    "徳川家康", "織田信長", "豊臣秀吉", "西郷隆盛", "坂本龍馬", "松尾芭蕉", "与謝蕪村", "正岡子規", "夏目漱石", "森鴎外", "島崎藤村", "石川啄木",
    "葛飾北斎", "伊能忠敬", "二宮尊徳", "渋沢栄一", "福沢諭吉", "北条早雲", "源頼朝", "足利尊氏", "上杉謙信", "武田信玄", "聖徳太子",
    "紫式部", "宮沢賢治", "太宰治", "川端康成", "与謝野晶子", "樋口一葉", "芥川龍之介", "伊達政宗", "真田幸村", "前田利家", "井伊直弼",
)  # fmt: skip
_PLACE_ENDS = (
    "駅", "町", "川", "橋", "公園", "小学校", "神社", "団地", "山", "池", "通り", "公民館", "地区", "線", "港", "城跡", "古墳", "ダム", "台",
    "記念館", "海岸", "新田", "峠", "病院", "市", "村", "交差点", "インター", "用水", "城", "寺", "会館", "幼稚園", "", "",
)  # fmt: skip
_FIRMS = (
    "{}建設", "株式会社{}", "{}工業（株）", "{}電機", "{}商店", "{}内科", "{}薬局", "有限会社{}製作所", "{}運輸", "{}ホールディングス", "{}歯科医院",
    "{}食品", "{}不動産", "医療法人{}会", "（有）{}塗装", "{}石油", "{}書店", "{}造園", "{}設備", "{}銀行", "{}技研工業", "{}証券",
)  # fmt: skip
_KANA_FIRMS = (
    "マツモトキヨシ",
    "ヤマダデンキ",
    "トヨタ",
    "ホンダ",
    "スズキ",
    "ヨシノヤ",
    "イトーヨーカドー",
    "ジョンソン",
    "ドン・キホーテ",
)
_SURNAMES_ABROAD = (
    "グエン", "チャン", "ファム", "レ", "ホアン", "サントス", "ガルシア", "シルバ", "ロドリゲス", "オリベイラ", "スミス", "ジョンソン", "ブラウン", "ウィリアムズ",
    "クマール", "シン", "シャルマ", "タパ", "グルン", "ラマ", "キム", "パク", "チェ", "イ", "ワン", "リー", "チャン", "ラフマン", "アフマド", "ハサン", "レイエス",
    "クルス", "バウティスタ", "タナカ", "ナカムラ", "ミラー", "マルティネス", "フェルナンデス", "ペレイラ", "ソウザ", "テイラー", "ウォン",
)  # fmt: skip
_GIVEN_ABROAD = (
    "マリア", "ジョン", "カルロス", "アンナ", "ラジェシュ", "ミン", "フォン", "ラン", "トゥアン", "ヴァン・アン", "ティ・フオン", "ジョセフ", "マイケル", "エミリー",
    "サラ", "デイビッド", "ルーカス", "アリ", "モハメド", "ファティマ", "アイシャ", "プラカシュ", "スニタ", "ビシュヌ", "ジュン", "ソヨン", "ミンジュン", "リン",
    "ウェイ", "イン", "カマル", "ディパ", "エレナ", "アナ", "ジョアン", "ペドロ", "ソフィア", "ダニエル", "クリスティーナ", "マリベル", "キャサリン",
)  # fmt: skip
_LATIN_FAMILY = (
    "Santos", "Garcia", "Silva", "Smith", "Johnson", "Brown", "Nguyen", "Tran", "Pham", "Kumar", "Sharma", "Thapa", "Gurung", "Kim", "Park", "Wang",
    "Zhang", "Li", "Chen", "Rahman", "Ahmed", "Oliveira", "Costa", "Miller", "Tanaka", "Yamada", "Suzuki", "Kobayashi", "Nakamura", "Carter",
)  # fmt: skip
_LATIN_GIVEN = (
    "Maria", "John", "Carlos", "Anna", "Van Anh", "Thi Mai", "Minh", "Rajesh", "Sunita", "Emily", "Michael", "Rafael", "Lucas", "Wei", "Hui", "Min-jun",
    "Sofia", "Ali", "Fatima", "Daniel", "Taro", "Hanako", "Kenji", "Yuki", "Satoshi", "Aiko", "Grace", "Joseph", "Ana Paula",
)  # fmt: skip
_CHINESE = "王李張劉陳楊趙黄周呉徐孫馬朱胡郭何高林羅鄭梁謝宋唐許韓馮曹彭曾肖田董潘袁蔡蒋余杜葉程蘇魏呂丁沈金朴崔鄭姜趙尹"
_CHINESE_GIVEN = "偉芳娜静敏強磊軍洋勇艶傑娟濤明超秀霞平剛桂英華玉文建国紅梅志小麗俊海燕雪飛佳琪子涵浩宇欣怡夢美哲洙恩智賢珠"
_PREFECTURES = (
    "福岡",
    "長崎",
    "熊本",
    "宮崎",
    "千葉",
    "石川",
    "福島",
    "山口",
    "岡山",
    "香川",
    "徳島",
    "富山",
    "福井",
    "山形",
    "秋田",
    "宮城",
    "滋賀",
    "奈良",
)
_ABROAD = (
    "サンパウロ",
    "ハノイ",
    "カトマンズ",
    "マニラ",
    "リマ",
    "ジャカルタ",
    "ソウル",
    "上海",
    "カナダ",
    "ブラジル",
    "ペルー",
    "タイ",
    "スペイン",
    "ロンドン",
)
_FOODS = (
    "ジャガイモ",
    "ニンジン",
    "タマネギ",
    "キャベツ",
    "トマト",
    "イチゴ",
    "リンゴ",
    "サツマイモ",
    "パン",
    "チーズ",
    "エビ",
    "カニ",
    "小松菜",
    "百合",
    "桃",
    "柿",
)
_OFFICE_WORDS = (
    "ガイドライン",
    "マニュアル",
    "チェックリスト",
    "サーバー",
    "システム",
    "アンケート",
    "ファイル",
    "台帳",
    "名簿",
    "カメラ",
    "タブレット",
)
_SHORT_HISTORICAL = (
    "秀吉",
    "家康",
    "信長",
    "龍馬",
    "芭蕉",
    "信玄",
    "謙信",
    "頼朝",
    "漱石",
    "啄木",
    "尊徳",
    "西郷",
    "義経",
    "一茶",
    "蕪村",
)
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_BANKS = (
    "静岡中央銀行 本店",
    "三島信用金庫 南支店",
    "スルガ銀行 沼津支店",
    "ＪＡふじ伊豆 韮山支店",
    "みずほ銀行 三島支店",
    "ゆうちょ銀行",
)
_UNIVERSITIES = ("静岡大学", "早稲田大学", "県立大学", "東海大学", "国立研究所")
_SCHOOLS = ("南小学校", "大手町小学校", "北中学校", "松原小学校", "第二中学校", "明徳学園")


def _registered(name: str) -> list[list[str]]:
    with (files("japanese_personal_name_dataset") / "dataset" / name).open(encoding="utf-8") as file:
        return list(csv.reader(file))


class Situations:
    """Fills situations, from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(f"situations/{seed}")
        with (DATA / "personal_names.csv").open(encoding="utf-8") as file:
            measured = {row["written"] for row in csv.DictReader(file) if row["part"] == "test"}
        rows = [row for row in _registered("last_name_org.csv") if row[0] not in measured]
        self.surnames = [(row[0], row[2]) for row in rows]
        self.bearers = [int(row[1]) for row in rows]
        self.given = [
            (written, row[0])
            for who in ("man", "woman")
            for row in _registered(f"first_name_{who}_org.csv")
            for written in row[2:]
            if written not in measured
        ]
        usual = ("man", "woman")
        self.usual = [
            (written, row[0])
            for who in usual
            for row in _registered(f"first_name_{who}_opti.csv")
            for written in row[2:]
            if len(written) <= 3 and written not in measured
        ]
        with (DATA / "personal_towns.csv").open(encoding="utf-8") as file:
            self.towns = [(r["municipality"], r["town"]) for r in csv.DictReader(file) if r["part"] == "dev"]
        lines = (DATA / "personal_situations.txt").read_text("utf-8").splitlines()
        self.templates = [
            line.replace("\\n", "\n").replace("\\t", "\t") for line in lines if line and line[0] != "#"
        ]

    def made(self, count: int) -> list[Labelled]:
        every: list[Labelled] = []
        while len(every) < count:
            every += [self.filled(each) for each in self.chance.sample(self.templates, len(self.templates))]
        return every[:count]

    def filled(self, template: str) -> Labelled:
        text = template
        while True:  # alternatives first, from the inside, then the slots that they hold
            changed = _SLOT.sub(self._slot, text)
            if changed == text:
                break
            text = changed
        if self.chance.random() < 0.2:
            text = text.translate(_WIDE)
        if self.chance.random() < 0.15:
            text = text.replace("：", ":").replace("（", "(").replace("）", ")")
        plain, spans, done = "", [], 0
        for match in _MARK.finditer(text):
            plain += text[done : match.start()]
            spans.append((len(plain), len(plain) + len(match[2]), Kind(match[1])))
            plain += match[2]
            done = match.end()
        return Labelled(plain + text[done:], tuple(spans))

    def _slot(self, match: re.Match[str]) -> str:
        content = match[1]
        if content in _MAKERS:
            kind, make = _MAKERS[content]
            value = make(self)
            return f"\x01{kind}\x02{value}\x03" if kind else value
        if "|" in content:
            options = content.split("|")
            if all(option in _MAKERS for option in options):
                return "{" + self.chance.choice(options) + "}"
            return self.chance.choice(options)
        return "｛" + content + "｝" if '"' in content else content

    def surname(self) -> tuple[str, str]:
        if self.chance.random() < 0.4:
            return self.chance.choices(self.surnames, self.bearers)[0]
        one = self.chance.choice(self.surnames)
        if self.chance.random() < 0.08:  # a name that stands in no list
            other = self.chance.choice(self.surnames)
            return one[0][:1] + other[0][-1:], one[1][:2] + other[1][-2:]
        return one

    def first(self) -> tuple[str, str]:
        return self.chance.choice(self.usual if self.chance.random() < 0.6 else self.given)

    def full(self) -> str:
        if self.chance.random() < 0.06:
            return jaconv.hira2kata(self.surname()[0]) + self.chance.choice(("　", " ")) + self.first()[1]
        given = self.first()
        written = given[0]
        if self.chance.random() < 0.12:
            written = given[1] if self.chance.random() < 0.6 else jaconv.hira2kata(given[1])
        return self.surname()[0] + self.chance.choice(("", "", "　", " ")) + written

    def spread(self) -> str:
        """As a scanner reads it: every letter set apart."""
        return " ".join(self.surname()[0]) + "　 " + " ".join(self.first()[0])

    def kana(self) -> str:
        blank = self.chance.choice((" ", "　", " ", ""))
        return jaconv.hira2kata(self.surname()[1] + blank + self.first()[1])

    def latin(self) -> str:
        family, given = self.chance.choice(_LATIN_FAMILY), self.chance.choice(_LATIN_GIVEN)
        return self.chance.choice(
            (
                f"{given} {family}",
                f"{family} {given}",
                f"{family.upper()} {given.upper()}",
                f"{family.upper()} {given}",
            )
        )

    def foreign(self) -> str:
        family, given = self.chance.choice(_SURNAMES_ABROAD), self.chance.choice(_GIVEN_ABROAD)
        dot = self.chance.choice(("・", "・", " ", "　"))
        return self.chance.choice(
            (f"{given}{dot}{family}", f"{family}{dot}{given}", f"{family}{dot}{given}・{family}")
        )

    def chinese(self) -> str:
        given = "".join(self.chance.sample(_CHINESE_GIVEN, self.chance.choice((1, 2, 2))))
        return self.chance.choice(_CHINESE) + self.chance.choice(("", " ", "　")) + given

    def address(self) -> str:
        return address(self.chance, *self.chance.choice(self.towns))

    def date(self, *, born: bool) -> str:
        chance = self.chance
        western = (
            chance.randint(1925, 2025)
            if born
            else chance.choice((chance.randint(1950, 2030), 2025, 2024, 2026))
        )
        month, day = chance.randint(1, 12), chance.randint(1, 28)
        era, letter, first = next(e for e in _ERAS if western >= e[2])
        year = western - first + 1
        shapes = [
            f"{era}{year}年{month}月{day}日", f"{western}年{month}月{day}日", f"{letter}{year}.{month}.{day}",
            f"{western}/{month:02}/{day:02}", f"{western}-{month:02}-{day:02}", f"{letter}{year}年{month}月{day}日",
            f"{era[0]}{year}.{month}.{day}", f"{era}{_kanji(year)}年{_kanji(month)}月{_kanji(day)}日",
            f"{western}.{month}.{day}", f"{era}{year}年({western}年){month}月{day}日",
        ]  # fmt: skip
        if not born and chance.random() < 0.3:
            shapes = [f"{month}月{day}日", f"{era}{year}年{month}月", f"{era}{year}年"]
        elif born and chance.random() < 0.12:
            shapes = [f"{month}月{day}日", f"{era}{year}年{month}月", f"{era}{year}年", f"{letter}{year}"]
        return chance.choice(shapes)

    def english(self) -> str:
        month, day, year = (
            self.chance.choice(_MONTHS),
            self.chance.randint(1, 28),
            self.chance.randint(1940, 2020),
        )
        return self.chance.choice(
            (f"{day} {month} {year}", f"{month} {day}, {year}", f"{day} {month[:3]} {year}")
        )

    def place(self) -> str:
        name = self.surname()[0] if self.chance.random() < 0.8 else self.chance.choice(self.towns)[1]
        return name + self.chance.choice(_PLACE_ENDS)

    def firm(self) -> str:
        if self.chance.random() < 0.12:
            return self.chance.choice(_KANA_FIRMS)
        name = self.surname()
        return self.chance.choice(_FIRMS).format(
            self.chance.choice((name[0], name[0], jaconv.hira2kata(name[1])))
        )


_ERAS = (("令和", "R", 2019), ("平成", "H", 1989), ("昭和", "S", 1926), ("大正", "T", 1912))


def _kanji(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else "〇一二三四五六七八九"[tens] + "十") + (
        "〇一二三四五六七八九"[ones] if ones else ""
    )


_P = Kind.PERSON
_MAKERS: dict[str, tuple[str, Callable[[Situations], str]]] = {
    "full": (_P, Situations.full),
    "sur": (_P, lambda s: s.surname()[0]),
    "giv": (_P, lambda s: s.first()[0]),
    "hsur": (_P, lambda s: s.surname()[1]),
    "hgiv": (_P, lambda s: s.first()[1]),
    "kgiv": (_P, lambda s: jaconv.hira2kata(s.first()[1])),
    "kana": (_P, Situations.kana),
    "half": (_P, lambda s: jaconv.z2h(s.kana())),
    "hira": (_P, lambda s: f"{s.surname()[1]} {s.first()[1]}"),
    "roma": (_P, Situations.latin),
    "foreign": (_P, Situations.foreign),
    "foreign1": (_P, lambda s: s.chance.choice(s.chance.choice((_SURNAMES_ABROAD[:20], _GIVEN_ABROAD)))),
    "chi": (_P, Situations.chinese),
    "sp": (_P, Situations.spread),
    "birth": (Kind.DATE_OF_BIRTH, lambda s: s.date(born=True)),
    "date": ("", lambda s: s.date(born=False)),
    "addr": (Kind.ADDRESS, Situations.address),
    "tel": (Kind.TELEPHONE, lambda s: numbers.MAKERS["tel"](s.chance)),
    "mail": (Kind.EMAIL, lambda s: numbers.MAKERS["email"](s.chance)),
    "acct": (Kind.BANK_ACCOUNT, lambda s: str(s.chance.randint(1000000, 9999999))),
    "thing": ("", lambda s: s.chance.choice(_THINGS)),
    "dept": ("", lambda s: s.chance.choice(_DEPTS)),
    "post": ("", lambda s: s.chance.choice(_POSTS)),
    "org": ("", lambda s: s.firm() if s.chance.random() < 0.6 else s.chance.choice(_DEPTS)),
    "bank": ("", lambda s: s.chance.choice(_BANKS)),
    "univ": ("", lambda s: s.chance.choice(_UNIVERSITIES)),
    "school": ("", lambda s: s.chance.choice(_SCHOOLS)),
    "nplace": ("", Situations.place),
    "nfirm": ("", Situations.firm),
    "kfirm": ("", lambda s: jaconv.hira2kata(s.surname()[1])),
    "sur0": ("", lambda s: s.surname()[0]),
    "hist": ("", lambda s: s.chance.choice(_HISTORICAL)),
    "pref": ("", lambda s: s.chance.choice(_PREFECTURES)),
    "city": ("", lambda s: s.surname()[0]),
    "abroad": ("", lambda s: s.chance.choice(_ABROAD)),
    "food": ("", lambda s: s.chance.choice(_FOODS)),
    "office": ("", lambda s: s.chance.choice(_OFFICE_WORDS)),
    "hist2": ("", lambda s: s.chance.choice(_SHORT_HISTORICAL)),
    "ebirth": (Kind.DATE_OF_BIRTH, Situations.english),
    "ym": ("", lambda s: f"令和{s.chance.randint(1, 7)}年{s.chance.randint(1, 12)}月"),
    "age": ("", lambda s: str(s.chance.randint(1, 98))),
    "num": ("", lambda s: str(s.chance.choice((s.chance.randint(1, 30), s.chance.randint(100, 99999))))),
    "time": ("", lambda s: f"{s.chance.randint(8, 18)}:{s.chance.randint(0, 59):02}"),
}


def situations(count: int, seed: int = 1) -> list[Labelled]:
    """``count`` sentences, the same for the same arguments."""
    return Situations(seed).made(count)


def renamed(one: Labelled, source: Situations) -> Labelled:
    """``one`` with other persons of the same forms; one that is named twice stays one person."""
    others: dict[str, str] = {}
    text, spans, done = "", [], 0
    for start, end, kind in one.spans:
        value = one.text[start:end]
        if kind is Kind.PERSON:
            value = others.setdefault(value, _other(value, source))
        text += one.text[done:start]
        spans.append((len(text), len(text) + len(value), kind))
        text += value
        done = end
    return Labelled(text + one.text[done:], tuple(spans))


def _other(value: str, source: Situations) -> str:
    blank = re.search(r"[ 　]+", value)
    if re.fullmatch(r"[一-鿿々ヶ]+", value):
        if len(value) <= 3 and is_surname(value) and (len(value) < 3 or not is_given(value)):
            return source.surname()[0]
        if len(value) <= 3 and is_given(value):
            return source.first()[0]
        return source.surname()[0] + source.first()[0] if len(value) > 2 else value
    if blank and len(re.split(r"[ 　]+", value)) == 2:
        left, right = re.split(r"[ 　]+", value)
        if is_surname(left) and re.fullmatch(r"[一-鿿々ヶぁ-ん]+", right):
            given = source.first()
            return source.surname()[0] + blank[0] + given[0 if re.search("[一-鿿]", right) else 1]
        for script in (jaconv.hira2kata, str):
            if left == script(jaconv.kata2hira(left)) and re.fullmatch(r"[ぁ-んァ-ヺー]+", left + right):
                return script(source.surname()[1]) + blank[0] + script(source.first()[1])
    if re.fullmatch(r"[ぁ-ん]{2,5}", value):
        return source.first()[1] if is_given(value) else value
    return value
