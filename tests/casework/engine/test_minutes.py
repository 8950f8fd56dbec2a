"""Minutes by rules: speakers, items, decisions, tasks and days, each with its place in the transcript."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.casework.engine.minutes import find
from machi.casework.engine.minutes_deadlines import deadline_in
from machi.casework.engine.minutes_items import title
from machi.casework.engine.minutes_people import People
from machi.casework.engine.minutes_transcript import format_of, sentences, utterances

TUESDAY = date(2026, 5, 12)
MEETING = (
    "議題1 警備について\n山本課長：警備員は26人とすることに決定します。\n"
    "山本課長：発注書は誰が作りますか。\n佐藤係長：発注書は5月20日までに私が作成します。\n（拍手）\n"
)


@pytest.mark.parametrize(
    ("line", "speaker", "words", "at"),
    [
        ("山本課長：始めます。", "山本課長", "始めます。", ""),
        ("山本課長: 始めます。", "山本課長", "始めます。", ""),
        ("【山本課長】始めます。", "山本課長", "始めます。", ""),
        ("○議長（大西君）　始めます。", "議長（大西君）", "始めます。", ""),
        ("[00:01:05] 山本課長: 始めます。", "山本課長", "始めます。", "00:01:05"),
        ("10:05 山本課長：始めます。", "山本課長", "始めます。", "10:05"),
        ("日時：5月12日", "", "日時：5月12日", ""),
        ("議題1：警備", "", "議題1：警備", ""),
        ("（「異議なし」と呼ぶ者あり）", "", "（「異議なし」と呼ぶ者あり）", ""),
    ],
)
def test_a_line_tells_who_speaks_in_the_ways_people_write_it(line, speaker, words, at):
    (one,) = utterances(line)
    assert (one.speaker, one.text, one.at) == (speaker, words, at)


def test_a_line_without_a_name_goes_on_until_an_empty_line():
    spoken = utterances("山本課長：始めます。\n資料は3枚です。\n\n以上で終わります。")
    assert [one.speaker for one in spoken] == ["山本課長", "山本課長", ""]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("会長「始めましょうか」\n会計「はい。9万円です」\n会長「ほなそれで」", ["会長", "会計", "会長"]),
        (
            "東部町 課長\n始めます。\n西川町 課長\nはい。\n東部町 課長\n次です。\n西川町 課長\n賛成です。",
            ["東部町 課長", "西川町 課長", "東部町 課長", "西川町 課長"],
        ),
        (
            "山本 健  0:05\n始めます。\n佐藤 恵  0:09\nはい。\n山本 健  0:12\n次です。",
            ["山本 健", "佐藤 恵", "山本 健"],
        ),
        ("○企画課長（須藤）　はい。\n○書記（原）　以上です。", ["企画課長（須藤）", "書記（原）"]),
        ("○議長　お諮りします。\n○（「異議なし」の声あり）　はい。", ["議長", "議長"]),
        ("はい、始めます。\nよかです。", ["", ""]),
        ("○7番 千葉委員　はい。\n○及川会長　次です。", ["7番 千葉委員", "及川会長"]),
        ("- 調整担当 野口: 始めます。\n- 教頭: はい。", ["調整担当 野口", "教頭"]),
        ("監督員　はい。\n機械設備　了解です。\n監督員　次です。", ["監督員", "機械設備", "監督員"]),
    ],
)
def test_who_speaks_is_told_in_each_way_of_writing_it_down(text, told):
    assert [one.speaker for one in utterances(text)] == told


def test_a_quoted_line_and_a_name_above_are_cut_where_they_were_said():
    quoted, answer = utterances("会長「始めます」\n会計「はい」")
    assert (quoted.text, answer.text) == ("始めます", "はい")
    alone = utterances("甲課長\n始めます。\n乙課長\nはい。\n甲課長\n次です。\n乙課長\nはい。")
    assert [one.text for one in alone] == ["始めます。", "はい。", "次です。", "はい。"]


def test_webvtt_and_srt_cues_are_read_with_their_times():
    vtt = (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n<v 田中部長>始めます。</v>\n\n"
        "00:02.500 --> 00:03.000\n- 続きです。\n"
    )
    assert format_of(vtt) == "vtt"
    first, second = utterances(vtt)
    assert (first.speaker, first.text, first.at) == ("田中部長", "始めます。", "00:00:01")
    assert (second.speaker, second.at) == ("", "00:00:02")
    srt = "1\n00:00:02,000 --> 00:00:08,000\n部長：始めます。\n\n2\n00:00:09,000 --> 00:00:10,000\n12\n"
    assert format_of(srt) == "srt"
    assert [(one.speaker, one.text) for one in utterances(srt)] == [("部長", "始めます。"), ("", "12")]


@given(st.text(alphabet="議題1：山本課長。\n <v>00:01-.,[]（）まで5月にします", max_size=120))
def test_every_utterance_and_sentence_is_a_stretch_of_the_transcript(text):
    spoken = utterances(text)
    for one in spoken:
        assert text[one.start : one.end] == one.text
        assert text.count("\n", 0, one.start) + 1 == one.line
    for said in sentences(spoken):
        assert text[said.start : said.end] == said.text
    find(text, TUESDAY)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("5月20日までに作ります", "2026-05-20"),
        ("来週の金曜日までに直して", "2026-05-22"),
        ("金曜日までにね", "2026-05-15"),
        ("火曜までに出して", "2026-05-19"),
        ("再来週の月曜までに", "2026-05-25"),
        ("明日中に送ります", "2026-05-13"),
        ("明後日までに", "2026-05-14"),
        ("18日までに上げて", "2026-05-18"),
        ("5日までに", "2026-06-05"),
        ("今月末までに", "2026-05-31"),
        ("来月10日までに", "2026-06-10"),
        ("年内にまとめます", "2026-12-31"),
        ("年度末までに", "2027-03-31"),
        ("来年1月末までに", "2027-01-31"),
        ("2週間以内に", "2026-05-26"),
        ("1か月以内に", "2026-06-12"),
        ("期限は８月５日です", "2026-08-05"),
        ("明日のお昼まででいいです", "2026-05-13"),
        ("17時までに流します", "2026-05-12"),
        ("暗くなる前に電話して", "2026-05-12"),
        ("今日電話します", "2026-05-12"),
        ("8月の20日には届くようにします", "2026-08-20"),
        ("12月の、9日の交渉までに", "2026-12-09"),
        ("木曜の午後なら行けます", "2026-05-14"),
        ("来週の会議で返事する", "2026-05-19"),
        ("骨子は6月中に、案は7月末までに", "2026-07-31"),
        ("二十五日の審査会に出します", "2026-05-25"),
        ("六月の末までに", "2026-06-30"),
        ("十二月の十日に載せます", "2026-12-10"),
        ("来週の木曜くらいには回します", "2026-05-21"),
        ("明朝七時に迎えに行きます", "2026-05-13"),
        ("今月いっぱい。", "2026-05-31"),
    ],
)
def test_a_deadline_is_counted_from_the_day_of_the_meeting(words, day):
    found = deadline_in(words, TUESDAY)
    assert found is not None
    assert found.day == date.fromisoformat(day)


@pytest.mark.parametrize(
    "words",
    [
        "広報12月1日号に載せる",
        "4月1日から掲示する",
        "昨年の台風では",
        "31人です",
        "今日は決めません",
        "4月に件数をとりまして",
    ],
)
def test_a_day_that_is_no_deadline_is_none(words):
    assert deadline_in(words, TUESDAY) is None


def test_the_next_meeting_is_a_deadline_without_a_day():
    found = deadline_in("次回の会議までに準備してください", TUESDAY)
    assert found is not None
    assert (found.day, found.words) == (None, "次回の会議まで")
    month = deadline_in("6月の委員会に出してください", TUESDAY)
    assert month is not None
    assert month.day is None


def test_after_the_holidays_is_the_first_weekday_after_them():
    found = deadline_in("連休明けに送ります", date(2026, 4, 23))  # May 3 is a Sunday, so the 6th is a holiday
    assert found is not None
    assert found.day == date(2026, 5, 7)
    assert deadline_in("連休明けに送ります", date(2026, 9, 1)) is None


@given(
    st.text(alphabet="0123456789年月日来今再末週中までに、。金曜", max_size=40),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
def test_no_words_break_the_deadline(words, day):
    deadline_in(words, day)


def test_what_is_found_is_said_by_whom_and_by_when():
    found = find(MEETING, TUESDAY)
    assert found.speakers == ("山本課長", "佐藤係長")
    assert [one.title for one in found.items] == ["議題1 警備について"]
    assert [one.said.text for one in found.decisions] == ["警備員は26人とすることに決定します。"]
    (task,) = found.tasks
    assert (task.people, task.deadline, task.deadline_words) == (("佐藤係長",), date(2026, 5, 20), "5月20日")


@pytest.mark.parametrize(
    "words",
    [
        "まだ決まっていないので、次回までに考えましょう。",
        "実証の地区は決定したのでしょうか。",
        "意見が分かれたため、継続して検討します。",
        "一律に不採択ということではありません。",
        "施行は4月1日を予定しております。",
    ],
)
def test_what_is_open_or_asked_is_no_decision(words):
    assert find(f"山本課長：{words}", TUESDAY).decisions == ()


def test_a_proposal_is_a_decision_where_another_agrees_and_none_where_one_objects():
    asked = "課長：切替日は9月19日でよろしいですか。\n"
    (agreed,) = find(asked + "係長：異議ありません。", TUESDAY).decisions
    assert agreed.said.text == "切替日は9月19日でよろしいですか。"
    assert agreed.agreed is not None
    assert find(asked + "係長：反対です。困ります。", TUESDAY).decisions == ()
    assert find(asked, TUESDAY).decisions == ()


def test_who_is_asked_is_who_does_it_or_who_takes_it_on():
    assert find("課長：名簿は主任が5日までに用意してください。\n主任：はい。", TUESDAY).tasks[0].people == (
        "主任",
    )
    assert find("部長：リンク切れは伊藤さん、直してもらえますか。\n伊藤主査：はい。", TUESDAY).tasks[
        0
    ].people == ("伊藤主査",)
    assert find("課長：起案を進めてください。\n担当：承知しました。", TUESDAY).tasks[0].people == ("担当",)
    both = find("部長：市民部と人事課で調整のうえ、11日までに報告願います。", TUESDAY).tasks[0]
    assert both.people == ("市民部", "人事課")


def test_who_promises_is_to_do_it_where_a_division_or_another_was_named():
    asked = "部長：財政課で様式を明日までに全課に送ってください。\n"
    assert find(asked + "財政課長：はい、明日までに送ります。", TUESDAY).tasks[0].people == ("財政課長",)
    assert find(asked + "財政課長：はい。", TUESDAY).tasks[0].people == ("財政課",)
    (stem,) = find("部長：秘書で名簿を明日までに出してください。\n秘書広報課長：はい。", TUESDAY).tasks
    assert stem.people == ("秘書広報課長",)


def test_nobody_is_named_where_anybody_is_asked():
    (task,) = find("会長：誰か安全旗を縫っといてください、明日までに。\n会計：はい。", TUESDAY).tasks
    assert task.people == ()


def test_until_then_is_the_day_named_before():
    text = "会長：次は六月二十三日です。それまでに各市町村で困ることをまとめておいてください。"
    (task,) = find(text, TUESDAY).tasks
    assert (task.people, task.deadline, task.deadline_words) == (
        ("各市町村",),
        date(2026, 6, 23),
        "それまで",
    )


def test_what_the_chair_puts_off_at_the_end_is_settled():
    text = "会長：議案2号です。どうですか。\n委員：反対です。\n会長：では議案2号は保留。次に議案3号です。"
    assert [one.said.text for one in find(text, TUESDAY).decisions] == ["では議案2号は保留。"]


def test_a_plain_sentence_with_its_deadline_behind_it_is_a_task():
    (task,) = find("部長：報告書は防災係がまとめる。締切は5月29日。", TUESDAY).tasks
    assert (task.people, task.deadline) == (("防災係",), date(2026, 5, 29))
    assert task.said.text == "報告書は防災係がまとめる。"


def test_somebody_is_known_by_their_name_behind_an_office_and_by_a_wide_space():
    spoken = (
        "議長　では始めます。\n議長　林さん、5月29日までに案を作ってください。\n新人 林：はい。\n資料　3枚"
    )
    found = find(spoken, TUESDAY)
    assert found.speakers == ("議長", "新人 林")
    assert found.tasks[0].people == ("新人 林",)


def test_a_chair_who_says_it_politely_decides_and_one_who_will_look_into_it_does_not():
    assert len(find("会長：公募は見合わせることにしたいと思います。", TUESDAY).decisions) == 1
    assert find("会長：公募は検討することにしたいと思います。", TUESDAY).decisions == ()


def test_calls_of_procedure_are_no_tasks():
    words = "議長：説明をお願いします。賛成の方は挙手をお願いします。よろしくお願いします。"
    assert find(words, TUESDAY).tasks == ()


def test_what_is_asked_and_what_is_promised_in_answer_is_one_task():
    text = (
        "議長：始めます。\n市長：案内の張り紙しといて。\n教育長：はい、明日までに貼ります。\n議長：次です。"
    )
    (task,) = find(text, TUESDAY).tasks
    assert (task.people, task.deadline) == (("教育長",), date(2026, 5, 13))
    assert "しといて" in "".join(task.why)


def test_until_the_next_meeting_is_its_day_where_that_is_said():
    text = (
        "議長：始めます。\n議長：事務局は資料を次回の会議までに準備してください。\n事務局：はい。\n"
        "議長：次回は6月9日です。"
    )
    (task,) = find(text, TUESDAY).tasks
    assert (task.deadline, task.deadline_words) == (date(2026, 6, 9), "次回の会議まで")


def test_two_speakers_of_one_side_are_told_apart_by_their_brackets():
    text = (
        "当局（総務部長）「始めます」\n組合（委員長）「試算を出してください」\n"
        "当局（人事課長）「9日までにお出しします」"
    )
    assert find(text, TUESDAY).tasks[0].people == ("当局（人事課長）",)


@pytest.mark.parametrize(
    ("called", "who"),
    [
        ("三枝さん", "観光係・三枝"),
        ("佐野さん", "アクシス佐野"),
        ("Hさん", "CM・H"),
        ("分団長さん", "第2分団長"),
    ],
)
def test_somebody_is_known_by_a_part_of_their_label(called, who):
    labels = ["議長", "観光係・三枝", "アクシス佐野", "CM・H", "第2分団長"]
    assert People(labels).addressed(f"{called}、図面を直してもらえますか。", "議長") == (who,)


def test_without_speakers_every_line_is_spoken_and_nobody_is_named():
    text = "始めましょう。\n放送は私がします、22時までに。\n当番表は衛生班で作って貼ってください。\nはーい。"
    first, second = find(text, TUESDAY).tasks
    assert (first.people, first.deadline) == ((), TUESDAY)
    assert second.people == ("衛生班",)


def test_one_vote_after_another_is_two_decisions():
    text = "議長：本案は原案のとおり可決されました。\n議長：意見書案第2号は賛成少数により否決されました。"
    assert len(find("議長：開会します。\n" + text, TUESDAY).decisions) == 2


def test_an_aside_in_brackets_agrees():
    text = "会長：始めます。\n会長：決算は承認ということでよろしいでしょうか。\n（拍手）\n会長：ありがとうございます。"
    (decision,) = find(text, TUESDAY).decisions
    assert decision.said.text == "決算は承認ということでよろしいでしょうか。"


@given(st.text(max_size=200))
def test_no_text_breaks_the_minutes(text):
    find(text, TUESDAY)
    find(f"課長：{text}\n係長：{text}", None)


def test_the_same_transcript_gives_the_same_findings():
    assert find(MEETING, TUESDAY) == find(MEETING, TUESDAY)


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("えーとまず、窓口の電話の件です。", "窓口の電話"),
        ("次がですね、えー、例の公用車の事故の件。", "例の公用車の事故の件"),
        ("日程第1、議案第42号「条例の一部改正」を議題といたします。", "議案第42号「条例の一部改正」"),
        ("はい。", "はい"),
    ],
)
def test_the_title_of_an_item_is_what_it_is_about(said, about):
    assert title(said) == about
