"""Importing kserve parses the command line, which is ours."""

import sys
from unittest import mock

with mock.patch.object(sys, "argv", sys.argv[:1]):
    import kserve  # noqa: F401
