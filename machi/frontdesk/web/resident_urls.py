"""What residents meet. An inquiry's address holds its secret, so nothing else is asked of them."""

from django.urls import path

from machi.frontdesk.web import resident_answer, resident_desk, resident_document, resident_hand_over

urlpatterns = [
    path("", resident_desk.desk, name="desk"),
    path("ask/", resident_desk.ask, name="ask"),
    path("ask/stream/", resident_desk.ask_stream, name="ask_stream"),
    path("ask/staff/", resident_desk.pass_on, name="ask_without_ai"),
    path("d/<int:pk>/", resident_document.document, name="document"),
    path("i/<str:token>/", resident_answer.answer, name="answer"),
    path("i/<str:token>/helped/", resident_answer.helped, name="helped"),
    path("i/<str:token>/mail/", resident_answer.mail, name="mail"),
    path("i/<str:token>/staff/", resident_hand_over.ask_staff, name="ask_staff"),
    path("i/<str:token>/status/", resident_hand_over.status, name="status"),
]
