"""Process trees: what they use, and their end."""

import contextlib
import os
import pathlib
import signal
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def _stat(pid):
    """Parent, CPU seconds with those of dead children, resident bytes."""
    text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    words = text[text.rindex(")") + 2:].split()
    return int(words[1]), sum(map(int, words[11:15])) / TICKS, int(words[21]) * PAGE


def tree(root):
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError):
                parents.setdefault(_stat(name)[0], []).append(int(name))
    found, ahead = [], [root]
    while ahead:
        pid = ahead.pop()
        found.append(pid)
        ahead += parents.get(pid, [])
    return found


def cpu_seconds(roots):
    total = 0
    for root in roots:
        for pid in tree(root):
            with contextlib.suppress(OSError, ValueError):
                total += _stat(pid)[1]
    return total


def resident(roots):
    """(RSS, PSS) in bytes: RSS counts shared pages once per process, PSS once."""
    rss = pss = 0
    for root in roots:
        for pid in tree(root):
            with contextlib.suppress(OSError, ValueError):
                rss += _stat(pid)[2]
                for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        pss += int(line.split()[1]) * 1024
                        break
    return rss, pss


def send(roots, number):
    for root in roots:
        for pid in tree(root):
            with contextlib.suppress(OSError):
                os.kill(pid, number)


def end(process, patience=8):
    """Ends a process that this program started, and everything below it."""
    below = tree(process.pid)
    send([process.pid], signal.SIGCONT)
    with contextlib.suppress(OSError):
        process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        pass
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline and any(os.path.exists(f"/proc/{pid}") for pid in below[1:]):
        time.sleep(0.05)
    for pid in below:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience)
