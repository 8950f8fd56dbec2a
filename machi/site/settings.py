"""Settings of one machi installation, read from the environment (MACHI_*); docs/operations.md lists them.

Everything that must survive lives below MACHI_HOME: database, files, indexes, secrets. Nothing is fetched
from outside at run time.
"""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from machi.base.secretfile import kept

# The numeric libraries start one thread a core unless told otherwise, and then fight with the other
# processes of this machine: one embedded question went from 8 ms to 494 ms. Set before any of them loads.
import os  # isort: skip

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

env = environ.Env()
PACKAGE_DIR = Path(__file__).resolve().parent.parent

MACHI_HOME = Path(env.str("MACHI_HOME", default=str(PACKAGE_DIR.parent / "var"))).resolve()
MACHI_HOME.mkdir(parents=True, exist_ok=True)
MACHI_SAMPLE = env.bool("MACHI_SAMPLE", default=False)
"""Sample mode: the sample consortium, with its sign-ins shown on the sign-in page. Never on a real site."""


def _kept_secret(name: str) -> str:
    """The installation's own secret: from the environment, else made once and kept readable by us alone."""
    if given := env.str(f"MACHI_{name}", default=""):
        return str(given)
    return kept(MACHI_HOME / "secrets" / name.lower(), lambda: secrets.token_urlsafe(48))


def _origin(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


SECRET_KEY = _kept_secret("SECRET_KEY")
SALT_KEY = [_kept_secret("FIELD_SALT")]  # of the encrypted columns (contact details)
DEBUG = env.bool("MACHI_DEBUG", default=False)
ALLOWED_HOSTS = env.list("MACHI_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("MACHI_ORIGINS", default=[])
MACHI_URL = env.str("MACHI_URL", default="http://127.0.0.1:8000")
"""Address under which people reach this installation; used in letters."""

INSTALLED_APPS = [
    "machi.frontdesk",
    "machi.governance",
    "machi.casework",
    "machi.joint",
    "machi.learning",
    "machi.base",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_tasks_db",
    "encrypted_fields",
    "rules",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "machi.base.web.middleware.too_many_requests",
    "machi.base.web.middleware.not_approved",
    "machi.base.web.middleware.api_problems",
]

ROOT_URLCONF = "machi.site.urls"
ASGI_APPLICATION = "machi.site.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "machi.base.web.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- storage ---------------------------------------------------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": env.db_url("MACHI_DATABASE", default=f"sqlite:///{MACHI_HOME / 'machi.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A writer takes its lock when it begins, and waits for another's, instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counts of the rate limits must be shared by all processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "base_cache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "embedding"]}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = MACHI_HOME / "files"
STATIC_URL = "/static/"
STATIC_ROOT = MACHI_HOME / "static"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
MACHI_UPLOAD_LIMIT = env.int("MACHI_UPLOAD_LIMIT", default=50_000_000)
"""Largest source file taken, in bytes."""

# --- language --------------------------------------------------------------------------------------------
# Japanese is the language of the source texts; the others are catalogues in machi/locale, where frameworks/
# puts words of Django itself more plainly.
LANGUAGE_CODE = "ja"
# Each is named in itself, so that whoever is lost in another finds the way back: never translated.
LANGUAGES = [("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "locale", PACKAGE_DIR / "locale" / "frameworks"]
FORMAT_MODULE_PATH = "machi.site.formats"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

# --- people ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "base.Person"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "base:work"
LOGOUT_REDIRECT_URL = "base:home"
ACCOUNT_ADAPTER = "machi.base.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "machi.base.adapter.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, not by sign-up
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = MACHI_SAMPLE
MFA_TOTP_ISSUER = "machi"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # who has an account was given it by an administrator, address and all
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # an OIDC sign-in meets the account made for its e-mail address
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if _oidc_server := env.str("MACHI_OIDC_SERVER", default=""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.str("MACHI_OIDC_NAME", default="OpenID Connect"),
                "client_id": env.str("MACHI_OIDC_CLIENT"),
                "secret": env.str("MACHI_OIDC_SECRET"),
                "settings": {"server_url": _oidc_server, "oauth_pkce_enabled": True},
            }
        ]
    }

# --- e-mail ----------------------------------------------------------------------------------------------
if _smtp := env.str("MACHI_SMTP", default=""):
    vars().update(env.email_url_config(_smtp))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MACHI_HOME / "outbox"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("MACHI_MAIL_FROM", default="machi@localhost")
MACHI_CONTACT = env.str("MACHI_CONTACT", default="")
"""Whom to ask about this site (a name with telephone or e-mail address); shown on its pages about itself."""

# --- security --------------------------------------------------------------------------------------------
_https = MACHI_URL.startswith("https://")
if not _https and not MACHI_SAMPLE and not DEBUG and env.bool("MACHI_REQUIRE_HTTPS", default=False):
    raise ImproperlyConfigured("MACHI_URL must begin with https:// when MACHI_REQUIRE_HTTPS is set")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = False  # the proxy in front does it
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("MACHI_BEHIND_PROXY", False) else None
)
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 8 * 3600  # a working day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        # Chromium holds the redirect after a form to this as well, and OIDC sign-in begins with one.
        "form-action": ["'self'", *([_origin(_oidc_server)] if _oidc_server else [])],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
MACHI_OPENFISCA_URL = env.str("MACHI_OPENFISCA_URL", default="")
"""Where ``openfisca serve`` answers for OpenFisca-Japan; empty: checks of eligibility cannot tell."""
MACHI_SPEECH_MODEL = env.str("MACHI_SPEECH_MODEL", default="")
"""Folder of a Whisper model for CTranslate2; empty: the English one that comes with the extra ``speech``."""
MACHI_SPEECH_THREADS = env.int("MACHI_SPEECH_THREADS", default=1)
MACHI_ASK_RATE = env.str("MACHI_ASK_RATE", default="30/m")
"""How many questions are taken from one address."""
MACHI_REGISTER_RATE = env.str("MACHI_REGISTER_RATE", default="300/m")
"""How many registrations for seminars are taken from one address: behind one may sit a whole town hall."""
RATELIMIT_VIEW = "machi.base.web.errors.too_many_requests"
SILENCED_SYSTEM_CHECKS = [
    "django_ratelimit.E003",  # the shared cache is the database: counts may be a little low under load,
    "django_ratelimit.W001",  # never a way in
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "machi.site.logs.Guarded",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("MACHI_LOG_LEVEL", default="WARNING")},
    # The tasks' own library tells of every start and end; failures come as errors.
    "loggers": {
        "machi": {"level": "INFO"},
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
    },
}
