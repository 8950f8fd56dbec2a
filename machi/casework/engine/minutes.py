"""Minutes from a transcript, by rules that can be read: items of the agenda, decisions, tasks with person and day.

Nothing is written that was not said: every finding is a sentence of the transcript with its place. The rules look at
how Japanese meetings settle things (承認します, こととします, a proposal and 異議なし after it) and hand out work
(asking: までに提出してください; promising: 私が作成します). They err; docs/bench/drafts.md says how often, and a
person confirms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from machi.casework.engine.minutes_deadlines import Deadline, deadline_in
from machi.casework.engine.minutes_people import People
from machi.casework.engine.minutes_transcript import (
    Said,
    Utterance,
    plain_name,
    sentences,
    speakers,
    utterances,
)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the agenda begins at this sentence."""

    said: Said
    title: str


@dataclass(frozen=True, slots=True)
class Decision:
    said: Said
    """Where it is settled, or the proposal to which all agreed."""
    agreed: Said | None = None
    """Where it was agreed to, if the proposal is cited."""


@dataclass(frozen=True, slots=True)
class Task:
    said: Said
    people: tuple[str, ...]
    """Who is to do it, as they are called in the transcript; empty: it was not said."""
    deadline: date | None
    deadline_words: str
    """As said (来週の金曜日); empty: it was not said."""


@dataclass(frozen=True, slots=True)
class Found:
    spoken: tuple[Utterance, ...]
    speakers: tuple[str, ...]
    items: tuple[Item, ...]
    decisions: tuple[Decision, ...]
    tasks: tuple[Task, ...]
    next_meeting: Said | None


_QUESTION = re.compile(r"(?:か|かな|かね|でしょう|んですよね|ですよね)[。？?]*$")
_ALL = r"(?:皆(?:様|さん|さま)(?:方)?、?)?"
_PROPOSAL = re.compile(
    rf"(?:で|こと|方向|案|線)(?:で|は)?、?{_ALL}(?:よろしい|いかが|いい|構いません|ご?異議(?:は|は?ございません|ありません))"
    r"[^。]*か[。？?]*$|ご?異議(?:は?ございません|は?ありません|はない)(?:でしょう)?か[。？?]*$"
    r"|よろしい(?:です|でしょう)か[。？?]*$|ご?(?:了解|了承|承認)(?:を)?(?:いただけ|願え)ますか[。？?]*$"
)
_ASSENT = re.compile(
    r"異議(?:なし|は?ありません|は?ございません)|問題(?:ありません|ないです|ございません)|結構です|構いません|賛成(?:です|します)"
    r"|^(?:はい|ええ|うん|それで)、?(?:それで|お願い|結構|よい|いい|大丈夫)|^(?:はい|ええ|うん|同じく|いい(?:です|と思います))(?:[。、]|$)|了[承解](?:し|です)"
)
_SETTLED = re.compile(
    r"(?:可決|否決|採択|不採択|認定|承認|了承|決定|合意|議決)(?:は)?(?:され|いた|し(?:ます|まし|た)|と(?:します|いたします|させて|なり)|を(?:得|見)|事項と)"
    r"|決定(?:とします|です|とする)|(?:に|と|で)決(?:まり(?:ました|です)|定|めます|めました|します|しました)|(?:が|を)?決まりました|で決まりです|決しました"
    r"|こと(?:と|に)(?:します|しました|いたします|いたしました|する[。]?$|し、|なりました|決)|ことにし(?:ましょう|よう)|ことを(?:確認|了承|決定|承認)"
    r"|(?:で|に)(?:(?:行き|いき|進め)ましょう|(?:行こう|いこう|進めよう))|で(?:行き|いき|進め)ます(?:ね)?[。]?$|見送(?:ります|ることと)|取りやめ(?:ます|ると)|ということに(?:します|いたします|しましょう)"
    r"|(?:までと|は[^、。]{1,12}と)(?:します|いたします)(?:ね)?[。]?$|確定(?:と)?(?:します|いたします)"
    r"|(?P<soft>こと(?:に|と)し(?:たい|よう)と?(?:思います|存じます))"
)
_OPEN = re.compile(
    r"未定|決(?:まっ|め|定し)てい?(?:ない|ません)|決められ(?:ない|ません)|決まりません|わけでは|ということではあり|継続(?:して)?(?:の)?(?:検討|協議)"
    r"|検討(?:します|しましょう|いたします|したい)|意見が分かれ|(?:から|うえで|上で|次第|あとで|後で|てから)、?(?:決|判断)|べきものと決し|予定(?:です|でいます|して)"
    r"|かもしれ|たい(?:です|と(?:思|考))|次回(?:まで)?に|つもり"
)
_FORMAL = re.compile(r"継続審査と(?:すること)?に?(?:ご異議|決定|決し)")
_SAYS_SO = re.compile(r"^(?:では|それでは|ありがとうございます)?[、。]?(?:そのように|このように|さよう)")

