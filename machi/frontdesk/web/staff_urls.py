"""The desk behind the counter: addresses of the pages for staff, below ``m/<code>/``."""

from django.urls import path

from machi.frontdesk.web import divisions, erasure, faqs, hand_over, quality, queue, sources, uploads

urlpatterns = [
    path("desk/queue/", queue.queue, name="queue"),
    path("desk/queue/<int:pk>/", hand_over.hand_over, name="hand_over"),
    path("desk/queue/<int:pk>/take/", hand_over.take, name="take"),
    path("desk/queue/<int:pk>/release/", hand_over.release, name="release"),
    path("desk/queue/<int:pk>/note/", hand_over.note, name="note"),
    path("desk/queue/<int:pk>/move/", hand_over.move, name="move"),
    path("desk/faqs/", faqs.faqs, name="faqs"),
    path("desk/faqs/propose/", faqs.propose, name="propose_faq"),
    path("desk/faqs/<int:pk>/", faqs.faq, name="faq"),
    path("desk/faqs/<int:pk>/approve/", faqs.approve, name="approve_faq"),
    path("desk/faqs/<int:pk>/reject/", faqs.reject, name="reject_faq"),
    path("desk/faqs/<int:pk>/withdraw/", faqs.withdraw, name="withdraw_faq"),
    path("desk/sources/", sources.sources, name="sources"),
    path("desk/sources/index/", sources.index, name="index_status"),
    path("desk/sources/add/", sources.add, name="add_source"),
    path("desk/sources/<int:pk>/", sources.source, name="source"),
    path("desk/sources/<int:pk>/change/", sources.change, name="change_source"),
    path("desk/sources/<int:pk>/active/", sources.active, name="source_active"),
    path("desk/sources/<int:pk>/documents/", sources.documents, name="source_documents"),
    path("desk/sources/<int:pk>/upload/", uploads.upload, name="upload"),
    path("desk/sources/<int:pk>/upload/<slug:token>/", uploads.checked, name="checked"),
    path("desk/sources/files/<int:pk>/", uploads.source_file, name="source_file"),
    path("desk/sources/files/<int:pk>/withdraw/", uploads.withdraw, name="withdraw_file"),
    path("desk/sources/files/<int:pk>/restore/", uploads.restore, name="restore_file"),
    path("desk/quality/", quality.quality, name="quality"),
    path("desk/quality/unanswered/", quality.unanswered, name="unanswered"),
    path("desk/quality/unanswered/<int:pk>/hand-over/", quality.pass_on, name="pass_on"),
    path("desk/erasure/", erasure.erasures, name="erasures"),
    path("desk/erasure/expired/", erasure.expired, name="expired"),
    path("desk/erasure/retention/", erasure.retention, name="retention"),
    path("desk/erasure/<int:pk>/", erasure.erase, name="erase"),
    path("desk/divisions/", divisions.divisions, name="divisions"),
    path("desk/divisions/add/", divisions.add, name="add_division"),
    path("desk/divisions/<int:pk>/", divisions.division, name="division"),
    path("desk/divisions/<int:pk>/delete/", divisions.delete, name="delete_division"),
]
