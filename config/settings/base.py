"""Settings of the embedded mode, where nothing is installed beforehand; production builds on them.

Every value that differs between machines comes from the environment. A variable named `X` may
also be given as `X_FILE`, the path of a file that holds it (Docker and Kubernetes secrets).
"""

from __future__ import annotations

import os
from pathlib import Path

import environ
from celery.schedules import crontab, schedule
from kombu import Exchange, Queue

from config.environment import embedded_secret_key, read_secret_files

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(os.environ.get("GIBUN_VAR_DIR", BASE_DIR / "var")).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

env = environ.Env()
env.read_env(os.environ.get("GIBUN_ENV_FILE", BASE_DIR / ".env"))
read_secret_files(os.environ)

# --- who we are -------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or embedded_secret_key(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# What a mail's links begin with that no request asked for.
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "config",
    "accounts",
    "music",
    "diary",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- data -------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'gibun.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Immediate transactions: two writers wait for each other in the busy timeout. A deferred
    # one that turns into a writer half-way fails at once with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", env.int("DATABASE_CONN_MAX_AGE", default=60))
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "config.cache.RedisCache", "LOCATION": CACHE_URL}
        if CACHE_URL
        else {
            # Shared by the web processes, so that a throttle counts once.
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "cache"),
        }
    )
}

# --- photographs and pieces: private files, never under a public URL ----------------------------

MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))
MEDIA_BUCKET = env.str("MEDIA_BUCKET", default="")
# With a proxy in front: the internal location under which it serves MEDIA_ROOT.
MEDIA_ACCEL_LOCATION = env.str("MEDIA_ACCEL_LOCATION", default="")
STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": MEDIA_BUCKET,
                "endpoint_url": env.str("MEDIA_ENDPOINT_URL", default="") or None,
                "region_name": env.str("MEDIA_REGION", default="") or None,
                "access_key": env.str("MEDIA_ACCESS_KEY", default="") or None,
                "secret_key": env.str("MEDIA_SECRET_KEY", default="") or None,
                "default_acl": "private",
                "file_overwrite": False,
                "querystring_auth": True,
            },
        }
        if MEDIA_BUCKET
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

STATIC_URL = "/static/"
STATIC_ROOT = str(VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_MAX_AGE = 3600

PHOTO_MAX_BYTES = 15 * 1024 * 1024
PHOTO_MAX_PIXELS = 50_000_000
PHOTO_LONG_SIDE = 2048
# Above the photo's limit, so that a photo a little too large gets our sentence, not a bare 413.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = PHOTO_MAX_BYTES

# --- people -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env.str("ACCOUNT_EMAIL_VERIFICATION", default="optional")
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
# Whose address the limits below count with: the same as for the API's throttles.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("NUM_PROXIES", default=0)
ACCOUNT_RATE_LIMITS = {"signup": env.str("THROTTLE_SIGNUP", default="60/m/ip")}
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
# A mail server that hangs must not hold a sign-up.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Gibun <gibun@localhost>")
TOKEN_DAYS = env.int("TOKEN_DAYS", default=90)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

# --- the reading ------------------------------------------------------------------------------

EMOTION_MODEL_DIR = Path(env.str("EMOTION_MODEL_DIR", default=str(BASE_DIR / "ml_models")))
EMOTION_CACHE_DIR = Path(env.str("EMOTION_CACHE_DIR", default=str(VAR_DIR / "model")))
EMOTION_THREADS = env.int("EMOTION_THREADS", default=0)
# "fast", or one of emotion.precision.SETTINGS by name.
EMOTION_PRECISION = env.str("EMOTION_PRECISION", default="fast")
EMOTION_YUNET_PATH = env.str("EMOTION_YUNET_PATH", default="")

# Each time limit lies inside the next: a task is stopped before its lease runs out, and a lease
# runs out before the broker delivers the message a second time.
READING_SOFT_SECONDS = env.int("READING_SOFT_SECONDS", default=25)
READING_HARD_SECONDS = env.int("READING_HARD_SECONDS", default=30)
READING_LEASE_SECONDS = env.int("READING_LEASE_SECONDS", default=45)
BROKER_VISIBILITY_SECONDS = env.int("BROKER_VISIBILITY_SECONDS", default=300)
READING_ATTEMPTS = 5
# What has waited this long is sent again: its message may be lost.
RESEND_SECONDS = env.int("RESEND_SECONDS", default=30)
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=20)