_ASKED = re.compile(
    r"(?:て|で)(?:ください|下さい|もらえ(?:ます|ません)か|いただけ(?:ます|ません)か|いただきたい|ほしい|もらいたい|おいて)"
    r"|(?:を|に|で|へ)?お?願い(?:します|いたします|できますか|できません|したい|することに)|願います|(?:を|に)お任せ|お寄せください|任せます"
    r"|[てで](?:くれる|くれない|もらえる|もらえない)[?？。]|までに(?:でき(?:る|ます)か?)[?？]"
    r"|(?:提出|報告|説明|回答|対応|改善)を求めます"
)
_SUGGESTED = re.compile(r"ましょう[。]?$")
_PROCEDURE = re.compile(
    r"説明(?:を|して)(?:お願い|求め|ください)|挙手|起立|採決|よろしくお?願い|ご?(?:意見|発言|質問|質疑|審議)(?:を|が|は)|静粛|着席|ご覧ください|お待ち|お聞き"
    r"|賛成の(?:方|諸君)|教えて|異議|ご了承|忘れないように|^(?:はい、?)?それで、?お願い|^お願いします"
)
_PROMISED = re.compile(
    r"(?:作成|提出|送付|報告|用意|準備|確認|連絡|通知|公表|発送|配布|配付|配信|協議|調整|点検|回覧|届出|修正|整理|集計|調査|手配|予約|印刷|掲載|発注|依頼|相談"
    r"|周知|共有|完了|実施|更新|説明|検討|案内|登録|申請|契約|送信|反映)(?:を)?(?:します|いたします|しておきます|いたしておきます|して(?:き|まいり|おき)ます)"
    r"|(?:作り|書き|送り|出し|渡し|配り|取り|調べ|直し|見|まとめ|仕上げ|届け|知らせ|伝え|聞き|行き|引き受け|示し|寄せ|回し|返し|載せ|貼り|行い|やり|申し入れ)"
    r"(?:し)?(?:ます|て(?:おき|き|まいり)ます|といたします)|行って(?:き|まいり)ます|案内(?:は|を)?私がします|私がします|こちらでします"
)
_SELF = re.compile(
    r"(?:私|わたし|当方|当課|当部|当局|こちら|事務局|弊社|うち)(?:ども)?(?:の(?:ほう|方|会|課|係|部|班))?(?:が|から|で|にて|も)"
)
_KEPT = re.compile(r"[てで]おきます(?:ね|よ)?[。]?$")
_NOT_YET = re.compile(
    r"予定(?:です|して|と)|たいと(?:思|考)|ましたか|でしょうか|ますか|ませんか|と思います|かもしれ|ものであり|ましょうか|なければ"
)
_ACCEPTED = re.compile(
    r"^(?:はい|承知|分かり|わかり|了解|かしこまり|承り|いいですよ|やります|お任せ|では|大丈夫)"
)
_ONLY_DAY = re.compile(
    r"^(?:期限|締切|締め切り|〆切)は|まで(?:に|で)?、?(?:お?願い|です|いい|結構)|まで(?:に|で)?(?:ね|よ)?[。]?$"
)
_ANY_DAY = date(2000, 1, 1)
"""For asking whether a day is named at all."""
_NEXT_MEETING = re.compile(r"次回(?:の(?:会議|会合|開催|委員会|打合せ))?は")

