"""Generated cases: what was done with which tool in which work, put together at random. They read alike on purpose:
search and the finding of duplicates are to be tried at size."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from machi.learning.models import Case, CaseAdoption, CaseField, CaseTool

_WORKS = (
    (CaseField.MINUTES, CaseTool.SPEECH, "議会の会議録", "会議の録音を文字にする"),
    (CaseField.MINUTES, CaseTool.GENERATIVE, "審議会の要点", "会議の要点をまとめる"),
    (CaseField.COUNTER, CaseTool.CHATBOT, "住民票の問い合わせ", "よくある質問に答える"),
    (CaseField.COUNTER, CaseTool.TRANSLATION, "転入の案内", "案内を外国語に訳す"),
    (CaseField.DOCUMENTS, CaseTool.GENERATIVE, "庁内の通知文", "通知文の下書きを作る"),
    (CaseField.DOCUMENTS, CaseTool.GENERATIVE, "照会への回答", "回答の案を作る"),
    (CaseField.APPLICATIONS, CaseTool.OCR, "健診の申込書", "紙の申込書を読み取る"),
    (CaseField.APPLICATIONS, CaseTool.RPA, "補助金の受付", "入力と照合を自動にする"),
    (CaseField.WELFARE, CaseTool.RPA, "保育所の申し込み", "世帯の情報を集める"),
    (CaseField.WELFARE, CaseTool.PREDICTION, "介護予防の声かけ", "声をかける人の順を考える"),
    (CaseField.EDUCATION, CaseTool.GENERATIVE, "学校だより", "学校だよりの案を作る"),
    (CaseField.TAX, CaseTool.OCR, "給与支払報告書", "報告書を読み取る"),
    (CaseField.TAX, CaseTool.CHATBOT, "納税の相談", "納め方の質問に答える"),
    (CaseField.DISASTER, CaseTool.IMAGE, "河川の見回り", "川の映像から水位を見る"),
    (CaseField.DISASTER, CaseTool.GENERATIVE, "防災の訓練", "訓練の筋書きを作る"),
    (CaseField.WORKS, CaseTool.IMAGE, "道路の点検", "路面の損傷を見つける"),
    (CaseField.WORKS, CaseTool.PREDICTION, "除雪の計画", "除雪の順を考える"),
    (CaseField.PLANNING, CaseTool.GENERATIVE, "広報紙の見出し", "見出しの案を出す"),
    (CaseField.PLANNING, CaseTool.GENERATIVE, "住民アンケート", "自由記述を分ける"),
    (CaseField.STAFF, CaseTool.CHATBOT, "庶務の質問", "職員の質問に答える"),
)
_TROUBLES = (
    "{what}に毎月およそ{hours}時間かかり、時間外勤務が続いていた。",
    "{what}が担当者1人に集まり、休むと仕事が止まっていた。",
    "{what}の件数が3年で1.5倍になり、人を増やせなかった。",
    "{what}のやり方が人によってちがい、やり直しが多かった。",
)
_WAYS = (
    "{how}仕組みを入れ、職員が必ず確かめてから使う。",
    "{how}手順を作り、まず1つの課で3か月試してから広げた。",
    "{how}ようにし、うまくいかないときは元のやり方に戻せるようにした。",
)
_CHECKS = ("個人情報、まちがい、止まったときの備え。", "入れてはいけない情報、結果の偏り、費用の見通し。")
_RESULTS = (
    "個人情報を入れない決まりを作り、毎月10件を抜き取って確かめる。",
    "使える人を限り、記録を残し、半年ごとに続けるかを決める。",
)
_DIVISIONS = ("総務課", "企画課", "情報政策課", "市民課", "税務課", "福祉課", "建設課")
_DIFFERED = (
    "同じ",
    "様式がちがい、準備に2か月かかった。",
    "件数が少なく、効果は小さかった。",
    "別の課が使い、手順を直した。",
)


def case_of(rng: random.Random, population: int) -> dict[str, Any]:
    """Fields of a ``Case``. Hours follow the size of the town, give or take a half."""
    field, tool, what, how = rng.choice(_WORKS)
    hours = max(1, round(population / 10_000 * rng.uniform(1.5, 6)))
    told = rng.random() < 0.85
    return {
        "title": f"{what}で、{how}（生成した見本）",
        "field": field,
        "tool": tool,
        "system": "",
        "year": rng.randint(2021, 2026),
        "problem": rng.choice(_TROUBLES).format(what=what, hours=hours * 2),
        "before": f"{what}を、担当者が手で行っていた。",
        "after": rng.choice(_WAYS).format(how=how),
        "cost_once": rng.choice((0, 200_000, 500_000, 1_200_000)),
        "cost_yearly": rng.choice((60_000, 240_000, 600_000, 1_800_000)),
        "hours_saved": hours if told else None,
        "counted": rng.choice(Case.Counted.values) if told else "",
        "counted_how": "始める前と後の1か月を比べた。" if told else "",
        "risk_checked": rng.choice(_CHECKS),
        "risk_result": rng.choice(_RESULTS),
        "ask_division": rng.choice(_DIVISIONS),
    }


def adoption_of(rng: random.Random, case: Case, population: int, own: int) -> dict[str, Any]:
    """Fields of a ``CaseAdoption``: hours like the case's a head, but for a failure."""
    state = rng.choices(CaseAdoption.State.values, (3, 5, 3, 1))[0]
    trying, failed = state == CaseAdoption.State.TRYING, state == CaseAdoption.State.FAILED
    hours = None
    if not trying and case.hours_saved is not None:
        share = 0 if failed else rng.uniform(0.4, 1.6)
        hours = round(case.hours_saved / population * own * share)
    begun: date = timezone.localdate() - timedelta(days=rng.randint(30, 400))
    return {
        "plan": f"{rng.choice(_DIVISIONS)}が中心になり、半年かけて取り入れる。",
        "adopted_on": begun,
        "state": state,
        "hours_saved": hours,
        "counted": rng.choice(Case.Counted.values) if hours is not None else "",
        "cost_once": None if trying else rng.choice((0, 300_000, 800_000)),
        "cost_yearly": None if trying else rng.choice((60_000, 300_000)),
        "differed": "" if trying else rng.choice(_DIFFERED),
        "told_on": None if trying else begun + timedelta(days=25),
    }
