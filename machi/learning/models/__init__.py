"""What is stored, one file a subject."""

from machi.learning.models.courses import (
    Cohort,
    Course,
    CourseVersion,
    Enrolment,
    Lesson,
    LessonMedia,
    LessonProgress,
    Module,
)
from machi.learning.models.courses_letters import Certificate, Reminder
from machi.learning.models.exercises import Attempt, Exercise
from machi.learning.models.follow_up import CheckIn, MonthlyUse, PracticePlan

__all__ = [
    "Attempt",
    "Certificate",
    "CheckIn",
    "Cohort",
    "Course",
    "CourseVersion",
    "Enrolment",
    "Exercise",
    "Lesson",
    "LessonMedia",
    "LessonProgress",
    "Module",
    "MonthlyUse",
    "PracticePlan",
    "Reminder",
]