# --- the worker -------------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")
if CELERY_BROKER_URL == "filesystem://":
    BROKER_DIR = VAR_DIR / "broker"
    for name in ("messages", "processed", "control"):
        (BROKER_DIR / name).mkdir(parents=True, exist_ok=True)
    # kombu warns about an address without a host, which a folder does not have.
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT = "config.broker.Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "processed_folder": str(BROKER_DIR / "processed"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": BROKER_VISIBILITY_SECONDS,
        # A web process must not wait for a broker that is away: the sweeper sends it later.
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.2,
        "interval_max": 0.2,
    }
# Faces do not wait behind music: a machine may run one worker for both queues or one for each.
READING_QUEUE = "readings"
PIECE_QUEUE = "pieces"
CELERY_TASK_DEFAULT_QUEUE = READING_QUEUE
# Each has an exchange of its own: on the default one, every message would reach both queues.
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name) for name in (READING_QUEUE, PIECE_QUEUE)
]
CELERY_TASK_ROUTES = {
    "diary.tasks.compose_piece": {"queue": PIECE_QUEUE},
    "diary.tasks.sweep": {"queue": PIECE_QUEUE},
    "diary.tasks.remind": {"queue": PIECE_QUEUE},
    "diary.tasks.remind_one": {"queue": PIECE_QUEUE},
    "accounts.tasks.clear_sessions": {"queue": PIECE_QUEUE},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker outlives its broker, however long that is away.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# The process is up once its model is loaded; after Celery's own 4 s it would be killed and
# started again for ever on a slow machine.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 120
# Nobody commands workers through the broker; the filesystem transport has no safe fan-out.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = READING_SOFT_SECONDS
CELERY_TASK_TIME_LIMIT = READING_HARD_SECONDS
# Composing takes four seconds of computing, which a small machine may need a minute for.
CELERY_TASK_ANNOTATIONS = {
    "diary.tasks.compose_piece": {"soft_time_limit": 120, "time_limit": 150},
}
CELERY_WORKER_CONCURRENCY = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
}
# The one schedule needs no memory, and a file of it could be left broken by a kill.
CELERY_BEAT_SCHEDULER = "celery.beat.Scheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "diary.tasks.sweep",
        "schedule": schedule(run_every=SWEEP_SECONDS),
        # Sweeps that piled up while no worker ran are one sweep.
        "options": {"expires": SWEEP_SECONDS},
    },
    # Some time zones are at half or a quarter past.
    "remind": {
        "task": "diary.tasks.remind",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 15 * 60},
    },
    "sessions": {"task": "accounts.tasks.clear_sessions", "schedule": crontab(hour=4, minute=7)},
}
CELERY_TIMEZONE = "UTC"

# --- songs ------------------------------------------------------------------------------------

SPOTIPY_CLIENT_ID = env.str("SPOTIPY_CLIENT_ID", default="")
SPOTIPY_CLIENT_SECRET = env.str("SPOTIPY_CLIENT_SECRET", default="")

# --- the API ----------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.errors.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.ScopedRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "signup": env.str("THROTTLE_API_SIGNUP", default="60/min"),
        "token": env.str("THROTTLE_API_TOKEN", default="60/min"),
        "upload": env.str("THROTTLE_API_UPLOAD", default="60/min"),
        "read": env.str("THROTTLE_API_READ", default="1200/min"),
    },
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Gibun (기분)",
    "DESCRIPTION": "A mood diary that reads your face.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {"MoodEnum": "diary.models.MOOD_CHOICES"},
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Each task's coming and going; what it did is said by our own loggers.
    "loggers": {
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
