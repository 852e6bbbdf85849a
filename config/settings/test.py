"""Settings of the test run: everything it writes lies in a folder that goes with the run."""

import atexit
import os
import shutil
import tempfile

_var = tempfile.mkdtemp(prefix="gibun-test-")
atexit.register(shutil.rmtree, _var, ignore_errors=True)
# Tests must not write where a person's own environment points.
os.environ["GIBUN_VAR_DIR"] = _var
os.environ["GIBUN_ENV_FILE"] = os.devnull

from config.settings.base import *  # noqa: E402, F403 (the folder must be named before)
from config.settings.base import STATIC_ROOT, STORAGES  # noqa: E402 (as above)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# WhiteNoise warns at every request about a folder that is not there.
os.makedirs(STATIC_ROOT, exist_ok=True)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