_ITEM_LINE = re.compile(
    r"^(?:[（(]?\d{1,2}[)）.．、\s　]|[①-⑳]|議題|議案|議事|案件|協議事項|報告事項|日程第)"
)
_ITEM_SAID = re.compile(
    r"を?議題(?:と|に)(?:いたし|し)ます|日程第[\d０-９一二三四五六七八九十]+|"
    r"(?:(?:^|、)(?:最初|初め|次|続いて|最後)|[一二三四五]つ目|[\d一二三四五]番目|第[\d一二三四五])(?:の)?(?:議題|案件|議事)?"
    r"(?:は|に|の|として|、)[^。]{2,}?(?:です|ます)[。]?$|(?:に|へ)(?:移り|入り)ます|議題の?[^。]{0,8}(?:は|、)[^。]{2,}です|案件は、?[^。]{2,}です"
    r"|(?:^|、)(?:次|まず最初|まず|最初|続いて)(?:は|に|ですが|ですけれども)?、[^。]{2,}(?:の件|です|お願いします|いたします)[。、]?"
    r"|議題はですね|^(?:今日|本日|今回)は、?[^。]{2,}(?:を|について)[^。]*(?:たいと思います|します|いただきます)[。]?$"
    r"|(?:議案|請願|陳情)第[\d０-９]+号[^。]*(?:審査|審議|議題)|の件(?:ですが|ですけれども|、)"
    r"|について(?:ご)?(?:説明|協議|議論|話し合|審議|始め|進み具合|確認|相談)|の件です|(?:ご)?審議(?:して)?いただきます|についてです[。]?$|特集はどう"
)
_ITEM_NOT = re.compile(
    r"討論に入り|採決(?:に|を)|質疑に|議題は[一二三四五\d]つ|認めます|決しました|決定|可決|否決"
)
_LEAD = re.compile(
    r"^(?:それでは|では|続いて|次に|初めに|はじめに|最初に|最後に|まず|本日は|ただいまから)?、?(?:の)?"
    r"(?:(?:最初|本日|[一二三四五]つ目|[\d一二三四五]番目)の?)?(?:の?(?:議題|案件|議事))?(?:の?(?:[一二三四五]つ目|[\d一二三四五]番目))?(?:は|に|、|の)*"
)
_TAIL = re.compile(
    r"(?:について)?(?:を?議題と(?:いた)?します|を?議題に(?:いた)?します|(?:に|へ)(?:移り|入り)ます|の?(?:進み具合)?を?確認します|(?:を|の)?(?:ご)?(?:説明|協議|議論|審議)"
    r"(?:します|いたします|いただきます|していただきます)|についてです|の件です|です|を?始めます|話し合います|ご説明します)?[。]?$"
)


def find(text: str, held_on: date | None) -> Found:
    """What a transcript holds. ``held_on``: day of the meeting, from which 来週 and the like are counted.

    Never raises, whatever the text.
    """
    spoken = utterances(text)
    said = list(sentences(spoken))
    people = People(speakers(spoken))
    begin = [one for one in said if _begins_item(one)]
    # Where the agenda stands in lines of its own, what the chair says of an item begins no further one.
    written = [one for one in begin if not one.utterance.speaker]
    items = [Item(one, _title(one.text) if one.utterance.speaker else one.text) for one in written or begin]
    # 決定 and 依頼 in a heading are no decision: only sentences that somebody speaks are judged.
    decisions = _decisions(said)
    tasks = _tasks(said, people, held_on)
    following = next((one for one in reversed(said) if _NEXT_MEETING.search(one.text)), None)
    return Found(
        tuple(spoken), tuple(speakers(spoken)), tuple(items), tuple(decisions), tuple(tasks), following
    )


def _begins_item(one: Said) -> bool:
    if _ITEM_NOT.search(one.text) or (_QUESTION.search(one.text) and "特集は" not in one.text):
        return False
    if not one.utterance.speaker:
        return len(one.text) <= 60 and _ITEM_LINE.match(one.text) is not None
    return _ITEM_SAID.search(one.text) is not None


def _title(text: str) -> str:
    """What it is about: the sentence without its opening and its end; the whole where little would be left."""
    if quoted := re.search(r"(?:議案|請願|意見書案)第[\d０-９一二三四五六七八九十]+号(?:「[^」]+」)?", text):
        return quoted[0]
    short = _TAIL.sub("", _LEAD.sub("", text)).strip(" 　、。は")
    return short if len(short) >= 3 else text.rstrip("。")


def _decisions(said: Sequence[Said]) -> list[Decision]:
    found: list[Decision] = []
    for at, one in enumerate(said):
        if not one.utterance.speaker:
            continue
        if _is_settled(one.text):
            _settle(found, said, at)
        elif _PROPOSAL.search(one.text) and (agreed := _agreed(said, at)):
            found.append(Decision(_content(said, at), agreed))
    return found


def _is_settled(text: str) -> bool:
    if _QUESTION.search(text):
        return False
    if _FORMAL.search(text):
        return True
    settled = _SETTLED.search(text)
    if settled and settled["soft"]:
        return not re.search("検討|協議|相談|次回", text)  # a chair's politeness is no doubt
    return (settled or _SAYS_SO.match(text)) is not None and not _OPEN.search(text)


def _settle(found: list[Decision], said: Sequence[Said], at: int) -> None:
    """Adds the decision settled here, in the place of the proposal that it settles, or as the end of one cited."""
    one = said[at]
    before = found[-1] if found else None
    if before is not None and before.agreed is not None and _near(before.agreed, one, 3):
        if _SAYS_SO.match(one.text) or len(one.text) < 20:
            return  # the proposal says what, this only that
        found[-1] = Decision(one)
    elif before is not None and before.said.utterance.number == one.utterance.number and len(one.text) < 16:
        return
    elif not _SAYS_SO.match(one.text):
        found.append(Decision(one))


