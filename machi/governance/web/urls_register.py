"""Addresses of the register of AI systems and their review, below ``m/<code>/governance/``."""

from django.urls import URLPattern, path

from machi.governance.web import register, register_acts, review, transparency

urlpatterns: list[URLPattern] = [
    path("transparency/", transparency.transparency, name="transparency"),
    path("systems/", register.register_list, name="register"),
    path("systems/<str:key>/", register.system, name="system"),
    path("systems/<str:key>/submit/", register_acts.submit, name="system_submit"),
    path("systems/<str:key>/send-back/", register_acts.send_back, name="system_send_back"),
    path("systems/<str:key>/approve/", register_acts.approve, name="system_approve"),
    path("systems/<str:key>/suspend/", register_acts.suspend, name="system_suspend"),
    path("systems/<str:key>/resume/", register_acts.resume, name="system_resume"),
    path("systems/<str:key>/retire/", register_acts.retire, name="system_retire"),
    path("reviews/<int:pk>/", review.review, name="review"),
    path("reviews/<int:pk>/board/", review.board, name="review_board"),
    path("reviews/<int:pk>/raise/", review.raise_to_high, name="review_raise"),
    path("evidence/<int:pk>/", review.evidence, name="evidence"),
]
