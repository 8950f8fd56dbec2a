"""Courses: curriculum, cohorts, enrolment, progress, certificates: addresses."""

from django.urls import URLPattern, path

from machi.learning.web import (
    courses,
    courses_certificates,
    courses_cohorts,
    courses_enrolment,
    courses_learn,
    courses_media,
    courses_read,
    courses_writing,
)

_MINE = "my/<int:pk>/"
_LESSON = f"{_MINE}lessons/<int:lesson>/"
_VERSION = "versions/<int:pk>/"
_MODULE = "modules/<int:pk>/"
_DRAFT = "draft-lessons/<int:pk>/"
_MEDIA = "media/<int:pk>/"
_COHORT = "cohorts/<int:pk>/"

urlpatterns: list[URLPattern] = [
    # learners
    path("my/", courses_learn.my_courses, name="my_courses"),
    path(_MINE, courses_learn.my_course, name="my_course"),
    path(_LESSON, courses_learn.lesson, name="lesson"),
    path(f"{_LESSON}finish/", courses_learn.finish_lesson, name="finish_lesson"),
    path(f"{_MINE}reminders/", courses_learn.choose_reminders, name="choose_reminders"),
    path(f"{_MINE}course.ics", courses_learn.my_calendar, name="my_calendar"),
    path(f"{_MINE}certificate.pdf", courses_learn.my_certificate, name="my_certificate"),
    path("lessons/<int:pk>/", courses_read.read_lesson, name="read_lesson"),
    path(f"{_MEDIA}captions.vtt", courses_media.lesson_captions, name="lesson_captions"),
    path(f"{_MEDIA}files/<str:name>", courses_media.lesson_media, name="lesson_media"),
    # everybody
    path("certificates/", courses_certificates.check_certificate, name="check_certificate"),
    path("certificates/<str:number>/", courses_certificates.certificate, name="certificate"),
    # curriculum
    path("courses/", courses.courses, name="courses"),
    path("courses/new/", courses.create_course, name="create_course"),
    path("courses/import/", courses.import_course, name="import_course"),
    path("courses/<int:pk>/", courses.course, name="course"),
    path("courses/<int:pk>/change/", courses.change_course, name="change_course"),
    path("courses/<int:pk>/draft/", courses.draft_course, name="draft_course"),
    path(_VERSION, courses.course_version, name="course_version"),
    path(f"{_VERSION}publish/", courses.publish_version, name="publish_version"),
    path(f"{_VERSION}retire/", courses.retire_version, name="retire_version"),
    path(f"{_VERSION}discard/", courses.discard_version, name="discard_version"),
    path(f"{_VERSION}files.zip", courses.version_files, name="version_files"),
    path(f"{_VERSION}modules/add/", courses_writing.add_module, name="add_module"),
    path(f"{_MODULE}change/", courses_writing.change_module, name="change_module"),
    path(f"{_MODULE}move/<str:direction>/", courses_writing.move_module, name="move_module"),
    path(f"{_MODULE}remove/", courses_writing.remove_module, name="remove_module"),
    path(f"{_MODULE}lessons/add/", courses_writing.add_lesson, name="add_lesson"),
    path(_DRAFT, courses_writing.draft_lesson, name="draft_lesson"),
    path(f"{_DRAFT}write/", courses_writing.write_lesson, name="write_lesson"),
    path(f"{_DRAFT}move/<str:direction>/", courses_writing.move_lesson, name="move_lesson"),
    path(f"{_DRAFT}remove/", courses_writing.remove_lesson, name="remove_lesson"),
    path(f"{_DRAFT}media/add/", courses_writing.add_media, name="add_media"),
    path(f"{_MEDIA}change/", courses_writing.describe_media, name="describe_media"),
    path(f"{_MEDIA}remove/", courses_writing.remove_media, name="remove_media"),
    # cohorts
    path("cohorts/", courses_cohorts.cohorts, name="cohorts"),
    path("cohorts/new/", courses_cohorts.create_cohort, name="create_cohort"),
    path(_COHORT, courses_cohorts.cohort, name="cohort"),
    path(f"{_COHORT}change/", courses_cohorts.change_cohort, name="change_cohort"),
    path(f"{_COHORT}pass/<str:state>/", courses_cohorts.pass_cohort, name="pass_cohort"),
    path(f"{_COHORT}cohort.ics", courses_cohorts.calendar_of_cohort, name="cohort_calendar"),
    path(f"{_COHORT}xapi/", courses_cohorts.xapi, name="cohort_xapi"),
    path(f"{_COHORT}enrol/", courses_enrolment.enrol_one, name="enrol"),
    path(f"{_COHORT}enrol/list/", courses_enrolment.enrol_list, name="enrol_list"),
    path(f"{_COHORT}enrol/oneroster/", courses_enrolment.enrol_roster, name="enrol_roster"),
    path(f"{_COHORT}enrol/learners.xlsx", courses_enrolment.enrol_sheet, name="enrol_sheet"),
    path("learners/<int:pk>/", courses_cohorts.learner, name="learner"),
    path("learners/<int:pk>/withdraw/", courses_cohorts.withdraw_learner, name="withdraw_learner"),
    path(
        "learners/certificates/<int:pk>/revoke/",
        courses_certificates.revoke_certificate,
        name="revoke_certificate",
    ),
]