def _near(earlier: Said, later: Said, utterances_between: int) -> bool:
    return later.utterance.number - earlier.utterance.number <= utterances_between


def _agreed(said: Sequence[Said], at: int) -> Said | None:
    """The assent to the proposal, by another, before anybody objects; within the next four utterances."""
    asked = said[at].utterance
    for one in said[at + 1 :]:
        if one.utterance.number > asked.number + 4:
            return None
        if one.utterance.speaker == asked.speaker and one.utterance.speaker:
            continue
        if re.search(r"反対|困ります|待って|異議があ|異議あり[^ま]|賛成できま", one.text):
            return None
        if _ASSENT.search(one.text):
            return one
    return None


def _content(said: Sequence[Said], at: int) -> Said:
    """The proposal, or what was said before it where it is only よろしいですか."""
    before = said[at - 1] if at else None
    if before is not None and before.utterance is said[at].utterance and len(said[at].text) < 20:
        return before
    return said[at]


def _tasks(said: Sequence[Said], people: People, held_on: date | None) -> list[Task]:
    found: list[Task] = []
    for at, one in enumerate(said):
        if not one.utterance.speaker:
            continue
        due = deadline_in(one.text, held_on)
        last = found[-1] if found else None
        if due and _ONLY_DAY.search(one.text) and len(one.text) < 40 and _goes_on(said, at):
            before = said[at - 1]
            if last is None or last.said.utterance is not one.utterance:
                # 報告書は防災係がまとめる。締切は7月31日。
                if who := people.addressed(before.text, one.utterance.speaker):
                    found.append(Task(before, who, due.day, due.words))
            elif last.deadline is None and not last.deadline_words:
                found[-1] = Task(last.said, last.people, due.day, due.words)
            continue
        if task := _task(said, at, due, people):
            found.append(task)
    return found


def _goes_on(said: Sequence[Said], at: int) -> bool:
    """Does it go on with what the same person has just said?"""
    return at > 0 and said[at - 1].utterance is said[at].utterance


def _task(said: Sequence[Said], at: int, due: Deadline | None, people: People) -> Task | None:
    one = said[at]
    day, words = (due.day, due.words) if due else (None, "")
    asked = _ASKED.search(one.text) is not None and not _PROCEDURE.search(one.text) and not _begins_item(one)
    if not asked and _SUGGESTED.search(one.text) and not _is_settled(one.text):
        # 企画課で見本を取り寄せましょう: asked of whoever is named as doing it, and of nobody where none is.
        who = people.addressed(one.text, one.utterance.speaker)
        return Task(one, who, day, words) if who else None
    if asked:
        if due is None and _promised_in_turn(said, at):
            return None  # who takes it on says until when: that is the task
        who = people.addressed(one.text, one.utterance.speaker)
        taken = _taken(said, at)
        if not who and taken is not None:
            who = (people.called(plain_name(taken.utterance.speaker)),)
        return Task(one, who, day, words) if who or due else None
    if not _promises(one, due):
        return None
    return Task(one, people.promising(one.text, one.utterance.speaker), day, words)


def _taken(said: Sequence[Said], at: int) -> Said | None:
    """Who takes it on, if the next to speak does."""
    for one in said[at + 1 :]:
        if one.utterance is said[at].utterance:
            continue
        if one.utterance.speaker == said[at].utterance.speaker:
            return None
        return one if _ACCEPTED.match(one.text) else None
    return None


def _promised_in_turn(said: Sequence[Said], at: int) -> bool:
    taken = _taken(said, at)
    if taken is None:
        return False
    answer = [one for one in said[at + 1 :] if one.utterance is taken.utterance]
    return any(_PROMISED.search(one.text) and deadline_in(one.text, _ANY_DAY) for one in answer)


def is_question(text: str) -> bool:
    return _QUESTION.search(text) is not None


def _promises(one: Said, due: Deadline | None) -> bool:
    text = one.text
    if _QUESTION.search(text) or _NOT_YET.search(text):
        return False
    if _SETTLED.search(text) and not due:
        return False
    if due and re.search(r"(?:こと|もの)(?:と|に)(?:し|いたし)ます", text) and re.search(r"[はがで]", text):
        return True
    if _KEPT.search(text):
        return True
    if due and _SELF.search(text) and re.search(r"ます(?:ね|よ)?[。]?$", text):
        return True
    if not _PROMISED.search(text):
        return False
    return bool(due) or _SELF.search(text) is not None
