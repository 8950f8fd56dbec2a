"""Where an item of the agenda stands in a line of its own, and what an item is about."""

from __future__ import annotations

import re

from machi.casework.engine.minutes_transcript import Said

_WRITTEN = re.compile(r"^(?:[（(]?\d{1,2}[)）.．、\s　]|[①-⑳]|議題|議案|議事|案件|協議事項|報告事項|日程第)")
_LONGEST = 60
"""Characters of a heading."""
_NUMBERED = re.compile(r"(?:議案|請願|陳情|意見書案)第[\d０-９一二三四五六七八九十]+号(?:「[^」]+」)?")
_LEAD = re.compile(
    r"^(?:(?:はい|ありがとうございます|えーと|えっと|えー|まあ|で(?=、)|ですね|ほんで|じゃあ?|ほな|ほんなら|それでは|では|続いて|続きまして|次に|次が|次は|次|"
    r"初めに|はじめに|最初に|最後に|まずは?|あと|さて|本日は|今日は|ただいまから)[、。，\s]*)*"
    r"(?:(?:最初|本日|[一二三四五]つ目|ひとつめ|ふたつめ|みっつめ|[\d一二三四五]番目?|[\d一二三四五][件本点]目)の?)?"
    r"(?:の?(?:議題|案件|議事|アジェンダ)(?:の\d番?)?)?(?:は|に|、|。|の|が|ですね|として)*"
)
_TAIL = re.compile(
    r"(?:について)?(?:を?議題と(?:いた)?します|を?議題に(?:いた)?します|(?:に|へ)(?:移り|入り)ます|の?(?:進み具合)?を?確認します|(?:を|の)?(?:ご)?(?:説明|協議|議論|審議)"
    r"(?:します|いたします|いただきます|していただきます)|についてです|(?:の件|の関係)?(?:ですね|です|でございます)|を?始めます|話し合います|ご説明します)?[。]?$"
)


def is_written(one: Said) -> bool:
    """Is it a heading that nobody speaks?"""
    return not one.utterance.speaker and len(one.text) <= _LONGEST and _WRITTEN.match(one.text) is not None


def title(text: str) -> str:
    """What it is about: the sentence without its opening and its end; the whole where little would be left."""
    if numbered := _NUMBERED.search(text):
        return numbered[0]
    short = _TAIL.sub("", _LEAD.sub("", text)).strip(" 　、。は")
    return short if len(short) >= 3 else text.rstrip("。")
