"""Addresses of the AI procurement check, below ``m/<code>/governance/``."""

from django.urls import path

from machi.governance.web import procurement, procurement_files, procurement_vendors

_ONE = "procurements/<int:pk>/"
_VENDOR = f"{_ONE}vendors/<int:vendor>/"

urlpatterns = [
    path("procurements/", procurement.procurements, name="procurements"),
    path("procurements/begin/", procurement.begin, name="begin_procurement"),
    path(_ONE, procurement.procurement, name="procurement"),
    path(f"{_ONE}need/", procurement.need, name="procurement_need"),
    path(f"{_ONE}facts/", procurement.facts, name="procurement_facts"),
    path(f"{_ONE}items/", procurement.items, name="procurement_items"),
    path(f"{_ONE}items/add/", procurement.add_item, name="add_procurement_item"),
    path(f"{_ONE}items/<int:item>/", procurement.item, name="procurement_item"),
    path(f"{_ONE}weights/", procurement.weights, name="procurement_weights"),
    path(f"{_ONE}weights/equal/", procurement.weigh_equally, name="weigh_equally"),
    path(f"{_ONE}fix/", procurement.fix, name="procurement_fix"),
    path(f"{_ONE}reopen/", procurement.reopen, name="reopen_procurement"),
    path(f"{_ONE}cancel/", procurement.cancel, name="cancel_procurement"),
    path(f"{_ONE}requirements.docx", procurement_files.requirements_word, name="requirements_word"),
    path(f"{_ONE}requirements.xlsx", procurement_files.requirements_excel, name="requirements_excel"),
    path(f"{_ONE}answers.xlsx", procurement_files.blank_sheet, name="blank_sheet"),
    path(f"{_ONE}scores.xlsx", procurement_files.scores_excel, name="scores_excel"),
    path(f"{_ONE}scores/", procurement_vendors.scores, name="procurement_scores"),
    path(f"{_ONE}vendors/add/", procurement_vendors.add_vendor, name="add_vendor"),
    path(_VENDOR, procurement_vendors.vendor, name="vendor"),
    path(f"{_VENDOR}change/", procurement_vendors.change_vendor, name="change_vendor"),
    path(f"{_VENDOR}withdraw/", procurement_vendors.withdraw_vendor, name="withdraw_vendor"),
    path(f"{_VENDOR}upload/", procurement_vendors.upload_sheet, name="upload_sheet"),
    path(f"{_VENDOR}answers.xlsx", procurement_files.vendor_sheet, name="vendor_sheet"),
]
