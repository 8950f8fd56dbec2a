"""What is stored, one file a subject."""

from machi.learning.models.cases import Case, CaseAdoption, CaseField, CaseFile, CaseTool
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
from machi.learning.models.follow_up import CheckIn, MonthlyUse, PracticePlan
from machi.learning.models.seminars import (
    Seminar,
    SeminarMaterial,
    SeminarQuestion,
    SeminarSeats,
    SeminarSession,
    SeminarSpeaker,
    Way,
)
from machi.learning.models.seminars_people import SeminarChoice, SeminarMail, SeminarRegistration
from machi.learning.models.seminars_reports import SeminarQuote, SeminarReport
from machi.learning.models.surveys import Survey, SurveyFigures, SurveyReminder, SurveyResponse, SurveyVersion

__all__ = [
    "Attempt",
    "Case",
    "CaseAdoption",
    "CaseField",
    "CaseFile",
    "CaseTool",
    "Certificate",
    "CheckIn",
    "Cohort",
    "Course",
    "CourseVersion",
    "DigestWish",
    "Enrolment",
    "Exercise",
    "Lesson",
    "LessonMedia",
    "LessonProgress",
    "Module",
    "MonthlyUse",
    "Notice",
    "Participant",
    "Post",
    "PostReport",
    "PracticePlan",
    "Reminder",
    "Seminar",
    "SeminarChoice",
    "SeminarMail",
    "SeminarMaterial",
    "SeminarQuestion",
    "SeminarQuote",
    "SeminarRegistration",
    "SeminarReport",
    "SeminarSeats",
    "SeminarSession",
    "SeminarSpeaker",
    "Survey",
    "SurveyFigures",
    "SurveyReminder",
    "SurveyResponse",
    "SurveyVersion",
    "Topic",
    "TopicFollow",
    "Way",
]
