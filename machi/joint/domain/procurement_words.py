"""The words of joint procurement that pages and letters share."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.joint.engine.sharing import Rule

RULES: dict[str, str | Promise] = {
    Rule.EQUAL.value: _("均等割"),
    Rule.POPULATION.value: _("人口割"),
    Rule.USE.value: _("数量割"),
    Rule.EQUAL_AND_POPULATION.value: _("均等割2割・人口割8割"),
    Rule.ALONE.value: _("単独費用割"),
    Rule.SHAPLEY.value: _("シャープレイ値"),
}
EXPLAINED: dict[str, str | Promise] = {
    Rule.EQUAL.value: _("全体の費用を、町の数で等しく割ります。"),
    Rule.POPULATION.value: _("全体の費用を、各町の人口に応じて割ります。"),
    Rule.USE.value: _("全体の費用を、各町が買う数量に応じて割ります。"),
    Rule.EQUAL_AND_POPULATION.value: _(
        "費用の2割を等しく、8割を人口に応じて割ります。一部事務組合などで広く使われる形です。"
    ),
    Rule.ALONE.value: _("各町が単独で買った場合の費用に応じて割ります。どの町も同じ割合だけ安くなります。"),
    Rule.SHAPLEY.value: _(
        "町が一つずつ加わるときに増える費用を、加わる順番のすべてについて平均します。"
        "費用を増やした分だけを負担する、ゲーム理論の分け方です（Shapley, 1953）。"
    ),
}
