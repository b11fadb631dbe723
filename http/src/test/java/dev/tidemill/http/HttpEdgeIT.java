package dev.tidemill.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.testkit.CapturedLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class HttpEdgeIT {
    private static final long LIMIT = 1000;

    private final AtomicReference<Optional<String>> obstacle =
            new AtomicReference<>(Optional.empty());
    private final Readiness readiness = new Readiness(obstacle::get);
    private final Metrics metrics = new Metrics();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpEdge edge =
            HttpEdge.builder(readiness, metrics)
                    .listen(new Listener("main", "127.0.0.1", 0, LIMIT), this::routes)
                    .listen(new Listener("admin", "127.0.0.1", 0, 0), metrics)
                    .errorBody(ErrorBody.WITH_CODE)
                    .accessLog(AccessLog.FAILURES)
                    .requestIds(() -> "made-1")
                    .build();

    private void routes(Routes routes) {
        routes.get(
                        "/things/{name}",
                        (request, response) ->
                                Bodies.send(
                                        response,
                                        new Thing(request.path().pathParameters().get("name"))))
                .put("/things/{name}", (_, response) -> Bodies.send(response, new Thing("put")))
                .post(
                        "/things",
                        (request, response) ->
                                Bodies.send(response, Bodies.read(request, LIMIT, Thing.class)))
                .post("/ignores", (_, response) -> Bodies.send(response, new Thing("ignored")))
                .get("/id", (_, response) -> Bodies.send(response, new Thing(RequestId.current())))
                .get(
                        "/full",
                        (_, response) -> {
                            response.header(io.helidon.http.HeaderNames.RETRY_AFTER, "2");
                            throw new TidemillException(ErrorCode.OVERLOADED, "queue: full");
                        })
                .get(
                        "/defect",
                        (_, _) -> {
                            throw new IllegalStateException("secret detail");
                        })
                .get(
                        "/slow",
                        (_, response) -> {
                            entered.countDown();
                            release.await();
                            Bodies.send(response, new Thing("slow"));
                        })
                .add(new HealthRoutes(readiness));
    }

    private final CapturedLog access = CapturedLog.of("access");

    @BeforeEach
    void start() {
        edge.start();
        readiness.started();
    }

    @AfterEach
    void stop() {
        release.countDown();
        edge.close();
        metrics.close();
        client.close();
        access.close();
    }

    @Nested
    final class Answers {
        @Test
        void json_with_path_parameters() throws Exception {
            HttpResponse<String> answer = get("/things/a%20b");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(answer.body()).isEqualTo("{\"name\":\"a b\"}");
        }

        @Test
        void what_was_posted() throws Exception {
            assertThat(post("/things", "{\"name\":\"x\",\"later\":1}").body())
                    .isEqualTo("{\"name\":\"x\"}");
        }

        @Test
        void with_the_id_that_came() throws Exception {
            HttpResponse<String> answer = send(request("/id").header("x-request-id", "Abc.1_-"));

            assertThat(answer.body()).isEqualTo("{\"name\":\"Abc.1_-\"}");
            assertThat(answer.headers().firstValue("x-request-id")).hasValue("Abc.1_-");
        }

        @Test
        void with_an_id_of_its_own_when_the_one_that_came_is_unsafe() throws Exception {
            for (String unsafe : new String[] {"a b", "a\"b", "é", "x".repeat(129)}) {
                HttpResponse<String> answer = send(request("/id").header("x-request-id", unsafe));

                assertThat(answer.headers().firstValue("x-request-id")).hasValue("made-1");
            }
        }
    }

    @Nested
    final class Refuses {
        @Test
        void an_unknown_path() throws Exception {
            HttpResponse<String> answer = get("/nope?x=1");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(answer.body())
                    .isEqualTo(
                            "{\"error\":\"path: '/nope' (expected: a path of this API)\","
                                    + "\"code\":\"NOT_FOUND\"}");
        }

        @Test
        void a_known_path_with_another_method_and_says_which_go() throws Exception {
            HttpResponse<String> answer = post("/things/a", "{}");

            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("allow")).hasValue("GET, PUT");
            assertThat(answer.body()).contains("METHOD_NOT_ALLOWED");
        }

        @Test
        void json_that_is_not() throws Exception {
            for (String body :
                    new String[] {
                        "",
                        "{",
                        "[]",
                        "null",
                        "{\"name\":1}x",
                        "{\"name\":\"a\",\"name\":\"b\"}",
                        "[".repeat(100_0 / 2),
                        "{\"name\":\"a\"}{}"
                    }) {
                HttpResponse<String> answer = post("/things", body);

                assertThat(answer.statusCode()).as(body).isEqualTo(400);
                assertThat(answer.body()).contains("INVALID_REQUEST");
            }
        }

        @Test
        void a_body_over_the_limit_whether_announced_or_not() throws Exception {
            byte[] large = new byte[(int) LIMIT + 1];
            HttpRequest announced =
                    request("/things").POST(BodyPublishers.ofByteArray(large)).build();
            HttpRequest chunked =
                    request("/things")
                            .POST(
                                    BodyPublishers.ofInputStream(
                                            () -> new java.io.ByteArrayInputStream(large)))
                            .build();
            for (HttpRequest request : new HttpRequest[] {announced, chunked}) {
                HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

                assertThat(answer.statusCode()).isEqualTo(413);
                assertThat(answer.body()).contains("TOO_LARGE").contains("1000 B");
            }
        }

        @Test
        void a_body_far_over_the_limit_before_it_is_read() throws Exception {
            String answer =
                    raw("POST /ignores HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 413 ").contains("\"code\":\"TOO_LARGE\"");
        }

        @Test
        void what_is_not_http() throws Exception {
            String answer = raw("GET /things/a HTTP/1.1\r\nbroken header\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"code\":\"INVALID_REQUEST\"");
        }

        @Test
        void headers_that_are_too_long() throws Exception {
            String answer =
                    raw("GET /id HTTP/1.1\r\nHost: x\r\nx: " + "y".repeat(20_000) + "\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 4").contains("\"error\":");
        }
    }

    @Nested
    final class CutsOff {
        @Test
        void connections_whose_headers_come_too_slowly_and_no_others() throws Exception {
            try (HttpEdge hasty =
                    HttpEdge.builder(new Readiness(Optional::empty), new Metrics())
                            .listen(
                                    new Listener("main", "127.0.0.1", 0, LIMIT),
                                    routes ->
                                            routes.get(
                                                    "/id",
                                                    (_, response) ->
                                                            Bodies.send(response, new Thing("x"))))
                            .headLimit(Duration.ofMillis(300))
                            .build()) {
                hasty.start();
                try (Socket slow = new Socket("127.0.0.1", hasty.port("main"));
                        Socket waiting = new Socket("127.0.0.1", hasty.port("main"))) {
                    slow.setSoTimeout(20_000);
                    OutputStream out = slow.getOutputStream();
                    write(out, "GET /id HTTP/1.1\r\nHost: x\r\n");
                    write(waiting.getOutputStream(), "GET /id HTTP/1.1\r\nHost: x\r\n\r\n");
                    assertThat(waiting.getInputStream().read()).isEqualTo('H');
                    long end = System.nanoTime() + 20_000_000_000L;
                    boolean ended = false;
                    while (!ended) {
                        assertThat(System.nanoTime()).isLessThan(end);
                        try {
                            write(out, "X-More: 1\r\n");
                            LockSupport.parkNanos(10_000_000);
                        } catch (IOException _) {
                            ended = true;
                        }
                    }
                    // Its next request may come as late as it likes.
                    write(
                            waiting.getOutputStream(),
                            "GET /id HTTP/1.1\r\nHost: x\r\n" + "Connection: close\r\n\r\n");
                    assertThat(
                                    new String(
                                            waiting.getInputStream().readAllBytes(),
                                            StandardCharsets.UTF_8))
                            .contains("}HTTP/1.1 200 ");
                }
            }
        }

        private static void write(OutputStream out, String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Nested
    final class Fails {
        @Test
        void with_the_status_of_the_error_code_and_the_headers_set_before() throws Exception {
            HttpResponse<String> answer = get("/full");

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("retry-after")).hasValue("2");
            assertThat(answer.body())
                    .isEqualTo("{\"error\":\"queue: full\",\"code\":\"OVERLOADED\"}");
        }

        @Test
        void without_showing_a_defect_to_the_client_but_to_the_log_once() throws Exception {
            try (CapturedLog log = CapturedLog.of("dev.tidemill.http.FailureLog")) {
                HttpResponse<String> answer = send(request("/defect").header("x-request-id", "r7"));

                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(answer.body())
                        .isEqualTo(
                                "{\"error\":\"internal error; request id r7\",\"code\":\"INTERNAL\"}");
                assertThat(log.messages()).containsExactly("request r7 failed: secret detail");
                assertThat(log.records().getFirst().getThrown())
                        .isInstanceOf(IllegalStateException.class);
            }
        }

        @Test
        void to_start_on_a_port_in_use() {
            HttpEdge second =
                    HttpEdge.builder(new Readiness(), new Metrics())
                            .listen(
                                    new Listener("main", "127.0.0.1", edge.port("main"), LIMIT),
                                    _ -> {})
                            .build();

            assertThatThrownBy(second::start)
                    .isInstanceOf(TidemillException.class)
                    .hasMessageContaining("main: '127.0.0.1:" + edge.port("main"))
                    .hasMessageContaining("a free port");
        }
    }

    @Nested
    final class Ends {
        @Test
        void a_connection_whose_client_asked_for_it() throws Exception {
            String answer = raw("GET /id HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("{\"name\":\"made-1\"}");
        }

        @Test
        void health_first_and_requests_in_flight_last() throws Exception {
            CompletableFuture<HttpResponse<String>> slow =
                    client.sendAsync(request("/slow").build(), BodyHandlers.ofString());
            entered.await();
            int port = edge.port("main");
            CompletableFuture<Boolean> drained = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            drained.complete(
                                    edge.drain(Duration.ofMillis(500), Duration.ofSeconds(10)));
                        } catch (InterruptedException e) {
                            drained.completeExceptionally(e);
                        }
                    });
            while (readiness.state() != Readiness.State.DRAINING) {
                Thread.onSpinWait();
            }

            HttpResponse<String> health = get("/health/ready");
            HttpResponse<String> other = get("/things/a");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).isEqualTo("{\"status\":\"DOWN\",\"reason\":\"draining\"}");
            assertThat(other.statusCode()).isEqualTo(200);
            assertThat(other.headers().firstValue("connection")).hasValue("close");

            release.countDown();
            assertThat(slow.get().statusCode()).isEqualTo(200);
            assertThat(drained.get()).isTrue();
            assertThatThrownBy(() -> get(port, "/things/a")).isInstanceOf(IOException.class);
        }

        @Test
        void though_a_request_never_ends() throws Exception {
            CompletableFuture<HttpResponse<String>> slow =
                    client.sendAsync(request("/slow").build(), BodyHandlers.ofString());
            entered.await();

            assertThat(edge.drain(Duration.ZERO, Duration.ofMillis(50))).isFalse();
            assertThatThrownBy(slow::get).hasCauseInstanceOf(IOException.class);
        }
    }

    @Nested
    final class Reports {
        @Test
        void health_under_every_name() throws Exception {
            for (String path :
                    new String[] {
                        "/health/live",
                        "/health/ready",
                        "/health/started",
                        "/actuator/health",
                        "/actuator/health/liveness",
                        "/actuator/health/readiness"
                    }) {
                assertThat(get(path).body()).as(path).isEqualTo("{\"status\":\"UP\"}");
            }
        }

        @Test
        void what_keeps_it_from_being_ready() throws Exception {
            obstacle.set(Optional.of("model digits: broken"));

            assertThat(get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(get("/health/ready").body()).contains("model digits: broken");
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
            assertThat(get("/health/started").statusCode()).isEqualTo(200);
        }

        // Answers reach the client before they are counted and logged: the next request on the same
        // connection, to /id, shows that the one before it has been.
        @Test
        void requests_by_template_and_status_in_buckets() throws Exception {
            get("/things/a");
            get("/things/b");
            get("/nope");
            get("/id");

            String metrics = get(edge.port("admin"), "/metrics").body();
            assertThat(metrics)
                    .contains(
                            "tidemill_http_request_seconds_count{method=\"GET\",route=\"/things/{name}\",status=\"200\"} 2")
                    .contains("route=\"none\",status=\"404\"} 1")
                    .contains("le=\"0.0025\"");
        }

        @Test
        void metrics_under_the_actuators_name_too() throws Exception {
            assertThat(get(edge.port("admin"), "/actuator/prometheus").body())
                    .contains("tidemill_http_in_flight");
        }

        @Test
        void requests_that_failed_and_leaves_out_the_others() throws Exception {
            get("/things/a");
            send(request("/full").header("x-request-id", "r8"));
            get("/id");

            assertThat(access.records()).hasSize(1);
            assertThat(access.records().getFirst().getParameters()[0])
                    .asInstanceOf(MAP)
                    .containsEntry("method", "GET")
                    .containsEntry("path", "/full")
                    .containsEntry("status", 429)
                    .containsEntry("requestId", "r8")
                    .containsKey("millis");
        }

        @Test
        void metrics_on_the_admin_listener_only() throws Exception {
            assertThat(get("/metrics").statusCode()).isEqualTo(404);
            assertThat(get(edge.port("admin"), "/id").statusCode()).isEqualTo(404);
        }
    }

    record Thing(String name) {}

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port("main") + path));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return get(edge.port("main"), path);
    }

    private HttpResponse<String> get(int port, String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)));
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(
                request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    }

    /// Everything that comes back until the server closes the connection.
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", edge.port("main"))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
