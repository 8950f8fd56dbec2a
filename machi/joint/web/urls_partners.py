"""Partners, cost models, blocks of towns: addresses."""

from django.urls import URLPattern, path

from machi.joint.web import (
    partners,
    partners_blocks,
    partners_choose,
    partners_interests,
    partners_selections,
    partners_suggestions,
)

urlpatterns: list[URLPattern] = [
    path("partners/", partners.partners, name="partners"),
    path("partners/costs/", partners.curve, name="partners_curve"),
    path("partners/choose/", partners_choose.choose, name="partners_choose"),
    path("partners/work/", partners_choose.work, name="partners_work"),
    path("partners/suggestions/", partners_suggestions.suggestions, name="partners_suggestions"),
    path("partners/selections/", partners_selections.selections, name="partners_selections"),
    path("partners/selections/save/", partners_selections.save, name="partners_save"),
    path("partners/selections/<int:pk>/", partners_selections.selection, name="partners_selection"),
    path("partners/selections/<int:pk>/share/", partners_selections.share, name="partners_share"),
    path("partners/selections/<int:pk>/withdraw/", partners_selections.withdraw, name="partners_withdraw"),
    path("partners/selections/<int:pk>/delete/", partners_selections.delete, name="partners_delete"),
    path("partners/interests/", partners_interests.interests, name="partners_interests"),
    path("partners/interests/declare/", partners_interests.declare, name="partners_declare"),
    path("partners/interests/<int:pk>/", partners_interests.interest, name="partners_interest"),
    path(
        "partners/interests/<int:pk>/answer/<str:answer>/", partners_interests.answer, name="partners_answer"
    ),
    path("partners/interests/<int:pk>/withdraw/", partners_interests.withdraw, name="partners_take_back"),
    path("partners/interests/<int:pk>/erase/", partners_interests.erase, name="partners_erase"),
    path("partners/interests/<int:pk>/say/", partners_interests.say, name="partners_say"),
    path("partners/blocks/", partners_blocks.plans, name="partners_plans"),
    path("partners/blocks/ask/", partners_blocks.ask, name="partners_ask"),
    path("partners/blocks/<int:pk>/", partners_blocks.plan, name="partners_plan"),
    path("partners/blocks/<int:pk>/share/", partners_blocks.share, name="partners_share_plan"),
]
