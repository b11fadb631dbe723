"""A server that speaks as much of OpenAI's API as the tests ask, and tells what it saw."""

import http.server
import json
import threading


class Upstream(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen = []
        self.left = threading.Event()
        self.failures = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append((self.path, dict(self.headers), body))
        if self.server.failures:
            self.server.failures -= 1
            return self.json(503, {"error": {"message": "busy", "type": "t", "param": None, "code": None}})
        if self.path.endswith("/embeddings"):
            vectors = [[0.25, -1.5, 3.0]] * (len(body["input"]) if isinstance(body["input"], list) else 1)
            data = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(vectors)]
            return self.json(200, {"object": "list", "data": data, "model": body["model"],
                                   "usage": {"prompt_tokens": 3, "total_tokens": 3}})
        if self.path.endswith("/responses"):
            return self.respond()
        if body.get("messages", [{}])[0].get("content") == "hang":
            return self.hang()
        if body.get("stream"):
            return self.stream(body)
        if self.path.endswith("/chat/completions"):
            choice = {"index": 0, "finish_reason": "stop", "logprobs": None,
                      "message": {"role": "assistant", "content": "hello", "refusal": None}}
            return self.json(200, {"id": "c1", "object": "chat.completion", "created": 1, "model": body["model"],
                                   "choices": [choice],
                                   "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}})
        choice = {"index": 0, "finish_reason": "stop", "logprobs": None, "text": "hello"}
        return self.json(200, {"id": "c1", "object": "text_completion", "created": 1, "model": body["model"],
                               "choices": [choice]})

    def json(self, status, value):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

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

    def stream(self, body):
        self.begin()
        wants = (body.get("stream_options") or {}).get("include_usage")
        cut = body["messages"][0]["content"] == "cut"

        def chunk(delta, finish=None, usage=None, choices=True):
            made = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": body["model"],
                    "choices": [{"index": 0, "delta": delta, "finish_reason": finish}] if choices else []}
            if wants:
                made["usage"] = usage
            return made

        self.event(chunk({"role": "assistant", "content": ""}))
        if body.get("tools"):
            call = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "weather", "arguments": ""}}
            self.event(chunk({"tool_calls": [call]}))
            for piece in ('{"ci', 'ty":"', 'Paris"}'):
                self.event(chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}))
            self.event(chunk({}, "tool_calls"))
        else:
            for word in ("one ", "two ", "thr\u00e9e"):
                self.event(chunk({"content": word}))
                if cut:
                    self.close_connection = True
                    return
            self.event(chunk({}, "stop"))
        if wants:
            self.event(chunk({}, usage={"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
                             choices=False))
        self.event("[DONE]")
        self.end()

    def respond(self):
        self.begin()
        self.event({"type": "response.output_text.delta", "sequence_number": 0, "item_id": "i", "output_index": 0,
                    "content_index": 0, "delta": "hi", "logprobs": []}, "response.output_text.delta")
        self.end()

    def hang(self):
        self.server.left.clear()
        self.begin()
        self.event({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": []})
        try:
            while True:
                if not self.connection.recv(1):
                    break
        except OSError:
            pass
        self.server.left.set()
        self.close_connection = True

