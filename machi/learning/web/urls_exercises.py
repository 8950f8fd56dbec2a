"""Exercises that check themselves, the practice room, spaced review: addresses."""

from django.urls import URLPattern, path

from machi.learning.web import exercises, exercises_practice, exercises_review, exercises_statistics

urlpatterns: list[URLPattern] = [
    path("enrolments/<int:enrolment>/exercises/<int:pk>/", exercises.exercise, name="exercise"),
    path("enrolments/<int:enrolment>/attempts/", exercises.attempts, name="attempts"),
    path("attempts/<int:pk>/", exercises.result, name="exercise_result"),
    path("practice/", exercises_practice.practice, name="practice"),
    path("practice/<int:pk>/", exercises_practice.practise, name="practise"),
    path("review/", exercises_review.review, name="review"),
    path("item-statistics/", exercises_statistics.cohorts, name="exercise_statistics"),
    path("item-statistics/<int:pk>/", exercises_statistics.statistics, name="item_statistics"),
]
