"""What is stored, one file a subject."""

from machi.learning.models.cases import Case, CaseAdoption, CaseField, CaseFile, CaseTool
from machi.learning.models.courses import (
    Cohort,
    Course,
    CourseVersion,
    Enrolment,
    Lesson,
    LessonProgress,
    Module,
)
from machi.learning.models.discussion import (
    DigestWish,
    Notice,
    Participant,
    Post,
    PostReport,
    Topic,
    TopicFollow,
)
from machi.learning.models.exercises import Attempt, Exercise

__all__ = [
    "Attempt",
    "Case",
    "CaseAdoption",
    "CaseField",
    "CaseFile",
    "CaseTool",
    "Cohort",
    "Course",
    "CourseVersion",
    "DigestWish",
    "Enrolment",
    "Exercise",
    "Lesson",
    "LessonProgress",
    "Module",
    "Notice",
    "Participant",
    "Post",
    "PostReport",
    "Topic",
    "TopicFollow",
]
