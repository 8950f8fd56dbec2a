"""Addresses of the policy kit, below ``m/<code>/governance/``."""

from django.urls import path

from machi.governance.web import policy, policy_edit

urlpatterns = [
    path("policy/", policy.policy, name="policy"),
    path("policy/versions/", policy.versions, name="policy_versions"),
    path("policy/versions/<int:number>/", policy.version, name="policy_version"),
    path("policy/versions/<int:number>/acknowledge/", policy.acknowledge, name="policy_acknowledge"),
    path("policy/versions/<int:number>/difference/", policy.difference, name="policy_difference"),
    path("policy/versions/<int:number>/word/", policy.as_word, name="policy_word"),
    path("policy/draft/begin/", policy_edit.begin, name="policy_begin"),
    path("policy/draft/", policy_edit.draft, name="policy_draft"),
    path("policy/draft/add/", policy_edit.add_section, name="policy_add_section"),
    path("policy/draft/publish/", policy_edit.publish, name="policy_publish"),
    path("policy/draft/discard/", policy_edit.discard, name="policy_discard"),
    path("policy/draft/word/", policy_edit.draft_word, name="policy_draft_word"),
    path("policy/draft/sections/<slug:key>/", policy_edit.section, name="policy_section"),
    path(
        "policy/draft/sections/<slug:key>/remove/", policy_edit.remove_section, name="policy_remove_section"
    ),
    path("policy/people/", policy_edit.people, name="policy_people"),
    path("policy/people/remind/", policy_edit.remind, name="policy_remind"),
]
