from django.urls import path
from django.views.i18n import set_language

from machi.base.web import (
    about,
    account,
    home,
    ledger,
    ledger_files,
    ledger_roots,
    ledger_rulings,
    opening,
    people,
    setting_up,
    work,
)
from machi.base.web.access import public

app_name = "base"
urlpatterns = [
    path("", home.home, name="home"),
    path("about/", about.about, name="about"),
    path("about/sources/", about.sources, name="attribution"),
    path("about/accessibility/", about.accessibility, name="accessibility"),
    path("language/", public(set_language), name="language"),
    path("healthz", home.health, name="health"),
    path("account/profile/", account.profile, name="profile"),
    path("work/", work.choose, name="work"),
    path("platform/", opening.towns, name="towns_to_open"),
    path("platform/<str:town>/", opening.open_town, name="open_town"),
    path("m/<str:code>/setting-up/", setting_up.setting_up, name="setting_up"),
    path("m/<str:code>/setting-up/contact/", setting_up.contact, name="contact"),
    path("m/<str:code>/work/", work.staff_home, name="staff_home"),
    path("m/<str:code>/status/", work.status, name="status"),
    path("m/<str:code>/people/", people.people_list, name="people"),
    path("m/<str:code>/people/new/", people.create, name="person_create"),
    path("m/<str:code>/people/<int:pk>/", people.person, name="person"),
    path("m/<str:code>/people/<int:pk>/name/", people.rename, name="person_rename"),
    path("m/<str:code>/people/<int:pk>/roles/", people.appoint, name="person_appoint"),
    path("m/<str:code>/people/<int:pk>/roles/<str:role>/", people.dismiss, name="person_dismiss"),
    path("m/<str:code>/people/<int:pk>/stop/", people.deactivate, name="person_deactivate"),
    path("m/<str:code>/people/<int:pk>/restart/", people.reactivate, name="person_reactivate"),
    path("m/<str:code>/people/<int:pk>/reset/", people.reset, name="person_reset"),
    path("m/<str:code>/ledger/", ledger.entry_list, name="ledger"),
    path("m/<str:code>/ledger/verify/", ledger.verify, name="ledger_verify"),
    path("m/<str:code>/ledger/roots/", ledger_roots.roots, name="ledger_roots"),
    path("m/<str:code>/ledger/roots.json", ledger_roots.roots_json, name="ledger_roots_json"),
    path("m/<str:code>/ledger/offline.py", ledger_roots.verifier, name="ledger_verifier"),
    path("m/<str:code>/ledger/log.jsonl", ledger_files.log, name="ledger_log"),
    path("m/<str:code>/ledger/heads.json", ledger_files.heads, name="ledger_heads"),
    path("m/<str:code>/ledger/<int:index>/", ledger.entry, name="ledger_entry"),
    path("m/<str:code>/ledger/<int:index>/proof.json", ledger_files.proof, name="ledger_proof"),
    path("m/<str:code>/ledger/<int:index>/rule/", ledger_rulings.rule, name="ledger_rule"),
]
