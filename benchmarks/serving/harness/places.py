"""Where things are. TIDEMILL_BENCH_HOME holds everything that is made: environments, models, logs."""

import os
import pathlib
import shutil
import socket
import subprocess

HARNESS = pathlib.Path(__file__).resolve().parent
SERVING = HARNESS.parent
ROOT = SERVING.parent.parent
HOME = pathlib.Path(os.environ.get("TIDEMILL_BENCH_HOME", SERVING / "target")).resolve()
VENVS = HOME / "venvs"
DATA = HOME / "data"
REPOSITORY = DATA / "repository"
WORK = HOME / "work"
LOGS = HOME / "logs"
PEERS = SERVING / "peers"
RESULTS = SERVING / "results"
FIGURES = ROOT / "docs" / "figures"
JAVA_CLASSES = SERVING / "java" / "target"


def python(venv):
    return VENVS / venv / "bin" / "python"


def jdk():
    """The project's own rule for finding one, TIDEMILL_JAVA_HOME first."""
    script = f'. "{ROOT}/.mvn/wrapper/find-jdk.sh" && find_jdk && echo "$jdk_home"'
    found = subprocess.run(["sh", "-c", f"say() {{ :; }}; {script}"], capture_output=True, text=True, check=False)
    home = found.stdout.strip().splitlines()[-1:] or [os.environ.get("JAVA_HOME", "")]
    return pathlib.Path(home[0])


def java():
    program = jdk() / "bin" / "java"
    return str(program if program.exists() else shutil.which("java"))


def classpath():
    return f"{JAVA_CLASSES / 'classes'}:{(JAVA_CLASSES / 'classpath').read_text().strip()}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
