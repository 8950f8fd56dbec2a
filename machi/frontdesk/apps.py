from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, MenuEntry, RoomConfig

ANSWERS = "frontdesk.answers"


class FrontdeskConfig(RoomConfig):
    name = "machi.frontdesk"
    label = "frontdesk"
    verbose_name = _("総合窓口")
    urls = "machi.frontdesk.web.urls"
    mount = "m/<str:code>/"
    api = "machi.frontdesk.api:router"
    commands = "machi.frontdesk.cli:commands"
    sample = "machi.frontdesk.sample:load"
    start = "machi.frontdesk.domain.indexing:enqueue_all"
    welcome = "frontdesk:desk"
    status = "machi.frontdesk.domain.waiting:status"
    waiting = "machi.frontdesk.domain.waiting:waiting"
    menu = (
        MenuEntry(_("問い合わせ"), "frontdesk:queue", "frontdesk.answer_inquiry"),
        MenuEntry(_("よくある質問"), "frontdesk:faqs", "frontdesk.propose_faq"),
        MenuEntry(_("情報源"), "frontdesk:sources", "frontdesk.see_sources"),
        MenuEntry(_("回答の質"), "frontdesk:quality", "frontdesk.see_quality"),
        MenuEntry(_("課の設定"), "frontdesk:divisions", "frontdesk.manage_divisions"),
    )
    attributions = (
        Attribution(
            title=_("見本の文書（広報あつぎ、広報くらしき、焼津市オープンデータ）"),
            by=_("Mitsuo-Koikawa（市の広報を第三者がまとめたもの）、焼津市"),
            licence="CC BY 4.0",
            use=_("見本の自治体の情報源"),
            text="machi.frontdesk.sample:ATTRIBUTION.md",
        ),
    )
    ai_systems = (
        AISystem(
            key=ANSWERS,
            version="1",
            title=_("総合窓口の自動回答"),
            purpose=_("住民の質問に、町の文書から答えになる文を抜き出して示します。"),
            method=_(
                "全文検索と意味の近さの検索で文書を探し、文をそのまま抜き出します。文章を作ることはありません。"
            ),
            data=_("町が登録した情報源（広報、オープンデータ、よくある質問）。質問は学習に使いません。"),
            reviewer=_("窓口職員。答えられない質問と「役に立たなかった」質問は職員が答えます。"),
            never=_("文書にないことを答えません。申請の可否を決めません。"),
        ),
    )

    def ready(self) -> None:
        from machi.frontdesk import rules  # noqa: F401
