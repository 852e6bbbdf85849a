"""Settings of the test run: everything it writes lies in a folder that goes with the run."""

import atexit
import os
import shutil
import tempfile

if "GIBUN_VAR_DIR" not in os.environ:
    _var = tempfile.mkdtemp(prefix="gibun-test-")
    os.environ["GIBUN_VAR_DIR"] = _var
    atexit.register(shutil.rmtree, _var, ignore_errors=True)

from config.settings.base import *  # noqa: F403 (the folder must be named before)
from config.settings.base import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
