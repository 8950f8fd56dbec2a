"""Shared staff and external experts: needs, registration, matching, agreements: addresses."""

from django.urls import URLPattern, path

from machi.joint.web import (
    experts,
    experts_offers,
    experts_people,
    experts_postings,
    experts_public,
    experts_runs,
)

_ROUND = "experts/rounds/<int:pk>/"
_POSTING = "experts/postings/<int:pk>/"
_AGREEMENT = "experts/agreements/<int:pk>/"
_OWN = "experts/my/<str:token>/"

urlpatterns: list[URLPattern] = [
    path("experts/", experts.rounds, name="experts"),
    path("experts/begin/", experts.begin, name="begin_expert_round"),
    path(_ROUND, experts.one, name="expert_round"),
    path(f"{_ROUND}ranking/", experts.start_ranking, name="start_expert_ranking"),
    path(f"{_ROUND}reopen/", experts.reopen, name="reopen_expert_round"),
    path(f"{_ROUND}close/", experts.close, name="close_expert_round"),
    path(f"{_ROUND}publish/", experts.publish, name="publish_expert_numbers"),
    path(f"{_ROUND}postings/", experts_postings.postings, name="postings"),
    path(f"{_ROUND}postings/post/", experts_postings.post, name="post_need"),
    path(_POSTING, experts_postings.posting, name="posting"),
    path(f"{_POSTING}change/", experts_postings.change, name="change_need"),
    path(f"{_POSTING}publish/", experts_postings.publish, name="publish_need"),
    path(f"{_POSTING}withdraw/", experts_postings.withdraw, name="withdraw_need"),
    path(f"{_POSTING}rank/", experts_postings.rank, name="rank_experts"),
    path(f"{_ROUND}people/", experts_people.people, name="expert_list"),
    path(f"{_ROUND}people/staff/", experts_people.register_staff, name="register_staff"),
    path(f"{_ROUND}people/import/", experts_people.import_list, name="import_experts"),
    path(f"{_ROUND}people/<int:number>/", experts_people.one, name="expert"),
    path(f"{_ROUND}people/<int:number>/screen/", experts_people.screen, name="screen_expert"),
    path(f"{_ROUND}people/<int:number>/erase/", experts_people.erase, name="erase_expert"),
    path(f"{_ROUND}runs/", experts_runs.runs, name="matching_runs"),
    path(f"{_ROUND}runs/compute/", experts_runs.compute, name="compute_matching"),
    path("experts/runs/<int:pk>/", experts_runs.run, name="matching_run"),
    path("experts/runs/<int:pk>/pin/", experts_runs.pin, name="pin_matching"),
    path("experts/results/<int:pk>/", experts_runs.result, name="matching_result"),
    path("experts/results/<int:pk>/release/", experts_runs.release, name="release_matching"),
    path(f"{_ROUND}offers/", experts_offers.offers, name="expert_offers"),
    path("experts/offers/<int:pk>/", experts_offers.offer, name="expert_offer"),
    path(f"{_ROUND}agreements/", experts_offers.agreements, name="expert_agreements"),
    path(_AGREEMENT, experts_offers.agreement, name="expert_agreement"),
    path(f"{_AGREEMENT}report/", experts_offers.report, name="report_for_expert"),
    path(f"{_AGREEMENT}reports/<int:report>/confirm/", experts_offers.confirm, name="confirm_expert_report"),
    path(f"{_AGREEMENT}outcomes/add/", experts_offers.outcome, name="add_expert_outcome"),
    path(f"{_AGREEMENT}outcomes/<int:outcome>/", experts_offers.outcome, name="change_expert_outcome"),
    path(f"{_AGREEMENT}end/", experts_offers.end, name="end_expert_agreement"),
    path(f"{_AGREEMENT}<slug:kind>.<slug:form>", experts_offers.letter, name="expert_letter"),
    path("experts/public/", experts_public.landing, name="experts_public"),
    path("experts/public/lost/", experts_public.lost, name="expert_lost"),
    path("experts/public/<int:pk>/", experts_public.needs, name="expert_needs"),
    path("experts/public/<int:pk>/register/", experts_public.register, name="expert_register"),
    path("experts/public/<int:pk>/results/", experts_public.results, name="expert_results"),
    path(_OWN, experts_public.status, name="expert_status"),
    path(f"{_OWN}profile/", experts_public.change, name="expert_profile"),
    path(f"{_OWN}wishes/", experts_public.rank, name="expert_wishes"),
    path(f"{_OWN}offers/<int:pk>/", experts_public.answer, name="expert_answer"),
    path(f"{_OWN}agreements/<int:pk>/report/", experts_public.report, name="expert_report"),
    path(f"{_OWN}withdraw/", experts_public.withdraw, name="expert_withdraw"),
]
