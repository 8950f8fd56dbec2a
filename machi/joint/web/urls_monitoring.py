"""Joint projects under way: addresses."""

from django.urls import URLPattern, path

from machi.joint.web import (
    monitoring,
    monitoring_files,
    monitoring_mentoring,
    monitoring_plan,
    monitoring_reports,
    monitoring_sheets,
)

_ONE = "projects/<int:pk>/"
_MILESTONE = f"{_ONE}milestones/<int:milestone>/"
_KPI = f"{_ONE}kpis/<int:kpi>/"
_REPORT = f"{_ONE}reports/<int:report>/"
_SHEET = "models/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("projects/", monitoring.projects, name="projects"),
    path("projects/register/", monitoring.register, name="register_project"),
    path("projects/reports-due/", monitoring_reports.reports_due, name="reports_due"),
    path(_ONE, monitoring.project, name="project"),
    path(f"{_ONE}change/", monitoring.change, name="change_project"),
    path(f"{_ONE}end/", monitoring.end, name="end_project"),
    path(f"{_ONE}reopen/", monitoring.reopen, name="reopen_project"),
    path(f"{_ONE}progress.<str:kind>", monitoring_files.progress_file, name="project_file"),
    path(f"{_ONE}milestones/add/", monitoring_plan.add_milestone, name="add_milestone"),
    path(f"{_MILESTONE}change/", monitoring_plan.change_milestone, name="change_milestone"),
    path(f"{_MILESTONE}reach/", monitoring_plan.reach_milestone, name="reach_milestone"),
    path(f"{_ONE}kpis/add/", monitoring_plan.add_kpi, name="add_kpi"),
    path(_KPI, monitoring_plan.kpi, name="kpi"),
    path(f"{_KPI}change/", monitoring_plan.change_kpi, name="change_kpi"),
    path(f"{_ONE}reports/", monitoring_reports.reports, name="project_reports"),
    path(f"{_ONE}reports/write/<str:half>/", monitoring_reports.write_report, name="write_report"),
    path(_REPORT, monitoring_reports.report, name="report"),
    path(f"{_REPORT}submit/", monitoring_reports.submit_report, name="submit_report"),
    path(f"{_REPORT}return/", monitoring_reports.return_report, name="return_report"),
    path(f"{_REPORT}confirm/", monitoring_reports.confirm_report, name="confirm_report"),
    path(f"{_ONE}model/", monitoring_sheets.write_sheet, name="write_sheet"),
    path("models/", monitoring_sheets.model_sheets, name="model_sheets"),
    path(_SHEET, monitoring_sheets.model_sheet, name="model_sheet"),
    path(f"{_SHEET}publish/", monitoring_sheets.publish_sheet, name="publish_sheet"),
    path(f"{_SHEET}withdraw/", monitoring_sheets.withdraw_sheet, name="withdraw_sheet"),
    path(f"{_SHEET}adopt/", monitoring_sheets.adopt_sheet, name="adopt_sheet"),
    path(f"{_SHEET}outcome/", monitoring_sheets.tell_outcome, name="tell_outcome"),
    path(f"{_SHEET}sheet.<str:kind>", monitoring_files.sheet_file, name="sheet_file"),
    path(f"{_ONE}ask/", monitoring_mentoring.ask, name="ask_office"),
    path("questions/", monitoring_mentoring.questions, name="questions"),
    path("questions/<int:pk>/", monitoring_mentoring.question, name="question"),
    path("questions/<int:pk>/answer/", monitoring_mentoring.answer, name="answer_question"),
    path(f"{_ONE}visits/add/", monitoring_mentoring.add_visit, name="add_visit"),
    path("visits/", monitoring_mentoring.visits, name="visits"),
    path("visits/<int:pk>/", monitoring_mentoring.visit, name="site_visit"),
    path("visits/<int:pk>/change/", monitoring_mentoring.change_visit, name="change_visit"),
]
