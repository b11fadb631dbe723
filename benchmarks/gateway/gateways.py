"""What is compared: our gateway, nginx, Spring Cloud Gateway, LiteLLM, and the upstream behind them."""

import contextlib
import hashlib
import json
import os
import pathlib
import subprocess
import time
import urllib.request

import places
import procs

KEY = "sk-tidemill-benchmark"
WORK = places.HOME / "gateway"
HERE = pathlib.Path(__file__).resolve().parent
SCG = HERE / "peers" / "scg" / "target"
LITELLM = places.VENVS / "litellm" / "bin" / "litellm"

NGINX = """
worker_processes {workers};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {inside}
}}
"""
PROXY = """
  upstream there {{ server 127.0.0.1:{to}; keepalive 256; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{ proxy_pass http://there; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
"""
ORIGIN = """
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{ default_type application/json; {answer} }}
  }}
"""
GATEWAY = """
apiVersion: tidemill.dev/v1alpha1
kind: Gateway
metadata:
  name: benchmark
spec:
  listeners:
  - port: 8080
  routes:
  - {{name: chat, models: [assistant], upstreams: [{{url: "http://127.0.0.1:{to}"}}]}}
  access:
    keys:
    - name: caller
      team: bench
      models: [assistant]
      secrets: [{{hash: "sha256:{hash}"}}]
  limits:
    rates:
    - {{name: requests, per: [key], requestsPerMinute: 100000000}}
    - {{name: tokens, per: [team, model], tokensPerMinute: 1000000000}}
"""
LITE = """
model_list:
- model_name: assistant
  litellm_params: {{model: openai/assistant, api_base: "http://127.0.0.1:{to}/v1", api_key: none}}
general_settings: {{master_key: {key}}}
litellm_settings: {{telemetry: false}}
"""


def answer():
    """10 KiB, as a language model's server gives it."""
    whole = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "assistant",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": ""}}],
        "usage": {"prompt_tokens": 200, "completion_tokens": 2000, "total_tokens": 2200}}
    whole["choices"][0]["message"]["content"] = "word " * ((10 * 1024 - len(json.dumps(whole))) // 5)
    return json.dumps(whole)


ANSWER = answer()
CONTENT = json.loads(ANSWER)["choices"][0]["message"]["content"]


def is_right(body):
    """The upstream's answer as it is, or, from LiteLLM, which writes it anew, with the same content."""
    if body == ANSWER.encode():
        return True
    try:
        return json.loads(body)["choices"][0]["message"]["content"] == CONTENT
    except (ValueError, LookupError, TypeError):
        return False


def returned(text):
    """As nginx says it, whose parameters end at 4 KiB."""
    parts = [text[at:at + 4000] for at in range(0, len(text), 4000)]
    names = "".join(f"$part{number}" for number in range(len(parts)))
    return "".join(f"set $part{n} '{part}'; " for n, part in enumerate(parts)) + f"return 200 {names};"


def request(variant):
    """1 KiB of body."""
    body = {"model": "assistant", "max_tokens": 2000, "messages": [{"role": "user", "content": ""}]}
    body["messages"][0]["content"] = (f"question {variant} " * 100)[:1024 - len(json.dumps(body))]
    data = json.dumps(body).encode()
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {KEY}\r\nContent-Length: {len(data)}\r\n\r\n")
    return head.encode() + data


class Process:
    """A server, started in a session of its own; begins when it gives the right answer."""

    def __init__(self, name, command, port, environment=None, patience=240, right=is_right):
        self.name, self.port, self.right = name, port, right
        WORK.mkdir(parents=True, exist_ok=True)
        with open(WORK / f"{name}.log", "wb") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                env=os.environ | (environment or {}))
        until = time.monotonic() + patience
        while not self.answers():
            if time.monotonic() > until or self.process.poll() is not None:
                procs.end(self.process)
                raise SystemExit(f"{name} does not answer; see {WORK / name}.log")
            time.sleep(0.1)

    def answers(self):
        with contextlib.suppress(OSError):
            body = b'{"model":"assistant","messages":[{"role":"user","content":"hello"}]}'
            asked = urllib.request.Request(
                f"http://127.0.0.1:{self.port}/v1/chat/completions", body,
                {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
            with urllib.request.urlopen(asked, timeout=5) as response:
                return self.right(response.read())
        return False

    @property
    def roots(self):
        return [self.process.pid]


def nginx(name, port, inside, workers, right=is_right):
    folder = WORK / name
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, inside=inside, workers=workers))
    return Process(name, ["nginx", "-p", folder, "-c", config, "-e", folder / "error.log"], port, right=right)


def origin():
    port = places.free_port()
    return nginx("origin", port, ORIGIN.format(port=port, answer=returned(ANSWER)), 1)


def proxy(to, right=is_right):
    port = places.free_port()
    return nginx("nginx", port, PROXY.format(port=port, to=to), "auto", right)


def tidemill(to, name="tidemill", template=GATEWAY, right=is_right):
    port, file = places.free_port(), WORK / f"{name}.yaml"
    WORK.mkdir(parents=True, exist_ok=True)
    file.write_text(template.format(to=to, hash=hashlib.sha256(KEY.encode()).hexdigest()))
    return Process(name, [places.ROOT / "tidemill", "gateway", "-f", file, "--port", port], port,
                   right=right)


def scg(to):
    """JVM defaults, as its users start it: G1 or Serial, by the machine, a quarter of its memory."""
    port = places.free_port()
    classpath = f"{SCG / 'classes'}:{(SCG / 'classpath').read_text().strip()}"
    return Process("scg", [
        places.java(), f"-Dupstream=http://127.0.0.1:{to}", "-cp", classpath,
        "dev.tidemill.benchmarks.scg.ScgPeer", f"--server.port={port}", "--server.address=127.0.0.1"], port)


def litellm(to):
    """A worker for each core, as its documentation advises."""
    port, file = places.free_port(), WORK / "litellm.yaml"
    WORK.mkdir(parents=True, exist_ok=True)
    file.write_text(LITE.format(to=to, key=KEY))
    return Process(
        "litellm", [LITELLM, "--config", file, "--host", "127.0.0.1", "--port", port,
                    "--run_gunicorn", "--num_workers", os.cpu_count()],
        port, {"LITELLM_LOG": "ERROR", "LITELLM_MODE": "PRODUCTION", "LITELLM_LOCAL_MODEL_COST_MAP": "True",
               "PATH": f"{LITELLM.parent}:{os.environ['PATH']}"})


KINDS = {"tidemill": tidemill, "nginx": proxy, "scg": scg, "litellm": litellm}


def missing(name):
    """What is not there for a server to start, or nothing."""
    if name == "scg" and not (SCG / "classpath").exists():
        return "benchmarks/gateway/install scg"
    if name == "litellm" and not LITELLM.exists():
        return "benchmarks/gateway/install litellm"
    return ""
