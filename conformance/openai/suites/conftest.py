"""What the Python suites share."""

import json
import os
import urllib.request
import uuid

import pytest


class Script:
    """A script of the upstream with a mark of its own (fake_upstream.py)."""

    def __init__(self, name):
        self.mark = uuid.uuid4().hex
        self.text = f"script:{name}:{self.mark}"

    def seen(self):
        return self._control(self.mark)

    def was_left(self):
        return self._control(self.mark + "/left")["left"]

    @staticmethod
    def _control(path):
        with urllib.request.urlopen(f"{os.environ['UPSTREAM_URL']}/control/{path}") as answer:
            return json.load(answer)


@pytest.fixture
def script():
    return Script


@pytest.fixture(scope="session")
def base_url():
    return os.environ["GATEWAY_URL"]


@pytest.fixture(scope="session")
def key():
    return os.environ["GATEWAY_KEY"]


@pytest.fixture(scope="session")
def hasty_key():
    return os.environ["GATEWAY_HASTY_KEY"]
