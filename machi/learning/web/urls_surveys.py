"""Surveys and the self-assessment of AI maturity: addresses."""

from django.urls import URLPattern, path

from machi.learning.web import (
    surveys,
    surveys_answering,
    surveys_builder,
    surveys_files,
    surveys_maturity,
    surveys_results,
)

_ONE = "surveys/<int:pk>/"
_QUESTION = f"{_ONE}questions/<slug:name>/"
_RESPONSE = f"{_ONE}responses/<int:response>/"

urlpatterns: list[URLPattern] = [
    path("surveys/", surveys.surveys, name="surveys"),
    path("assessments/", surveys.assessments, name="assessments"),
    path("surveys/begin/", surveys.begin, name="begin_survey"),
    path("surveys/ready/", surveys.begin_from_ready, name="begin_ready_survey"),
    path(_ONE, surveys.survey, name="survey"),
    path(f"{_ONE}change/", surveys.change, name="change_survey"),
    path(f"{_ONE}again/", surveys.again, name="survey_again"),
    path(f"{_ONE}publish/", surveys.publish, name="publish_survey"),
    path(f"{_ONE}close/", surveys.close, name="close_survey"),
    path(f"{_ONE}reopen/", surveys.reopen, name="reopen_survey"),
    path(f"{_ONE}remind/", surveys.remind, name="remind_survey"),
    path(f"{_ONE}edit/", surveys_builder.edit, name="edit_survey"),
    path(f"{_ONE}preview/", surveys_builder.preview, name="preview_survey"),
    path(f"{_ONE}versions/<int:number>/", surveys_builder.version, name="survey_version"),
    path(f"{_ONE}questions/add/", surveys_builder.add_question, name="add_question"),
    path(f"{_ONE}questions/reuse/", surveys_builder.reuse, name="reuse_question"),
    path(f"{_QUESTION}change/", surveys_builder.change_question, name="change_question"),
    path(f"{_QUESTION}move/", surveys_builder.move_question, name="move_question"),
    path(f"{_QUESTION}remove/", surveys_builder.remove_question, name="remove_question"),
    path(f"{_QUESTION}when/", surveys_builder.question_when, name="question_when"),
    path(f"{_ONE}form.<str:kind>", surveys_files.form_file, name="survey_file"),
    path(f"{_ONE}answer/", surveys_answering.answer, name="answer_survey"),
    path(f"{_ONE}answer/save/", surveys_answering.save, name="save_survey"),
    path(f"{_ONE}answer/last-year/", surveys_answering.last_year, name="take_last_year"),
    path(f"{_ONE}answer/upload/", surveys_answering.upload, name="upload_survey"),
    path(f"{_ONE}hand-in/", surveys_answering.hand_in, name="hand_in_survey"),
    path(f"{_ONE}take-back/", surveys_answering.take_back, name="take_back_survey"),
    path(f"{_ONE}next-round/", surveys_answering.next_round, name="next_round"),
    path(f"{_ONE}results/", surveys_results.survey_results, name="survey_results"),
    path(f"{_ONE}results/<slug:name>/", surveys_results.question_results, name="question_results"),
    path(f"{_ONE}responses/", surveys_results.responses, name="survey_responses"),
    path(_RESPONSE, surveys_results.response, name="survey_response"),
    path(f"{_RESPONSE}send-back/", surveys_results.send_back, name="send_back_survey"),
    path(f"{_ONE}maturity/<int:response>/", surveys_maturity.maturity, name="maturity"),
]
