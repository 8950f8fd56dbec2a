"""Joint procurement: demand, lots, evaluation, award, who pays what: addresses."""

from django.urls import URLPattern, path

from machi.joint.web import (
    procurement,
    procurement_award,
    procurement_delivery,
    procurement_demand,
    procurement_lots,
    procurement_offers,
    procurement_requirements,
    procurement_sharing,
)

_ONE = "purchases/<int:pk>/"
_ITEM = f"{_ONE}items/<int:item>/"
_VENDOR = f"{_ONE}vendors/<int:vendor>/"
_LOT = f"{_ONE}lots/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("purchases/", procurement.purchases, name="purchases"),
    path("purchases/begin/", procurement.begin, name="begin_purchase"),
    path(_ONE, procurement.purchase, name="purchase"),
    path(f"{_ONE}change/", procurement.change, name="change_purchase"),
    path(f"{_ONE}cancel/", procurement.cancel, name="cancel_purchase"),
    path(f"{_ONE}items/add/", procurement.add_item, name="add_purchase_item"),
    path(_ITEM, procurement.item, name="purchase_item"),
    path(f"{_ITEM}remove/", procurement.remove_item, name="remove_purchase_item"),
    path(f"{_ONE}demand/", procurement_demand.demand, name="purchase_demand"),
    path(f"{_ONE}demand/import/", procurement_demand.import_demand, name="import_demand"),
    path(f"{_ONE}demand/take/", procurement_demand.take_demand, name="take_demand"),
    path(f"{_ONE}demand/items/<int:item>/", procurement_demand.demand_item, name="purchase_demand_item"),
    path(f"{_ONE}demand/<int:demand>/withdraw/", procurement_demand.withdraw, name="withdraw_demand"),
    path(f"{_ONE}lots/", procurement_lots.lots, name="lots"),
    path(f"{_ONE}lots/propose/", procurement_lots.propose, name="purchase_lots"),
    path(_LOT, procurement_lots.lot, name="purchase_lot"),
    path(f"{_LOT}scores/", procurement_award.scores, name="lot_scores"),
    path(f"{_LOT}scores/compare/", procurement_award.compare, name="compare_lot"),
    path(f"{_LOT}award/", procurement_award.award, name="award_lot"),
    path(f"{_LOT}fail/", procurement_award.fail, name="fail_lot"),
    path(f"{_LOT}contract/", procurement_delivery.contract, name="lot_contract"),
    path(f"{_LOT}contract/file/", procurement_delivery.contract_file, name="lot_contract_file"),
    path(f"{_LOT}deliveries/", procurement_delivery.deliveries, name="lot_deliveries"),
    path(f"{_LOT}deliveries/add/", procurement_delivery.add_delivery, name="add_delivery"),
    path(f"{_LOT}deliveries/<int:delivery>/", procurement_delivery.confirm_delivery, name="confirm_delivery"),
    path(f"{_LOT}sharing/", procurement_sharing.sharing, name="lot_sharing"),
    path(f"{_LOT}sharing/compute/", procurement_sharing.compute, name="compute_sharing"),
    path(f"{_LOT}sharing/choose/", procurement_sharing.choose, name="choose_rule"),
    path(f"{_LOT}sharing/answer/", procurement_sharing.answer, name="answer_share"),
    path(f"{_ONE}facts/", procurement_requirements.facts, name="purchase_facts"),
    path(f"{_ONE}requirements/", procurement_requirements.requirements, name="purchase_requirements"),
    path(
        f"{_ONE}requirements/add/", procurement_requirements.add_requirement, name="add_purchase_requirement"
    ),
    path(
        f"{_ONE}requirements/<int:requirement>/",
        procurement_requirements.requirement,
        name="purchase_requirement",
    ),
    path(f"{_ONE}weights/", procurement_requirements.weights, name="purchase_weights"),
    path(f"{_ONE}weights/equal/", procurement_requirements.weigh_equally, name="weigh_purchase_equally"),
    path(f"{_ONE}fix/", procurement_requirements.fix, name="fix_purchase"),
    path(f"{_ONE}requirements.pdf", procurement_requirements.document_pdf, name="purchase_requirements_pdf"),
    path(
        f"{_ONE}requirements.docx", procurement_requirements.document_word, name="purchase_requirements_word"
    ),
    path(f"{_ONE}answers.xlsx", procurement_requirements.blank_sheet, name="purchase_answer_sheet"),
    path(f"{_ONE}vendors/", procurement_offers.vendors, name="purchase_vendors"),
    path(f"{_ONE}vendors/add/", procurement_offers.add_vendor, name="add_purchase_vendor"),
    path(f"{_ONE}vendors/import/", procurement_offers.import_offers, name="import_offers"),
    path(f"{_ONE}vendors/take/", procurement_offers.take_offers, name="take_offers"),
    path(f"{_ONE}vendors/open/", procurement_offers.open_offers, name="open_offers"),
    path(_VENDOR, procurement_offers.vendor, name="purchase_vendor"),
    path(f"{_VENDOR}rename/", procurement_offers.rename_vendor, name="rename_purchase_vendor"),
    path(f"{_VENDOR}withdraw/", procurement_offers.withdraw_vendor, name="withdraw_purchase_vendor"),
    path(f"{_VENDOR}answers/", procurement_offers.upload_answers, name="upload_purchase_answers"),
    path(f"{_VENDOR}lots/<int:number>/", procurement_offers.offer, name="purchase_offer"),
    path(f"{_ONE}results.pdf", procurement_sharing.letters_pdf, name="purchase_letters_pdf"),
    path(f"{_ONE}results.docx", procurement_sharing.letters_word, name="purchase_letters_word"),
]
