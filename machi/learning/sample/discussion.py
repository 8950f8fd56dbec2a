"""Discussion across towns: the sample consortium's, and a generated one's."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from machi.base.domain.towns import members
from machi.base.models import Appointment, Consortium, Municipality, Person, Role
from machi.learning.models import Case, Participant, Post, Topic
from machi.learning.sample.cases import office_of, person_of
from machi.learning.sample.cases_texts import ATSUGI, CASES, KURASHIKI, YAIZU

TOPICS: tuple[tuple[str, int | None, int | None, tuple[tuple[str, str], ...]], ...] = (
    (
        "固有名詞の聞きまちがいを減らす方法",
        0,
        3,
        (
            (
                YAIZU,
                "議事録の文字起こしで、**委員の名前**と地名のまちがいが多いです。皆さんはどう直していますか。",
            ),
            (
                ATSUGI,
                (
                    "@1 うちは名簿と地名の一覧を先に登録しています。それでも残る分は、"
                    "\n\n1. 一覧にない読みを印で残す\n2. 出席者に確認を頼む\n\nの順です。"
                ),
            ),
            (
                KURASHIKI,
                "会議のはじめに、発言する人が名乗る決まりにしたところ、だれの発言かのまちがいが**ほぼなくなりました**。"
                "一覧の登録と合わせて、1回の会議の直しが1時間以内になっています。",
            ),
            (YAIZU, "@3 ありがとうございます。次の会議から名乗る決まりを試します。"),
        ),
    ),
    (
        "生成AIに入れてよい情報の線引き",
        None,
        2,
        (
            (
                KURASHIKI,
                "庁内の決まりを作り直しています。@厚木市 @焼津市 では、どこまで入れてよいと決めていますか。",
            ),
            (
                ATSUGI,
                (
                    "次の3つに分けています。\n\n| 区分 | 例 | 入れてよいか |\n|---|---|---|\n| 公開 | 要綱、"
                    "広報 | よい |\n| 庁内 | 起案前の案 | 課長が認めたもの |\n| 個人 | 申請書 | 入れない |"
                ),
            ),
        ),
    ),
    (
        "小さな町で、最初に試すなら何がよいですか",
        None,
        2,
        (
            (YAIZU, "職員が少なく、たくさんは試せません。最初の1つに向いているものを教えてください。"),
            (
                KURASHIKI,
                "**会議の文字起こし**をすすめます。効果が時間で測れ、個人情報の線引きがしやすく、"
                "だれの仕事にもあるからです。庁内で動くものなら、外に情報が出ません。",
            ),
            (ATSUGI, "同じ意見です。始める前の時間を2週間だけ測っておくと、後で説明しやすいです。"),
        ),
    ),
)
"""Title, place of the case it is about, ordinal of the accepted answer, and what was said (town, Markdown)."""

_GENERATED = (
    ("{what}の費用の見積もりの取り方", "何社から取りましたか。仕様書の例があれば教えてください。"),
    ("{what}の前後の時間の測り方", "どのくらいの期間を測れば足りますか。"),
    ("{what}を続けるかどうかの決め方", "効果が小さかったとき、どう判断しましたか。"),
    ("{what}の職員への説明", "抵抗のある職員に、どう説明しましたか。"),
)
_ANSWERS = (
    "2社から取り、既にある仕様書を直して使いました。",
    "4週間測りました。忙しい時期を1週間入れるとよいです。",
    "うちも迷っています。結果が出たら書きます。",
    "まず希望する課だけで始め、声を集めました。",
)
GENERATED = 60


def load(consortium: Consortium) -> None:
    """Safe to call again: what people have changed since stays."""
    towns = {town.code: town for town in members(consortium)}
    if office_of(consortium) is None or Topic.objects.filter(sample=True).exists():
        return
    if not {ATSUGI, KURASHIKI, YAIZU} <= set(towns):
        return
    for number, (title, case, accepted, said) in enumerate(TOPICS):
        about = (
            Case.objects.filter(sample=True, title=CASES[case][1]["title"]).first()
            if case is not None
            else None
        )
        topic = Topic(consortium=consortium, title=title, case=about, sample=True)
        begun = timezone.now() - timedelta(days=3 * (number + 1))
        posts = [(towns[code], person_of(towns[code], Role.CLERK), body) for code, body in said]
        _said(topic, begun, posts, accepted)


def generate(consortium: Consortium, seed: int) -> None:
    """For a generated consortium of any size. Safe to call again."""
    towns = list(members(consortium))
    cases = list(Case.objects.only("pk", "title").order_by("pk")[:GENERATED])
    if len(towns) < 2 or not cases or Topic.objects.exists():
        return
    clerks = {appointed.municipality_id: appointed.person for appointed in _clerks(towns)}
    rng, now = random.Random(seed), timezone.now()  # noqa: S311
    for number in range(GENERATED):
        case = cases[number % len(cases)]
        title, asked = rng.choice(_GENERATED)
        speakers = rng.sample(towns, min(len(towns), rng.randint(1, 5)))
        bodies = [asked, *(rng.choice(_ANSWERS) for _ in speakers[1:])]
        posts = [(town, clerks[town.pk], body) for town, body in zip(speakers, bodies, strict=True)]
        topic = Topic(
            consortium=consortium,
            title=title.format(what=case.title.partition("で、")[0]),
            case=case if rng.random() < 0.6 else None,
            sample=True,
        )
        accepted = rng.randint(2, len(posts)) if len(posts) > 1 and rng.random() < 0.5 else None
        _said(topic, now - timedelta(days=rng.randint(2, 300)), posts, accepted)


def _clerks(towns: Sequence[Municipality]) -> list[Appointment]:
    return list(
        Appointment.objects.filter(municipality__in=towns, role=Role.CLERK, person__is_active=True)
        .select_related("person")
        .order_by("-pk")
    )


def _said(
    topic: Topic,
    begun: datetime,
    said: Sequence[tuple[Municipality, Person, str]],
    accepted: int | None,
) -> None:
    """A topic as if it had been talked about, an hour between posts; nobody is called or written to."""
    topic.opened_at, topic.last_at = begun, begun + timedelta(hours=len(said) - 1)
    topic.save()
    authors: dict[int, Participant] = {}
    for town, person, _ in said:
        if person.pk not in authors:
            authors[person.pk] = Participant(
                consortium=topic.consortium, topic=topic, town=town, person=person, number=len(authors) + 1
            )
    Participant.objects.bulk_create(authors.values())
    posts = Post.objects.bulk_create(
        Post(
            consortium=topic.consortium,
            topic=topic,
            author=authors[person.pk],
            ordinal=ordinal,
            body=body,
            at=begun + timedelta(hours=ordinal - 1),
        )
        for ordinal, (_town, person, body) in enumerate(said, 1)
    )
    if accepted is not None:
        topic.accepted = posts[accepted - 1]
        topic.save(update_fields=["accepted"])
