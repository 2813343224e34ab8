"""With DALIZ_GATHERED style sheets and scripts are served under names that carry their digest, for good."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ASK = """
import json, re, django
django.setup()
from django.test import Client
client = Client(headers={"host": "localhost"})
page = client.get("/accounts/login/").content.decode()
told = {}
for name in sorted(set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))):
    reply = client.get(name)
    told[name] = [reply.status_code, reply.headers["Cache-Control"], len(reply.getvalue())]
    reply.close()
print(json.dumps(told))
"""


@pytest.mark.slow
def test_what_is_gathered_is_served_under_its_digest(tmp_path: Path) -> None:
    settings = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {
        "DALIZ_HOME": str(tmp_path), "DALIZ_GATHERED": "true", "DALIZ_SECRET_KEY": "a secret of this test",
        "DJANGO_SETTINGS_MODULE": "daliz.config.settings",
    }  # fmt: skip

    def python(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", *arguments],
            env=settings, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    python("-m", "django", "migrate", "--verbosity", "0")
    python("-m", "django", "collectstatic", "--noinput", "--verbosity", "0")
    told = json.loads(python("-c", ASK).splitlines()[-1])
    assert len(told) >= 4
    for name, (status, kept, size) in told.items():
        assert re.fullmatch(r".*\.[0-9a-f]{12}\.(css|js|svg)", name)
        assert (status, kept) == (200, "max-age=315360000, public, immutable")
        assert size > 0
