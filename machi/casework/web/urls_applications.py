"""Addresses of applications."""

from django.urls import URLPattern, path

from machi.casework.web import application as one
from machi.casework.web import application_acts as acts
from machi.casework.web import applications as many
from machi.casework.web import apply_public as public
from machi.casework.web import (
    audits,
    case_forms,
    imports,
    mappings,
    output,
    procedures,
    quality,
    twice,
    workload,
)

_ONE = "applications/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("apply/", public.procedures, name="apply_list"),
    path("apply/<slug:key>/", public.apply, name="apply"),
    path("apply/<slug:key>/form.pdf", public.blank_form, name="blank_form"),
    path("status/<str:token>/", public.status, name="status"),
    path("status/<str:token>/receipt.pdf", public.status_receipt, name="status_receipt"),
    path("applications/", many.queue, name="applications"),
    path("applications/add/", many.upload, name="upload_applications"),
    path("applications/add/<int:pk>/", many.upload_batch, name="upload_batch"),
    path("applications/reading/", many.reading_now, name="reading_now"),
    path("applications/reading/<slug:act>/", many.reading_act, name="reading_act"),
    path("applications/quality/", quality.reading_quality, name="reading_quality"),
    path("applications/quality/<int:pk>/<slug:act>/", quality.decide_threshold, name="decide_threshold"),
    path("applications/workload/", workload.workload, name="workload"),
    path("applications/audits/", audits.audits, name="audits"),
    path("applications/audits/<int:pk>/", audits.audit, name="audit"),
    path("applications/output/", output.output, name="output_applications"),
    path("applications/import/", imports.imports, name="imports"),
    path("applications/import/<int:pk>/", imports.import_file, name="import_file"),
    path("applications/mappings/", mappings.mappings, name="mappings"),
    path("applications/mappings/add/", mappings.add_mapping, name="add_mapping"),
    path("applications/mappings/<str:key>/", mappings.mapping, name="mapping"),
    path("applications/mappings/<str:key>/withdraw/", mappings.withdraw_mapping, name="withdraw_mapping"),
    path(_ONE, one.application, name="application"),
    path(f"{_ONE}correct/", one.correct, name="correct"),
    path(f"{_ONE}correct/empty/", one.look_at_empty, name="look_at_empty"),
    path(f"{_ONE}documents/", one.documents, name="see_documents"),
    path(f"{_ONE}pages/<int:number>.png", one.page_image, name="page_image"),
    path(f"{_ONE}fields/<int:field>.png", one.snippet, name="snippet"),
    path(f"{_ONE}files/<int:file>/", one.source_file, name="source_file"),
    path(f"{_ONE}letters/<int:number>.<slug:kind>", one.letter, name="case_letter"),
    path(f"{_ONE}receipt.<slug:kind>", one.receipt, name="case_receipt"),
    path(f"{_ONE}receipt/send/", acts.send_receipt, name="send_receipt"),
    path(f"{_ONE}approve/", acts.approve, name="approve"),
    path(f"{_ONE}refuse/", acts.refuse, name="refuse"),
    path(f"{_ONE}amend/", acts.amend, name="amend"),
    path(f"{_ONE}close/", twice.close, name="close_application"),
    path(f"{_ONE}compare/<int:other>/", twice.compare, name="compare_applications"),
    path(f"{_ONE}second/", acts.second, name="second"),
    path(f"{_ONE}send-back/", acts.send_back, name="send_back"),
    path(f"{_ONE}undo/", acts.undo, name="undo"),
    path(f"{_ONE}notify/", acts.notify, name="notify"),
    path(f"{_ONE}choose/", acts.choose, name="choose_procedure"),
    path(f"{_ONE}add/", acts.add_files, name="add_files"),
    path(f"{_ONE}erase/", acts.erase_application, name="erase_application"),
    path("procedures/", procedures.procedures, name="procedures"),
    path("procedures/<int:pk>/", procedures.procedure, name="procedure"),
    path("procedures/<int:pk>/law/", procedures.confirm_law, name="confirm_law"),
    path("forms/", case_forms.case_forms, name="case_forms"),
    path("forms/add/", case_forms.add_form, name="add_form"),
    path("forms/<int:pk>/", case_forms.case_form, name="case_form"),
    path("forms/<int:pk>/pages/<int:number>.png", case_forms.picture, name="form_picture"),
    path("forms/<int:pk>/test/", case_forms.test_form, name="test_form"),
]
