"""Addresses of drafting."""

from django.urls import URLPattern, path

from machi.casework.web import drafting, drafting_acts, drafting_new, drafting_recordings, drafting_templates

_ONE = "drafting/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("drafting/", drafting.drafts, name="drafts"),
    path("drafting/new/", drafting_new.choose, name="new_draft"),
    path("drafting/new/<slug:key>/", drafting_new.draft, name="new_draft_of"),
    path("drafting/summary/", drafting_new.summary, name="new_summary"),
    path("drafting/minutes/", drafting_new.minutes, name="new_minutes"),
    path("drafting/recording/", drafting_recordings.recording, name="new_transcript"),
    path("drafting/templates/", drafting_templates.templates, name="draft_templates"),
    path("drafting/templates/add/", drafting_templates.add, name="add_draft_template"),
    path("drafting/templates/<slug:key>/", drafting_templates.template, name="draft_template"),
    path(
        "drafting/templates/<slug:key>/withdraw/", drafting_templates.withdraw, name="withdraw_draft_template"
    ),
    path("drafting/texts/<int:pk>/", drafting.given_text, name="given_text"),
    path(_ONE, drafting.draft, name="draft"),
    path(f"{_ONE}edit/", drafting_acts.edit, name="edit_draft"),
    path(f"{_ONE}confirm/", drafting_acts.confirm, name="confirm_draft"),
    path(f"{_ONE}minutes/", drafting_recordings.minutes_of_transcript, name="minutes_of_transcript"),
    path(f"{_ONE}erase/", drafting_acts.erase, name="erase_draft"),
    path(f"{_ONE}versions/<int:number>/", drafting.version, name="draft_version"),
    path(f"{_ONE}versions/<int:number>/restore/", drafting_acts.restore, name="restore_draft"),
    path(f"{_ONE}file.<slug:kind>", drafting_acts.file, name="draft_file"),
]
