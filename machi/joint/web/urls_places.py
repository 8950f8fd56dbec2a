"""Welfare places across towns: addresses."""

from django.urls import URLPattern, path

from machi.joint.web import places, places_families, places_lists, places_results, places_supply

_ROUND = "places/<int:pk>/"
_FAMILY = _ROUND + "families/<int:number>/"
_OFFER = _ROUND + "results/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("places/", places.rounds, name="place_rounds"),
    path("places/begin/", places.begin, name="place_begin"),
    path(_ROUND, places.place_round, name="place_round"),
    path(_ROUND + "change/", places.change, name="place_change"),
    path(_ROUND + "close/", places.close, name="place_close"),
    path(_ROUND + "reopen/", places.reopen, name="place_reopen"),
    path(_ROUND + "cancel/", places.cancel, name="place_cancel"),
    path(_ROUND + "trial/", places.trial, name="place_trial"),
    path(_ROUND + "allocate/", places.allocate, name="place_allocate"),
    path(_ROUND + "second/", places.second, name="place_second"),
    path(_ROUND + "move/", places.move_again, name="place_move_again"),
    path(_ROUND + "demand/", places.place_demand, name="place_demand"),
    path(_ROUND + "facilities/", places_supply.facilities, name="place_facilities"),
    path(_ROUND + "facilities/add/", places_supply.add_facility, name="place_add_facility"),
    path(_ROUND + "facilities/form/", places_lists.form, name="place_facility_form"),
    path(_ROUND + "facilities/import/", places_lists.read, name="place_import_facilities"),
    path(_ROUND + "facilities/import/take/", places_lists.take, name="place_take_facilities"),
    path(_ROUND + "facilities/<int:number>/", places_supply.facility, name="place_facility"),
    path(_ROUND + "facilities/<int:number>/drop/", places_supply.drop_facility, name="place_drop_facility"),
    path(_ROUND + "points/", places_supply.tables, name="place_tables"),
    path(_ROUND + "points/ours/", places_supply.table, name="place_table"),
    path(_ROUND + "agreements/", places_supply.agreements, name="place_agreements"),
    path(_ROUND + "agreements/propose/", places_supply.propose_agreement, name="place_propose_agreement"),
    path(_ROUND + "agreements/<int:number>/agree/", places_supply.agree, name="place_agree"),
    path(_ROUND + "agreements/<int:number>/end/", places_supply.end_agreement, name="place_end_agreement"),
    path(_ROUND + "families/", places_families.families, name="place_families"),
    path(_ROUND + "families/form/", places_families.template, name="place_form"),
    path(_ROUND + "families/add/", places_families.add_family, name="place_add_family"),
    path(_ROUND + "families/import/", places_families.import_families, name="place_import"),
    path(_ROUND + "families/import/take/", places_families.take, name="place_take"),
    path(_FAMILY, places_families.family, name="place_family"),
    path(_FAMILY + "change/", places_families.change_family, name="place_change_family"),
    path(_FAMILY + "erase/", places_families.erase, name="place_erase"),
    path(_FAMILY + "people/add/", places_families.add_applicant, name="place_add_applicant"),
    path(_FAMILY + "people/<int:one>/", places_families.applicant, name="place_applicant"),
    path(_FAMILY + "people/<int:one>/withdraw/", places_families.withdraw, name="place_withdraw"),
    path(_ROUND + "results/", places_results.results, name="place_results"),
    path(_ROUND + "results/confirm/", places_results.confirm, name="place_confirm"),
    path(_ROUND + "results/audit/", places_results.audit, name="place_audit"),
    path(_ROUND + "results/letters/<int:part>/<str:form>/", places_results.letters, name="place_letters"),
    path(_OFFER, places_results.result, name="place_result"),
    path(_OFFER + "change/", places_results.change_result, name="place_change_result"),
    path(_OFFER + "decline/", places_results.decline, name="place_decline"),
]
