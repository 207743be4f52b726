"""Settings: everything comes from the environment, and docs/reference/settings.md lists it."""

from __future__ import annotations

import secrets
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

from makegood.platform.logs import configuration
from makegood.platform.secret_key import kept_keys

env = Env()
HERE = Path(__file__).parent

# --- where and for whom ----------------------------------------------------------------------------------------------

DEBUG = False
DATA = Path(env.str("MAKEGOOD_DATA", "data")).resolve()
VAULTS = DATA / "vaults"
_KEYS = [each for each in [env.str("MAKEGOOD_SECRET_KEY", "")] if each] or kept_keys(DATA) or [secrets.token_urlsafe()]
SECRET_KEY, *SECRET_KEY_FALLBACKS = _KEYS
BASE_URL = env.str("MAKEGOOD_URL", "http://localhost:8000").rstrip("/")
HOST = BASE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
ALLOWED_HOSTS = [HOST, *env.list("MAKEGOOD_HOSTS", [])]
SECURE = BASE_URL.startswith("https://")
PROXIES: list[str] = env.list("MAKEGOOD_PROXIES", [])
METRICS_KEY = env.str("MAKEGOOD_METRICS_KEY", "")
ALLOWED_NETWORKS: list[str] = env.list(
    "MAKEGOOD_ALLOWED_NETWORKS", [], subcast=lambda each: str(ip_network(each.strip(), strict=False))
)
"""Networks beside the public Internet that web hooks may reach."""
DAYS_SHIFTED = env.int("MAKEGOOD_DAYS_SHIFTED", 0)
"""A demonstration may live on another day."""

DATABASES = {"default": env.dj_db_url("DATABASE_URL", "postgresql:///makegood")}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")  # pages ask briefly
CONNECTIONS = env.int("MAKEGOOD_CONNECTIONS", 0)
"""How many connections a web process shares among its threads; without it each thread has its own."""
if CONNECTIONS:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": CONNECTIONS}

# --- what it is made of ----------------------------------------------------------------------------------------------

OIDC = env.json("MAKEGOOD_OIDC", [])
OIDC_SERVERS = [urlsplit(each["settings"]["server_url"]) for each in OIDC]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "django_htmx",
    "csp",
    "makegood.platform.tenancy.parties",
    "makegood.platform.tenancy.access",
    "makegood.platform.tenancy.branding",
    "makegood.platform.tenancy.messages.apps.Messages",
    "makegood.platform.tenancy.trail",
    "makegood.platform.tenancy.hooks",
    "makegood.platform.agreement.contracts",
    "makegood.platform.evidence.intake",
    "makegood.platform.evidence.gaps",
    "makegood.platform.evidence.on_call",
    "makegood.platform.evidence.service_desk",
    "makegood.platform.evidence.changes",
    "makegood.platform.judging.periods",
    "makegood.platform.judging.verdicts",
    "makegood.platform.money.ledger",
    "makegood.platform.money.settlement",
    "makegood.platform.money.claims",
    "makegood.platform.review.governance",
    "makegood.platform.review.reports",
    "makegood.platform.review.notices",
    "makegood.platform.web.parts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "makegood.platform.web.requests.RequestsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "makegood.platform.web.doors.SizeMiddleware",
    "makegood.platform.web.doors.NoNulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "makegood.platform.web.doors.ViewerMiddleware",
]
ROOT_URLCONF = "makegood.platform.web.urls"
WSGI_APPLICATION = "makegood.platform.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "web" / "parts" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "makegood.platform.web.parts.context.page",
            ],
            "builtins": ["makegood.platform.web.parts.templatetags.makegood"],
        },
    }
]
MESSAGE_TAGS = {40: "danger"}
FORM_RENDERER = "makegood.platform.web.parts.forms.Renderer"

# --- people ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "access.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "makegood.platform.web.parts.accounts.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "access_attempt",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
"""Tries are counted for all processes together; nothing else is cached."""
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody registers with the address of somebody else: people are invited
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": OIDC}}
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
"""Whoever runs the installation names the OIDC provider, and trusts the addresses that it has verified."""
USERSESSIONS_TRACK_ACTIVITY = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 14 * 86_400

# --- walls -----------------------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
CSRF_TRUSTED_ORIGINS = [BASE_URL]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *(f"{each.scheme}://{each.netloc}" for each in OIDC_SERVERS)],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MOST_BYTES_UPLOADED = env.int("MAKEGOOD_MOST_BYTES_UPLOADED", 256 * 1024 * 1024)

# --- words, mail, files, logs ----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [HERE / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
EMAIL_CONFIG = env.dj_email_url("MAKEGOOD_MAIL", "console:")
EMAIL_CONFIG["EMAIL_FILE_PATH"] = f"/{EMAIL_CONFIG['EMAIL_FILE_PATH']}"  # is read without the slash it begins with
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("MAKEGOOD_SENDER", f"makegood@{HOST}")
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
STATICFILES_DIRS = [HERE / "web" / "parts" / "assets"]
LOGGING = configuration(env.str("MAKEGOOD_LOG", "INFO"))
