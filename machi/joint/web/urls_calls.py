"""Calls for joint projects: proposals, screening, reviews, ranking, selection, letters: addresses."""

from django.urls import URLPattern, path

from machi.joint.web import (
    calls,
    calls_decision,
    calls_proposals,
    calls_public,
    calls_reviews,
    calls_screening,
)

_CALL = "calls/<int:pk>/"
_PROPOSAL = "proposals/<int:pk>/"
_REVIEWER = f"{_CALL}reviewers/<int:reviewer>/"

urlpatterns: list[URLPattern] = [
    path("calls/", calls.calls, name="calls"),
    path("calls/begin/", calls.begin_call, name="begin_call"),
    path(_CALL, calls.call, name="call"),
    path(f"{_CALL}change/", calls.change_call, name="change_call"),
    path(f"{_CALL}criteria/", calls.call_criteria, name="call_criteria"),
    path(f"{_CALL}publish/", calls.publish_call, name="publish_call"),
    path(f"{_CALL}deadline/", calls.move_deadline, name="move_deadline"),
    path(f"{_CALL}close/", calls.close_call, name="close_call"),
    path(f"{_CALL}cancel/", calls.cancel_call, name="cancel_call"),
    path(f"{_CALL}proposals/", calls_proposals.proposals, name="proposals"),
    path(f"{_CALL}proposals/begin/", calls_proposals.begin_proposal, name="begin_proposal"),
    path(f"{_CALL}import/", calls_screening.import_proposals, name="import_proposals"),
    path(f"{_CALL}applications.xlsx", calls_screening.proposal_sheet, name="proposal_sheet"),
    path(f"{_CALL}screening/", calls_screening.screening, name="call_screening"),
    path(f"{_CALL}reviewers/", calls_reviews.call_reviewers, name="call_reviewers"),
    path(f"{_CALL}reviewers/add/", calls_reviews.name_reviewer, name="name_reviewer"),
    path(f"{_CALL}reviewers/assign/", calls_reviews.assign_reviewers, name="assign_reviewers"),
    path(_REVIEWER, calls_reviews.change_reviewer, name="change_reviewer"),
    path(f"{_REVIEWER}dismiss/", calls_reviews.dismiss_reviewer, name="dismiss_reviewer"),
    path(f"{_CALL}marks/", calls_reviews.marks, name="call_marks"),
    path(f"{_CALL}conflicts/", calls_reviews.conflicts, name="call_conflicts"),
    path(f"{_CALL}conflicts/<int:proposal>/", calls_reviews.recuse, name="recuse_review"),
    path(f"{_CALL}ranking/", calls_decision.ranking, name="call_ranking"),
    path(f"{_CALL}ranking/evaluate/", calls_decision.evaluate_call, name="evaluate_call"),
    path(f"{_CALL}ranking/progress/", calls_decision.steadiness_progress, name="steadiness_progress"),
    path(f"{_CALL}decide/", calls_decision.decide_call, name="decide_call"),
    path(f"{_CALL}results/", calls_decision.results, name="call_results"),
    path(f"{_CALL}announce/", calls_decision.announce_call, name="announce_call"),
    path(f"{_CALL}letters.<str:kind>", calls_decision.call_letters, name="call_letters"),
    path(_PROPOSAL, calls_proposals.proposal, name="proposal"),
    path(f"{_PROPOSAL}write/", calls_proposals.write_proposal, name="write_proposal"),
    path(f"{_PROPOSAL}members/", calls_proposals.proposal_members, name="proposal_members"),
    path(f"{_PROPOSAL}attach/", calls_proposals.attach, name="attach_to_proposal"),
    path(f"{_PROPOSAL}files/<int:file>/", calls_proposals.attachment, name="proposal_file"),
    path(f"{_PROPOSAL}files/<int:file>/detach/", calls_proposals.detach, name="detach_from_proposal"),
    path(f"{_PROPOSAL}sign/", calls_proposals.sign_proposal, name="sign_proposal"),
    path(f"{_PROPOSAL}submit/", calls_proposals.submit_proposal, name="submit_proposal"),
    path(f"{_PROPOSAL}withdraw/", calls_proposals.withdraw_proposal, name="withdraw_proposal"),
    path(f"{_PROPOSAL}screen/", calls_screening.screen_proposal, name="screen_proposal"),
    path(f"{_PROPOSAL}letter.<str:kind>", calls_decision.proposal_letter, name="proposal_letter"),
    path("reviews/", calls_reviews.my_reviews, name="my_reviews"),
    path("reviews/<int:pk>/", calls_reviews.review, name="proposal_review"),
    path("public/calls/", calls_public.public_calls, name="public_calls"),
    path("public/calls/<int:pk>/", calls_public.public_call, name="public_call"),
]
