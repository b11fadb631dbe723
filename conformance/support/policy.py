"""What a server is expected to answer: profiles/policy.toml, with the differences its profile allows and explains."""

import tomllib
from pathlib import Path

PROFILES = Path(__file__).resolve().parent.parent / "profiles"


def read(name):
    path = PROFILES / f"{name}.toml"
    if not path.is_file():
        known = sorted(each.stem for each in PROFILES.glob("*.toml") if each.stem != "policy")
        raise ValueError(f"no such profile: '{name}' (expected: one of {known})")
    return tomllib.loads(path.read_text())


class Policy:
    def __init__(self, profile):
        self.name = profile
        self.answers = read("policy")
        differences = read(profile)
        # Test -> why it is expected to fail.
        self.deviations = differences.get("deviations", {})
        # The same for tests that are not even run, because they would take the server down.
        self.not_run = differences.get("not_run", {})
        # Values a test needs to know of this server, such as a platform's name.
        self.facts = differences.get("facts", {})
        for key, difference in differences.get("answers", {}).items():
            if key not in self.answers:
                raise ValueError(f"{profile}.toml: '{key}' is no key of policy.toml")
            if not difference.get("reason"):
                raise ValueError(f"{profile}.toml: '{key}' gives no reason")
            if all(self.answers[key].get(name) == value for name, value in difference.items() if name != "reason"):
                raise ValueError(f"{profile}.toml: '{key}' is what the policy says anyway")
            self.answers[key] = self.answers[key] | difference

    def status(self, key):
        wanted = self.answers[key]["status"]
        return wanted if isinstance(wanted, list) else [wanted]

    def code(self, key):
        """The name of a gRPC status code."""
        wanted = self.answers[key]["code"]
        return wanted if isinstance(wanted, list) else [wanted]

    def check(self, answer, key):
        """The answer has the status that belongs to the key and, when that is an error, its form."""
        assert answer.status in self.status(key), f"expected {self.status(key)}: {answer}"
        if answer.status >= 400:
            self.check_error(answer)

    def check_error(self, answer):
        said = answer.json()
        assert isinstance(said, dict) and set(said) == {"error"}, f"an error is {{'error': text}}: {answer}"
        assert isinstance(said["error"], str) and said["error"], f"an error says something: {answer}"
        if self.answers["error-content-type"].get("json", True):
            assert answer.headers.get("content-type", "").split(";")[0] == "application/json", str(answer)

    def check_code(self, error, key):
        """The same for an error of gRPC."""
        assert error.code().name in self.code(key), f"expected {self.code(key)}: {error.code()} {error.details()}"
        assert error.details() or error.code().name == "UNIMPLEMENTED", "an error says something"
