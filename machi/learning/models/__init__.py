"""What is stored, one file a subject."""

from machi.learning.models.courses import (
    Cohort,
    Course,
    CourseVersion,
    Enrolment,
    Lesson,
    LessonProgress,
    Module,
)
from machi.learning.models.exercises import Attempt, Exercise
from machi.learning.models.surveys import Survey, SurveyFigures, SurveyReminder, SurveyResponse, SurveyVersion

__all__ = [
    "Attempt",
    "Cohort",
    "Course",
    "CourseVersion",
    "Enrolment",
    "Exercise",
    "Lesson",
    "LessonProgress",
    "Module",
    "Survey",
    "SurveyFigures",
    "SurveyReminder",
    "SurveyResponse",
    "SurveyVersion",
]
