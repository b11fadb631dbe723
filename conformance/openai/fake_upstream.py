"""A scripted server that speaks as much of OpenAI's API as the tests ask, and tells what it saw.

A test puts `script:NAME:MARK` anywhere into its request; the mark is the test's own. Without it the request is
answered well. `GET /control/MARK` tells how often and when such requests came, with the headers and the body of the
last one; `GET /control/MARK/left` waits until one that was kept waiting has left.
"""

import http.server
import json
import re
import socket
import struct
import threading
import time

SCRIPT = re.compile(r"script:([a-z0-9-]+):(\w+)")
HOW_LONG = 10


class Seen:
    def __init__(self):
        self.times = []
        self.headers = {}
        self.body = None
        self.path = None
        self.left = threading.Event()


class Upstream(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.marks = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # Clients that leave are what is tested.

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def of(self, mark):
        with self.lock:
            return self.marks.setdefault(mark, Seen())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        _, control, mark, *more = self.path.split("/")
        if control != "control":
            return self.error(404, "nothing here")
        seen = self.server.of(mark)
        if more == ["left"]:
            return self.json(200, {"left": seen.left.wait(HOW_LONG)})
        self.json(200, {"count": len(seen.times), "times": seen.times, "path": seen.path,
                        "headers": seen.headers, "body": seen.body})

    def do_POST(self):
        text = self.rfile.read(int(self.headers["content-length"])).decode()
        body = json.loads(text)
        found = SCRIPT.search(text)
        script, mark = found.groups() if found else ("well", "none")
        seen = self.server.of(mark)
        seen.times.append(time.monotonic())
        seen.headers = {name.lower(): value for name, value in self.headers.items()}
        seen.path, seen.body = self.path, body
        getattr(self, "do_" + script.replace("-", "_"))(body, seen)

    # What a script may ask for.

    def do_well(self, body, seen, pause=0, end="well"):
        if self.path.endswith("/embeddings"):
            return self.embed(body)
        if self.path.endswith("/responses"):
            return self.respond(body)
        if body.get("stream"):
            return self.stream(body, pause, end)
        self.complete(body)

    def do_slow(self, body, seen):
        time.sleep(0.15)
        self.do_well(body, seen, pause=0.05)

    def do_cut(self, body, seen):
        self.do_well(body, seen, end="cut")

    def do_reset(self, body, seen):
        self.do_well(body, seen, end="reset")

    def do_malformed(self, body, seen):
        self.do_well(body, seen, end="malformed")

    def do_told(self, body, seen):
        """Begins well and then says within the stream what went wrong."""
        self.do_well(body, seen, end="told")

    def do_half_close(self, body, seen):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: appl")
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_WR)
        self.until_left(seen)

    def do_hang(self, body, seen):
        """Says nothing, or of a stream only its beginning."""
        seen.left.clear()
        if body.get("stream"):
            self.begin()
            if self.path.endswith("/responses"):
                self.delta("hi")
            elif self.path.endswith("/chat/completions"):
                self.event(self.chunk(body, {"role": "assistant", "content": "one "}))
            else:
                self.event(self.text_chunk(body, "one "))
        self.until_left(seen)

    def do_busy(self, body, seen):
        self.error(503, "busy")

    def do_busy_once(self, body, seen):
        if len(seen.times) == 1:
            return self.error(503, "busy")
        self.do_well(body, seen)

    def do_never_again(self, body, seen):
        self.error(503, "busy", {"x-should-retry": "false"})

    def do_limited(self, body, seen):
        self.error(429, "slow down", {"Retry-After": "30"})

    def do_limited_once(self, body, seen):
        if len(seen.times) == 1:
            return self.error(429, "slow down", {"Retry-After": "1"})
        self.do_well(body, seen)

    def do_broken(self, body, seen):
        self.error(500, "broken")

    def do_wrong(self, body, seen):
        self.error(400, "temperature: too hot", code="invalid_value")

    def do_unprocessable(self, body, seen):
        self.error(422, "not this")

    # How it is said.

    def json(self, status, value, headers=None):
        data = json.dumps(value).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def error(self, status, message, headers=None, code=None):
        kind = "rate_limit_error" if status == 429 else "invalid_request_error" if status < 500 else "server_error"
        self.json(status, {"error": {"message": message, "type": kind, "param": None, "code": code}}, headers)

    def begin(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def event(self, value, name=None):
        text = (f"event: {name}\n" if name else "") + "data: " + \
            (value if isinstance(value, str) else json.dumps(value)) + "\n\n"
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def end(self):
        self.wfile.write(b"0\r\n\r\n")

    def until_left(self, seen):
        try:
            while self.connection.recv(1):
                pass
        except OSError:
            pass
        seen.left.set()
        self.close_connection = True

    def embed(self, body):
        given = body["input"]
        count = len(given) if isinstance(given, list) and not isinstance(given[0], int) else 1
        numbers = [0.25, -1.5, 3.0]
        if body.get("encoding_format") == "base64":
            import base64
            numbers = base64.b64encode(struct.pack("<3f", *numbers)).decode()
        data = [{"object": "embedding", "index": i, "embedding": numbers} for i in range(count)]
        self.json(200, {"object": "list", "data": data, "model": body["model"],
                        "usage": {"prompt_tokens": 3, "total_tokens": 3}})

    def complete(self, body):
        usage = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
        if not self.path.endswith("/chat/completions"):
            choice = {"index": 0, "finish_reason": "stop", "logprobs": None, "text": "hello"}
            return self.json(200, {"id": "c1", "object": "text_completion", "created": 1, "model": body["model"],
                                   "choices": [choice], "usage": usage})
        message = {"role": "assistant", "content": "hello", "refusal": None}
        finish = "stop"
        told = [m for m in body["messages"] if m["role"] == "tool"]
        if told:
            message["content"] = f"It is {told[-1]['content']}."
        elif body.get("tools"):
            finish = "tool_calls"
            message["content"] = None
            message["tool_calls"] = [{"id": "call_1", "type": "function",
                                      "function": {"name": "weather", "arguments": "{\"city\":\"Paris\"}"}}]
        self.json(200, {"id": "c1", "object": "chat.completion", "created": 1, "model": body["model"],
                        "choices": [{"index": 0, "finish_reason": finish, "logprobs": None, "message": message}],
                        "usage": usage})

    def chunk(self, body, delta, finish=None, usage=None, choices=True):
        made = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": body["model"],
                "choices": [{"index": 0, "delta": delta, "finish_reason": finish}] if choices else []}
        if (body.get("stream_options") or {}).get("include_usage"):
            made["usage"] = usage
        return made

    def text_chunk(self, body, text, finish=None):
        return {"id": "c1", "object": "text_completion", "created": 1, "model": body["model"],
                "choices": [{"index": 0, "text": text, "finish_reason": finish, "logprobs": None}]}

    def stream(self, body, pause, end):
        chat = self.path.endswith("/chat/completions")
        self.begin()
        if chat:
            self.event(self.chunk(body, {"role": "assistant", "content": ""}))
        if chat and body.get("tools") and not any(m["role"] == "tool" for m in body["messages"]):
            return self.call_a_tool(body)
        for word in ("one ", "two ", "thr\u00e9e"):
            time.sleep(pause)
            self.event(self.chunk(body, {"content": word}) if chat else self.text_chunk(body, word))
            if end == "well":
                continue
            if end == "malformed":
                self.event('{"id": "c1", "choices": [{"delta": {"content": ')
                break
            if end == "told":
                self.event({"error": {"message": "out of memory", "type": "server_error",
                                      "param": None, "code": "oom"}})
                self.close_connection = True
                return self.end()
            if end == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        self.event(self.chunk(body, {}, "stop") if chat else self.text_chunk(body, "", "stop"))
        self.done(body, chat)

    def call_a_tool(self, body):
        call = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "weather", "arguments": ""}}
        self.event(self.chunk(body, {"tool_calls": [call]}))
        for piece in ('{"ci', 'ty":"', 'Paris"}'):
            self.event(self.chunk(body, {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}))
        self.event(self.chunk(body, {}, "tool_calls"))
        self.done(body, True)

    def done(self, body, chat):
        if chat and (body.get("stream_options") or {}).get("include_usage"):
            usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
            self.event(self.chunk(body, {}, usage=usage, choices=False))
        self.event("[DONE]")
        self.end()

    def delta(self, text):
        self.event({"type": "response.output_text.delta", "sequence_number": 0, "item_id": "i", "output_index": 0,
                    "content_index": 0, "delta": text, "logprobs": []}, "response.output_text.delta")

    def respond(self, body):
        if body.get("stream"):
            self.begin()
            self.delta("hi")
            return self.end()
        output = {"type": "message", "id": "m1", "role": "assistant", "status": "completed",
                  "content": [{"type": "output_text", "text": "hi", "annotations": []}]}
        self.json(200, {"id": "r1", "object": "response", "created_at": 1, "status": "completed",
                        "model": body["model"], "output": [output], "parallel_tool_calls": True,
                        "tool_choice": "auto", "tools": [], "error": None, "incomplete_details": None,
                        "instructions": None, "metadata": {}, "temperature": 1.0, "top_p": 1.0})
