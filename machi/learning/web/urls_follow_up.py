"""Follow-up: plans, check-ins, use in real work, effect: addresses."""

from django.urls import URLPattern, path

from machi.learning.web import follow_up, follow_up_counts, follow_up_effect

_PLAN = "plans/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("plans/", follow_up.my_plans, name="my_plans"),
    path("plans/shared/", follow_up.shared, name="shared_plans"),
    path("my/<int:pk>/plans/new/", follow_up.make_plan, name="make_plan"),
    path(_PLAN, follow_up.practice_plan, name="practice_plan"),
    path(f"{_PLAN}change/", follow_up.change_plan, name="change_plan"),
    path(f"{_PLAN}share/", follow_up.share_plan, name="share_plan"),
    path(f"{_PLAN}check-ins/<int:days>/", follow_up.check_in, name="check_in"),
    path("follow-up/", follow_up_counts.follow_ups, name="follow_ups"),
    path("follow-up/<int:pk>/", follow_up_counts.follow_up, name="follow_up"),
    path("effect/", follow_up_effect.effect, name="effect"),
    path("effect/panel.csv", follow_up_effect.effect_panel, name="effect_panel"),
]
