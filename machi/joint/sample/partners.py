"""Partners, cost models, blocks of towns: the sample consortium's, and a generated one's."""

from __future__ import annotations

from itertools import combinations
from random import Random

from machi.base.domain.towns import members
from machi.base.models import Appointment, Consortium, Municipality, Person, Prefecture, Role
from machi.joint.domain import partners as choices
from machi.joint.domain import partners_atlas as atlas
from machi.joint.domain import partners_blocks as blocks
from machi.joint.domain import partners_interests as interests
from machi.joint.models import BlockPlan, Interest, TownSelection

ATSUGI, KURASHIKI, YAIZU = "142123", "332020", "222127"
TOYAMA = "160008"
WORKS = (
    "基幹システムの運用を一緒に",
    "給食の食材の共同調達",
    "道路と橋の点検の発注",
    "公共施設の管理の集約",
    "高齢者の見守りの仕組みづくり",
    "DX人材を一緒に雇う",
    "ふるさと納税の事務",
    "防災備蓄の融通",
)
MESSAGES = (
    "同じ規模の町と進め方を話したいです。まずは一度、オンラインで情報交換をお願いします。",
    "来年度の更新に合わせて検討しています。ご関心があれば資料を送ります。",
    "",
)
ANSWERS = ("ぜひお話を伺いたいです。", "来月の会議のあとで日程をご相談します。", "")


def load(consortium: Consortium) -> None:
    """Fills the sample consortium (three towns); safe to call again."""
    if TownSelection.objects.exists() or Interest.objects.exists():
        return
    towns = {one.code: one for one in members(consortium)}
    if not {ATSUGI, KURASHIKI, YAIZU} <= set(towns):
        return
    heads = _heads(list(towns.values()))
    shared = _chosen(consortium, towns[ATSUGI], heads[ATSUGI], "県央で給食を考える")
    choices.share(shared, heads[ATSUGI])
    interest = interests.declare(
        consortium,
        towns[ATSUGI],
        heads[ATSUGI],
        other=towns[YAIZU],
        work="公共施設の予約と鍵の管理",
        message="厚木市 企画課です。施設予約の仕組みを一緒に選べないか、ご相談したいです。",
        selection=shared,
    )
    interests.answer(interest, heads[YAIZU], yes=True, message="焼津市 行政経営課です。ぜひ話しましょう。")
    interests.declare(
        consortium,
        towns[KURASHIKI],
        heads[KURASHIKI],
        other=towns[ATSUGI],
        work="生成AIの利用ルールと研修",
        message="職員研修の教材を一緒に作りませんか。",
    )
    _planned(consortium, towns[ATSUGI], heads[ATSUGI], towns[ATSUGI].prefecture)


def generate(consortium: Consortium, seed: int) -> None:
    """Fills a generated consortium of any size, the same for the same ``seed``; safe to call again.

    The AI systems run in its first two towns only, so choices and plans are theirs; interest goes between all.
    """
    if TownSelection.objects.exists() or Interest.objects.exists():
        return
    random = Random(seed)  # noqa: S311  (made-up data, the same each time)
    towns = list(members(consortium))
    heads = _heads(towns)
    for town in towns[:2]:
        for title in ("隣り合う町で", "事務を一緒に"):
            selection = _chosen(consortium, town, heads[town.code], title)
            choices.share(selection, heads[town.code])
    # A small prefecture: solved in a second, where that of the towns may take ten.
    _planned(consortium, towns[0], heads[towns[0].code], Prefecture.objects.get(pk=TOYAMA))
    pairs = list(combinations(towns, 2))
    for one, other in random.sample(pairs, min(len(towns), len(pairs))):
        _interest(consortium, random, one, other, heads)


def _heads(towns: list[Municipality]) -> dict[str, Person]:
    """Who speaks for each town."""
    found = Appointment.objects.filter(role=Role.MANAGER, municipality__in=towns).select_related("person")
    return {one.municipality_id: one.person for one in found.order_by("-pk") if one.municipality_id}


def _chosen(consortium: Consortium, town: Municipality, head: Person, title: str) -> TownSelection:
    """The town and those that touch it."""
    codes = [town.code, *atlas.neighbours(town.code)][:6]
    note = "それぞれ更新の時期が近いので、一緒にした場合の大きさを見ておきたい。"
    return choices.save(consortium, town, head, title=title, note=note, codes=codes)


def _planned(consortium: Consortium, town: Municipality, head: Person, prefecture: Prefecture) -> None:
    """Blocks of a prefecture, solved here and now: the worker then finds it done."""
    towns = len(atlas.of_prefecture(prefecture.pk))
    plan = blocks.ask(
        consortium,
        town,
        head,
        prefecture=prefecture,
        fewest=3,
        most=6,
        objective=BlockPlan.Objective.COMPACT,
        blocks=-(-towns // 5),
        seconds=10,
    )
    blocks.solve(plan)
    plan.refresh_from_db()
    if plan.state == BlockPlan.State.FOUND:
        blocks.share(plan, head)


def _interest(
    consortium: Consortium, random: Random, one: Municipality, other: Municipality, heads: dict[str, Person]
) -> None:
    """Told, and in two of three cases answered."""
    made = interests.declare(
        consortium,
        one,
        heads[one.code],
        other=other,
        work=random.choice(WORKS),
        message=random.choice(MESSAGES),
    )
    if random.random() < 2 / 3:
        yes = random.random() < 0.6
        interests.answer(made, heads[other.code], yes=yes, message=random.choice(ANSWERS) if yes else "")
