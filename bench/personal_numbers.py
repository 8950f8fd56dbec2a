"""Made-up numbers of the shapes that real ones have. Check digits are computed here, not by machi."""

import random
import string
from collections.abc import Callable


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices(string.digits, k=count))


def _letters(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=count))


def _spaced(chance: random.Random, number: str, *groups: int) -> str:
    """``number`` whole, or in groups with one separator."""
    separator = chance.choice(("", "", "-", " "))
    parts, start = [], 0
    for group in groups:
        parts.append(number[start : start + group])
        start += group
    return separator.join(parts)


def my_number(chance: random.Random) -> str:
    body = _digits(chance, 11)
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11
    return _spaced(chance, body + str(0 if rest <= 1 else 11 - rest), 4, 4, 4)


def corporate(chance: random.Random) -> str:
    body = chance.choice("1257") + _digits(chance, 11)
    total = sum(int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(body))
    return str(9 - total % 9) + body


def card(chance: random.Random) -> str:
    amex = chance.random() < 0.15
    body = ("37" + _digits(chance, 12)) if amex else chance.choice(("4", "52", "35")) + _digits(chance, 14)
    body = body if amex else body[:15]
    total = sum(
        (d if i % 2 else (2 * d - 9 if d > 4 else 2 * d)) for i, d in enumerate(map(int, reversed(body)))
    )
    number = body + str(-total % 10)
    return _spaced(chance, number, 4, 6, 5) if amex else _spaced(chance, number, 4, 4, 4, 4)


_AREAS = (
    "03",
    "06",
    "011",
    "022",
    "045",
    "046",
    "052",
    "054",
    "075",
    "078",
    "086",
    "092",
    "0166",
    "0258",
    "0547",
    "0995",
    "04992",
)


def telephone(chance: random.Random) -> str:
    area = chance.choice(_AREAS)
    local = chance.choice("23456789") + _digits(chance, 5 - len(area))
    last = _digits(chance, 4)
    form = chance.choice(
        (
            "{}-{}-{}",
            "{}-{}-{}",
            "{}-{}-{}",
            "{}({}){}",
            "({}){}-{}",
            "（{}）{}－{}",
            "{} {} {}",
            "{}ー{}ー{}",
            "{}{}{}",
        )
    )
    return form.format(area, local, last)


def mobile(chance: random.Random) -> str:
    head, middle, last = (
        chance.choice(("090", "080", "070", "050")),
        chance.choice("2345678") + _digits(chance, 3),
        _digits(chance, 4),
    )
    return chance.choice(("{}-{}-{}", "{}-{}-{}", "{}{}{}", "{} {} {}", "{}ー{}ー{}")).format(
        head, middle, last
    )


def freedial(chance: random.Random) -> str:
    return f"0120-{_digits(chance, 3)}-{_digits(chance, 3)}"


def intl(chance: random.Random) -> str:
    kind = chance.choice(("+81-54-{}-{}", "+81 3 {}{} {}", "+81-90-{}{}-{}"))
    middle = chance.choice("2345678") + _digits(chance, 2)
    return kind.format(middle, *([_digits(chance, 1)] if kind.count("{}") == 3 else []), _digits(chance, 4))


def email(chance: random.Random) -> str:
    user = "".join(chance.choices(string.ascii_lowercase, k=chance.randint(3, 8)))
    user += chance.choice(
        ("", f".{_letters(chance, 1).lower()}", f"_{_digits(chance, 2)}", f"+{_digits(chance, 1)}", "-info")
    )
    domain = chance.choice(
        ("example.jp", "city.example.lg.jp", "example.co.jp", "mail.example.ne.jp", "example.com")
    )
    return f"{user}@{domain}"


def insurance(chance: random.Random, *, labelled: bool) -> tuple[str, str]:
    """The value from symbol to number, and what follows. ``labelled`` is for forms that begin with the label."""
    symbol = chance.choice(
        (
            _digits(chance, 4),
            _digits(chance, 8),
            f"焼{chance.randint(1, 99)}",
            f"{_digits(chance, 2)}・{_digits(chance, 2)}",
        )
    )
    between = chance.choice(("　番号 ", "、番号", " 番号：", "、番号は"))
    value = f"{symbol}{between}{chance.randint(1, 9)}{_digits(chance, chance.randint(1, 6))}"
    branch = chance.choice(("", "", "　枝番 01", "（枝番02）"))
    if branch.startswith("（"):
        return value + branch[:-1], "）" if labelled else "）です。"
    return value + branch, "" if labelled else "です。"


def insurance_pair(chance: random.Random) -> tuple[str, str, str]:
    return (chance.choice(("記号 ", "記号：", "記号")), *insurance(chance, labelled=True))


def yucho(chance: random.Random) -> tuple[str, str, str]:
    between = chance.choice(("　番号 ", "、番号", "-", " 番号："))
    return "記号 ", f"1{_digits(chance, 3)}0{between}{chance.randint(1, 9)}{_digits(chance, 6)}1", ""


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "my_number": my_number,
    "corporate": corporate,
    "pension": lambda chance: _digits(chance, 4) + chance.choice(("-", "-", "")) + _digits(chance, 6),
    "licence": lambda chance: chance.choice(("22", "30", "45", "61")) + _digits(chance, 10),
    "passport": lambda chance: chance.choice("MTN") + _letters(chance, 1) + _digits(chance, 7),
    "residence": lambda chance: _letters(chance, 2) + _digits(chance, 8) + _letters(chance, 2),
    "insured": lambda chance: "0" * chance.randint(0, 3) + str(chance.randint(1000000, 9999999)),
    "account": lambda chance: _digits(chance, 7),
    "card": card,
    "tel": telephone,
    "mobile": mobile,
    "freedial": freedial,
    "intl": intl,
    "email": email,
    "postal": lambda chance: f"{_digits(chance, 3)}-{_digits(chance, 4)}",
    "number10": lambda chance: str(chance.randint(1, 9)) + _digits(chance, 9),
    # Every other one with the check digit of a My Number: it must not ring for all that.
    "number12": lambda chance: (
        my_number(chance).replace("-", "").replace(" ", "") if chance.random() < 0.5 else _digits(chance, 12)
    ),
    "number13": lambda chance: "978" + _digits(chance, 10),
    "product": lambda chance: f"{_letters(chance, 2)}-{_digits(chance, 4)}{_letters(chance, 1)}",
    "amount": lambda chance: f"{chance.randint(1, 9999) * 1000:,}",
    "count": lambda chance: f"{chance.randint(100, 200_000):,}",
    "percent": lambda chance: f"{chance.randint(1, 990) / 10}",
    "small": lambda chance: str(chance.randint(2, 40)),
    "age": lambda chance: str(chance.randint(18, 99)),
}
