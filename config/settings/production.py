"""Settings behind a proxy with TLS; what has no safe default must be in the environment."""

import environ
from django.core.exceptions import ImproperlyConfigured

from config.environment import read_secret_files
from config.settings.base import *  # noqa: F403 (production is the embedded mode, tightened)
from config.settings.base import REST_FRAMEWORK, env, os

read_secret_files(os.environ)


def _required(name: str, why: str) -> str:
    try:
        value: str = env.str(name)
    except environ.ImproperlyConfigured:
        value = ""
    if not value:
        raise ImproperlyConfigured(f"{name} is not set (nor {name}_FILE): {why}")
    return value


DEBUG = False
SECRET_KEY = _required(
    "SECRET_KEY",
    "production signs sessions and password resets with it and has no default. Make one with "
    "`python -c 'import secrets; print(secrets.token_urlsafe(50))'`.",
)
ALLOWED_HOSTS = _required("ALLOWED_HOSTS", "name the hosts that serve the diary.").split(",")
SITE_URL = env.str("SITE_URL", default=f"https://{ALLOWED_HOSTS[0].lstrip('.')}")
_required("DATABASE_URL", "production keeps the diaries in PostgreSQL.")
_required("CELERY_BROKER_URL", "production sends its work through Redis.")
CSRF_TRUSTED_ORIGINS = env.list(
    "CSRF_TRUSTED_ORIGINS", default=[f"https://{host}" for host in ALLOWED_HOSTS]
)

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("NUM_PROXIES", default=1)
REST_FRAMEWORK = {**REST_FRAMEWORK, "NUM_PROXIES": env.int("NUM_PROXIES", default=1)}
