"""Addresses, dates and foreign names in the shapes that people write them in."""

import random

_BUILDINGS = (
    "コーポ",
    "メゾン",
    "ハイツ",
    "グランドマンション",
    "レジデンス",
    "サンパレス",
    "ビレッジハウス",
)
_MIDDLE = ("青葉", "さくら", "中央", "みなと", "ひかり", "東")
_KANJI = "〇一二三四五六七八九十"
_FOREIGN = (
    ("グエン", "チャン", "レ", "ファム"),
    ("ヴァン・アン", "ティ・ラン", "ティ・フォン", "ミン・トゥアン"),
    ("マリア", "ジョン", "カルロス", "アンナ", "ラジェシュ"),
    ("サントス", "ガルシア", "スミス", "シルバ", "クマール"),
)
_LATIN = (
    ("MARIA", "JOHN", "CARLOS", "ANNA", "NGUYEN", "RAJESH"),
    ("SANTOS", "GARCIA", "SMITH", "SILVA", "THI LAN", "KUMAR"),
)
_ERAS = (("昭和", "S", 1926, 1, 63), ("平成", "H", 1989, 1, 30), ("令和", "R", 2019, 1, 8))


def address(chance: random.Random, municipality: str, town: str) -> str:
    """A real municipality and quarter, a made-up house number."""
    one, two, three = chance.randint(1, 9), chance.randint(1, 40), chance.randint(1, 60)
    if town.endswith(("字", "番", "第", "条")):
        town = town.rstrip("字番第条") or "本町"
    number = chance.choice((
        f"{one}丁目{two}番{three}号", f"{one}-{two}-{three}", f"{chance.randint(10, 3000)}番地{one}", f"{two}-{three}",
        f"{chance.randint(10, 3000)}番地", f"{_KANJI[one]}丁目{two}番{three}号", f"{one}丁目{two}-{three}",
        f"{two}番{three}号", f"{chance.randint(100, 3000)}番地の{one}",
    ))  # fmt: skip
    building = ""
    if chance.random() < 0.3:
        name = chance.choice(_BUILDINGS) + chance.choice(_MIDDLE)
        building = (
            chance.choice(("　", " ", ""))
            + name
            + chance.choice((f"{one}0{one}号室", f" {one}0{one}", f"{one}0{one}"))
        )
    if chance.random() < 0.2:
        prefecture_end = 4 if municipality[3] == "県" else 3
        municipality = municipality[prefecture_end:]
    return municipality + town + number + building


def dates(chance: random.Random, *, born: bool) -> str:
    """A day in one of the usual shapes; ``born`` before 2024."""
    era, letter, first, low, high = chance.choice(_ERAS[:2] if born else _ERAS[2:])
    year, month, day = chance.randint(low, high), chance.randint(1, 12), chance.randint(1, 28)
    western = first + year - 1
    shapes = [
        f"{era}{'元' if year == 1 else year}年{month}月{day}日", f"{western}年{month}月{day}日",
        f"{letter}{year}.{month}.{day}", f"{western}/{month:02}/{day:02}", f"{western}-{month:02}-{day:02}",
        f"{era}{year}年（{western}年）{month}月{day}日",
    ]  # fmt: skip
    return chance.choice(shapes)


def foreign(chance: random.Random) -> str:
    if chance.random() < 0.4:
        return f"{chance.choice(_LATIN[0])} {chance.choice(_LATIN[1])}"
    if chance.random() < 0.4:
        return f"{chance.choice(_FOREIGN[0])}・{chance.choice(_FOREIGN[1])}"
    return f"{chance.choice(_FOREIGN[2])}・{chance.choice(_FOREIGN[3])}"
