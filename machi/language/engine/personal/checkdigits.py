"""Check digits. Each function takes digits ``0`` to ``9`` without separators and says whether they agree."""


def my_number(digits: str) -> bool:
    """個人番号, 12 digits: 平成26年総務省令第85号 (MIC ordinance 85 of 2014), article 5.

    11 - (sum of Pn x Qn for n = 1..11, modulo 11), or 0 where the remainder is 0 or 1. Pn is the n-th digit
    from the right of the eleven before the check digit; Qn is n + 1 up to n = 6 and n - 5 from there.
    """
    if len(digits) != 12:
        return False
    total = sum(
        int(digit) * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(digits[:11]), start=1)
    )
    remainder = total % 11
    return int(digits[11]) == (0 if remainder <= 1 else 11 - remainder)


def corporate_number(digits: str) -> bool:
    """法人番号, 13 digits, the first of which is the check digit: 平成26年財務省令第70号, article 2.

    9 - (sum of Pn x Qn for n = 1..12, modulo 9). Pn is the n-th digit from the right; Qn is 1 where n is odd
    and 2 where it is even.
    """
    if len(digits) != 13:
        return False
    total = sum(int(digit) * (1 if n % 2 else 2) for n, digit in enumerate(reversed(digits[1:]), start=1))
    return int(digits[0]) == 9 - total % 9


def luhn(digits: str) -> bool:
    """Payment cards: ISO/IEC 7812-1, annex B."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0
