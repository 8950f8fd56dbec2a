"""What a language model makes of a notice: the same in other words is kept, the same words turned round are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.language.engine.claim_reading import read
from machi.language.engine.claims import Source, check

NOTICE = Source(
    1,
    "市は、自治会に発電機を貸与し、停電に備えます。工事費の一部を補助します。\n"
    "※過去に補助を受けた世帯と、税を滞納している世帯を除く。\n\n"
    "■木工体験教室\n"
    "日時：5月10日（土）13時30分〜15時、24日（土）同時刻\n"
    "対象：小学3〜6年生。市内在住の人のみ\n"
    "定員：各回12人（抽選）\n"
    "費用：無料\n"
    "申込み：4月20日〜5月2日に電話で。説明を聞いた後に申し込み。予約の取り消しは不可。\n"
    "雨天中止。保護者の同伴が必要。用具の貸し出しあり。来場は、公共交通機関の利用が困難な人を除きバスで。\n\n"
    "■健康診査\n"
    "料金：\n・40〜64歳…900円\n・65歳以上…300円\n"
    "受診券がない人は、市が発行した案内を持参してください。検査の一部は有料です。\n"
    "薬を飲む前に受診してください。春に血液検査、秋に歯科検査をします。結果は医師から本人に郵送します。\n"
    "診断書の交付を受けていない人も受診できます。回数は無制限です。住民税が非課税の世帯は要申請。",
    "4月のお知らせ",
)


def why(sentence: str) -> str:
    (one,) = check(sentence, [NOTICE])
    return one.why


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("木工体験教室は市内に住む人だけが対象です。", id="住む in 在住, だけ for のみ"),
        pytest.param("健診の料金は65歳以上が300円です。", id="健診 for 健康診査"),
        pytest.param("木工体験教室に参加費はかかりません。", id="無料 for what costs nothing"),
        pytest.param(
            "木工体験教室には小学3年生から6年生までが参加できます。", id="a span's first number has its unit"
        ),
        pytest.param("木工体験教室は午後1時30分から90分間です。", id="the length of a span"),
        pytest.param("木工体験教室は5月24日にも開かれます。", id="a later day is of the month before it"),
        pytest.param("木工体験教室の定員は1回につき12人です。", id="各回 is once"),
        pytest.param("木工体験教室では用具を借りることができます。", id="the same row of the list"),
        pytest.param("木工体験教室には保護者の付き添いが必要です。", id="another word of a notice"),
        pytest.param("診断書がない人も受診できます。", id="what one has not received, one lacks"),
        pytest.param("市は停電に備えて、自治会に発電機を貸し出します。", id="another order"),
        pytest.param("健康診査を受けられる回数に制限はありません。", id="無制限 is denied 制限"),
        pytest.param("医師から本人に結果が郵送されます。", id="passive"),
        pytest.param("バスの利用が難しい人を除き、来場はバスでお願いします。", id="難しい for 困難"),
        pytest.param("受診券がない人は、案内を忘れずに持ってきてください。", id="忘れずに denies nothing"),
    ],
)
def test_the_same_in_other_words_is_kept(sentence: str) -> None:
    assert why(sentence) == "supported"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        pytest.param("健康診査の料金は65歳以上が900円です。", "facts", id="the figure of another line"),
        pytest.param("木工体験教室の定員は15人です。", "facts", id="another figure"),
        pytest.param("木工体験教室は午後1時30分から100分間です。", "facts", id="another length"),
        pytest.param("木工体験教室の参加者には修了証が配られます。", "words", id="a new thing"),
        pytest.param("木工体験教室では用具の貸し出しをしていません。", "denied", id="denied"),
        pytest.param("木工体験教室の予約は取り消すことができます。", "denied", id="不可 denies"),
        pytest.param("健康診査の回数には制限があります。", "denied", id="無 before a word denies"),
        pytest.param("住民税が課税の世帯は、申請が必要です。", "denied", id="非 before a word denies"),
        pytest.param("木工体験教室の定員は各回12人で、先着です。", "opposite", id="a contrast"),
        pytest.param("健康診査の血液検査と歯科検査は全て有料です。", "opposite", id="全て for 一部"),
        pytest.param("木工体験教室は雨天でも行います。", "relation", id="in spite of what calls it off"),
        pytest.param("申し込みは電話だけで受け付けます。", "relation", id="だけ that nobody says"),
        pytest.param(
            "木工体験教室は何回でも電話で申し込めます。", "relation", id="何回でも that nobody says"
        ),
        pytest.param("市は自治会から発電機を借ります。", "relation", id="who lends to whom"),
        pytest.param("結果は本人から医師に郵送します。", "relation", id="from whom to whom"),
        pytest.param("木工体験教室に申し込んだ後に説明を聞きます。", "relation", id="what comes first"),
        pytest.param("薬を飲んだ後に受診してください。", "relation", id="after for before"),
        pytest.param("秋に血液検査、春に歯科検査をします。", "relation", id="two things crossed"),
        pytest.param(
            "木工体験教室の申し込みは5月2日から始まります。", "relation", id="an end for a beginning"
        ),
        pytest.param("補助は工事費より高い額です。", "words", id="a comparison"),
        pytest.param("税を滞納している世帯も補助を受けられます。", "denied", id="what is left out"),
    ],
)
def test_the_same_words_turned_round_are_dropped(sentence: str, reason: str) -> None:
    assert why(sentence) == reason


def test_a_passage_of_lines_without_words_raises_nothing() -> None:
    assert check("市は補助します。", [Source(1, "※\n□\n（1）\n\n市は補助します。")])[0].kept


def test_what_stands_before_igai_is_left_out() -> None:
    passage = Source(1, "図書館以外は、入賞作品のみ展示します。")
    assert check("図書館では、入賞作品だけを展示します。", [passage])[0].why == "denied"
    assert check("図書館以外では、入賞作品だけを展示します。", [passage])[0].kept


def test_two_months_of_a_notice_are_no_rivals() -> None:
    passage = Source(1, "市は8月から機器の配布を1個500円で始めます。\n申し込みは6月から受け付けます。")
    assert check("機器は1個500円で配布され、6月から申し込みを受け付けます。", [passage])[0].kept


_PIECES = (
    "市", "住民", "医師会", "に", "は", "が", "から", "を除く", "以外", "不要", "無制限", "だけ", "しか",
    "ない", "ません", "たり", "てから", "の後", "前に", "5月8日", "〜", "27日", "14時", "まで", "500円",
    "各回", "全て", "■", "◇", "※", "：", "、", "。", "\n", "（", "）", "…", "貸します",
    "受けられません", "必要です", "雨天中止", "難しい", "春", "秋", "より", "でも",
    "99999999999999999999日", "一つ", "か",
)  # fmt: skip
_MUNICIPAL = st.lists(st.sampled_from(_PIECES), max_size=25).map("".join)


@given(_MUNICIPAL, _MUNICIPAL, _MUNICIPAL)
def test_no_order_of_municipal_words_raises(claim: str, passage: str, context: str) -> None:
    checked = check(claim, [Source(1, passage, context)])
    assert all(one.text in claim and 0 <= one.start <= one.end <= len(passage) for one in checked)


def test_words_of_two_places_do_not_make_one_sentence() -> None:
    passage = Source(1, "家族は働いています。\n職員が窓口でアプリの使い方を話します。\n券は駅で使えます。")
    assert check("家族は駅でアプリを使えます。", [passage])[0].why == "words"


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("申し込みは不要です。", {"申し込"}),
        ("申し込みは必要ありません。", {"申し込"}),
        ("必要な書類がありません。", {"書類"}),
        ("職員しか応募できません。", set()),
        ("電話だけでなく窓口でも申し込めます。", set()),
        ("問い合わせたり、操作を依頼したりしません。", {"問い合", "依頼"}),
        ("申請しなければなりません。", set()),
        ("一緒に踊りませんか。", set()),
        ("補償が受けられません。", {"補償"}),
    ],
)
def test_denials_reach_what_they_are_said_of(text: str, denied: set[str]) -> None:
    assert {word.stem for word in read(text).words if word.denied} == denied


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("夜7時から9時まで", ("time", "1260")),
        ("報酬：月額1万円", ("figure", "1", "月", "")),
        ("40・50・60歳", ("figure", "50", "歳", "")),
        ("1月20日〜25日", ("date", "", "1", "25")),
        ("1週間", ("figure", "7", "日", "")),
        ("2割", ("figure", "20", "%", "")),
        ("9〜17時", ("time", "540")),
    ],
)
def test_a_passage_implies_facts(text: str, fact: tuple[str, ...]) -> None:
    assert fact in read(text).told
