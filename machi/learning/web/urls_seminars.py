"""Seminars: addresses."""

from django.urls import URLPattern, path

from machi.learning.web import seminars as office
from machi.learning.web import seminars_mine as mine
from machi.learning.web import seminars_people as people
from machi.learning.web import seminars_programme as programme
from machi.learning.web import seminars_public as public
from machi.learning.web import seminars_report as report

_ONE, _MINE, _WORK = "seminars/<int:pk>/", "my-seminar/<str:token>/", "seminar-work/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("seminars/", public.public_seminars, name="public_seminars"),
    path(_ONE, public.public_seminar, name="public_seminar"),
    path(f"{_ONE}register/", public.register_for, name="seminar_register"),
    path(f"{_ONE}thanks/<slug:outcome>/", public.thanks, name="seminar_thanks"),
    path(f"{_ONE}seminar.ics", public.seminar_calendar, name="seminar_calendar"),
    path(f"{_ONE}materials/<int:file>/", public.material, name="seminar_material"),
    path(f"{_ONE}report/", report.public_report, name="public_seminar_report"),
    path(f"{_ONE}report/<slug:kind>/", report.public_report_file, name="public_seminar_report_file"),
    path(_MINE, mine.my_seminar, name="my_seminar"),
    path(f"{_MINE}change/", mine.my_change, name="my_seminar_change"),
    path(f"{_MINE}seminar.ics", mine.my_calendar, name="my_seminar_calendar"),
    path(f"{_MINE}questionnaire/", mine.my_questionnaire, name="seminar_questionnaire"),
    path(f"{_MINE}<slug:act>/", mine.my_act, name="my_seminar_act"),
    path("seminar-work/", office.seminars, name="seminars"),
    path("seminar-work/create/", office.create, name="create_seminar"),
    path(_WORK, office.seminar, name="seminar"),
    path(f"{_WORK}change/", office.change, name="change_seminar"),
    path(f"{_WORK}cancel/", office.cancel, name="cancel_seminar"),
    path(f"{_WORK}step/<slug:act>/", office.step, name="seminar_step"),
    path(f"{_WORK}speakers/add/", programme.speaker, name="add_seminar_speaker"),
    path(f"{_WORK}speakers/<int:number>/", programme.speaker, name="seminar_speaker"),
    path(f"{_WORK}sessions/add/", programme.session, name="add_seminar_session"),
    path(f"{_WORK}sessions/<int:number>/", programme.session, name="seminar_session"),
    path(f"{_WORK}questions/add/", programme.question, name="add_seminar_question"),
    path(f"{_WORK}questions/<int:number>/", programme.question, name="seminar_question"),
    path(f"{_WORK}materials/add/", programme.add_material, name="add_seminar_material"),
    path(f"{_WORK}materials/<int:number>/", programme.material_file, name="seminar_material_file"),
    path(f"{_WORK}remove/<slug:what>/<int:number>/", programme.remove, name="remove_of_seminar"),
    path(f"{_WORK}people/", people.people, name="seminar_people"),
    path(f"{_WORK}people/add/", people.add_person, name="add_seminar_person"),
    path(f"{_WORK}people/<int:number>/", people.person, name="seminar_person"),
    path(f"{_WORK}people/<int:number>/cancel/", people.cancel_person, name="cancel_seminar_person"),
    path(f"{_WORK}people/<int:number>/erase/", people.erase, name="erase_seminar_person"),
    path(f"{_WORK}people/<int:number>/attend/", people.attend_one, name="attend_one"),
    path(f"{_WORK}attendance/", people.attend, name="seminar_attend"),
    path(f"{_WORK}attendance/import/", people.import_attendance, name="import_attendance"),
    path(f"{_WORK}check-in/", people.check_in, name="seminar_check_in"),
    path(f"{_WORK}letters/", people.letters, name="seminar_letters"),
    path(f"{_WORK}letters/send-again/", people.send_again, name="send_again"),
    path(f"{_WORK}questionnaire/", report.office_questionnaire, name="seminar_questions"),
    path(f"{_WORK}questionnaire/add/", report.add_own_question, name="add_own_question"),
    path(f"{_WORK}questionnaire/step/<slug:act>/", report.questionnaire_step, name="questionnaire_step"),
    path(f"{_WORK}questionnaire/remove/<slug:name>/", report.remove_own_question, name="remove_own_question"),
    path(f"{_WORK}report/", report.office_report, name="seminar_report"),
    path(f"{_WORK}report/make/", report.make_report, name="make_seminar_report"),
    path(f"{_WORK}report/summary/", report.summary, name="seminar_summary"),
    path(f"{_WORK}report/publish/", report.publish_report, name="publish_seminar_report"),
    path(f"{_WORK}report/quotes/<int:number>/hide/", report.hide_quote, name="hide_quote"),
    path(f"{_WORK}report/quotes/<int:number>/show/", report.show_quote, name="show_quote"),
    path(f"{_WORK}report/<slug:kind>/", report.report_file, name="seminar_report_file"),
]
