"""Japanese personal information: find it, cover it, hide it from an outside model and bring it back.

How to use it::

    from machi.language.engine.personal import FRONT_DESK, Kind, Pseudonyms, PersonalNumberFound
    from machi.language.engine.personal import find, find_numbers, mask

    found = find("山田太郎様（電話054-626-1111）")      # [Found(PERSON, 0, 4, ...), Found(TELEPHONE, 8, 20, ...)]
    mask(text, found)                                  # 〔人名〕様（電話〔電話番号〕）
    mask(text, found, "block")                         # ■■■■様（電話■■■■■■■■■■■■）

    names = Pseudonyms(FRONT_DESK)                     # one per request; never stored
    try:
        prompt, passage = names.hide_all([question, passage])   # or names.hide(text), one after the other
    except PersonalNumberFound:                        # a My Number: nothing may be sent
        ...
    answer = names.reveal(reply)                       # 〔人名1〕 is 山田太郎 again

What holds:

- Offsets are always those of the text as given, whatever the width of its digits; spans never overlap and come
  in order. No function changes its argument or remembers anything beyond the object it was called on.
- ``find(text, kinds=PERSONAL)`` knows all kinds. It runs Presidio with a language model: seconds at first use,
  then tens of milliseconds a sentence; one thread at a time (others wait).
- ``find_numbers(text, kinds=NUMBERS)`` uses patterns and check digits alone: no model, well under a millisecond
  a line. It finds no names. For log filters and other places where speed matters.
- A My Number rings only with its check digit and where the text names it; ``hide`` then raises, whatever kinds
  were chosen. Corporate numbers are public: found only when asked for.
- ``reason`` and every exception say nothing of the text. The texts returned by ``hide`` and ``hide_all`` hold no
  value that was found, in any of them.
- Finding is by likelihood: docs/bench/personal_information.md says how often it errs. Masking lowers the harm
  of a slip; it is no permission to send what should not be sent.
"""

from machi.language.engine.personal.finding import find, find_numbers
from machi.language.engine.personal.kinds import ALL, FRONT_DESK, LABELS, NUMBERS, PERSONAL, Found, Kind
from machi.language.engine.personal.masking import Style, mask
from machi.language.engine.personal.pseudonyms import PersonalNumberFound, Pseudonyms

__all__ = [
    "ALL",
    "FRONT_DESK",
    "LABELS",
    "NUMBERS",
    "PERSONAL",
    "Found",
    "Kind",
    "PersonalNumberFound",
    "Pseudonyms",
    "Style",
    "find",
    "find_numbers",
    "mask",
]
