package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.RunningServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Triton's generate extension, for models with one answer and with any number.
@Timeout(60)
final class GenerateIT {
    private static final String MANY =
            "model_transaction_policy { decoupled: true } instance_group { count: 2 }";

    @TempDir static Path folder;
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        Path root = Files.createDirectories(folder.resolve("models"));
        Folders.put(root, "add-sub", "1", "add-sub", "");
        Folders.put(root, "texts", "2", "identity-string", "");
        Folders.put(root, "half", "1", "identity-fp16", "");
        Folders.put(root, "bool", "1", "identity-bool", "");
        Folders.put(root, "levels", "1", "classifier", "max_batch_size: 4");
        Folders.function(root, "repeat", MANY, "function", "repeat");
        server =
                new RunningServer(
                        new RepositoryConfig(
                                List.of(root.toString()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(true),
                                Optional.empty()));
        assertThat(server.isReady()).as(server.get("/v2/health/ready").body()).isTrue();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void keys_are_inputs_and_outputs_are_keys() {
        Answer answer = generate("add-sub", "{\"a\": %s, \"b\": %s}".formatted(row("3"), row("1")));

        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.body())
                .isEqualTo(
                        "{\"model_name\":\"add-sub\",\"model_version\":\"1\",\"sum\":%s,\"difference\":%s}"
                                .formatted(row("4"), row("2")));
    }

    @Test
    void a_single_element_is_a_value_and_several_are_a_list() {
        String input = name("texts", "inputs");
        String output = name("texts", "outputs");

        Answer one = generate("repeat", "{\"text\": \"a\"}");
        Answer listed = generate("repeat", "{\"text\": [\"a\"]}");
        Answer two = generate("texts", "{\"%s\": [\"a\", \"b\"]}".formatted(input));

        assertThat(one.json().get("text").toString()).isEqualTo("\"a\"");
        assertThat(listed.json().get("text").toString()).isEqualTo("\"a\"");
        assertThat(two.json().get(output).toString()).isEqualTo("[\"a\",\"b\"]");
    }

    @Test
    void a_list_of_several_rows_is_split_by_the_fixed_dimensions() {
        assertThat(generate("levels", "{\"x\": [9,0,0,0, 0,9,0,0]}").json().get("scores").size())
                .isEqualTo(6);
        assertThat(generate("levels", "{\"x\": [9,0,0,0]}").json().get("scores").size())
                .isEqualTo(3);
    }

    @Test
    void the_id_comes_back_unless_it_is_empty() {
        String body = "{\"id\": \"%s\", \"text\": \"a\"}";

        assertThat(generate("repeat", body.formatted("42")).json().get("id").asString())
                .isEqualTo("42");
        assertThat(generate("repeat", body.formatted("")).json().has("id")).isFalse();
        assertThat(generate("repeat", "{\"text\": \"a\"}").json().has("id")).isFalse();
    }

    @Test
    void inputs_may_stand_among_the_parameters_and_parameters_beside_the_inputs() {
        Answer inside =
                generate("repeat", "{\"parameters\": {\"text\": \"a\", \"times\": 1, \"t\": 0.5}}");
        Answer beside = generate("repeat", "{\"text\": \"a\", \"times\": 1, \"t\": true}");

        assertThat(inside.json().get("counts").toString()).isEqualTo("[0,1]");
        assertThat(beside.json().get("counts").toString()).isEqualTo("[0,1]");
    }

    @Test
    void a_version_can_be_named() {
        String input = name("texts", "inputs");

        assertThat(
                        server.post(
                                        "/v2/models/texts/versions/2/generate",
                                        "{\"%s\": [\"a\", \"b\"]}".formatted(input))
                                .json()
                                .get("model_version")
                                .asString())
                .isEqualTo("2");
        assertThat(server.post("/v2/models/texts/versions/1/generate", "{}").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "add-sub | {} | inputs: 'a' missing (expected: a, b)",
                "add-sub | '' | inputs: 'a' missing (expected: a, b)",
                "add-sub | {\"a\": [1,2,3], \"b\": 1} | input a: '3 values' (expected: as many as fill [-1, 16])",
                "add-sub | {\"a\": [[1]], \"b\": 1} | input a: 'an array' (expected: a value or a list of values)",
                "add-sub | {\"a\": {}, \"b\": 1} | input a: 'an object' (expected: a value or a list of values)",
                "add-sub | {\"a\": \"1\", \"b\": 1} | input a.data[0]: 'text' (expected: an integer in the range of INT32)",
                "add-sub | {\"a\": 1.5, \"b\": 1} | input a.data[0]: 'a fraction' (expected: an integer in the range of INT32)",
                "repeat | {\"text\": 123} | input text.data: 'an integer' (expected: text)",
                "repeat | {\"text\": null} | input text.data: 'null' (expected: text)",
                "repeat | {\"text\": [\"a\", \"b\"]} | input text: '2 values' (expected: as many as fill [1])",
                "repeat | {\"text\": \"a\", \"text\": \"b\"} | Duplicate",
                "repeat | {\"text\": \"a\", \"parameters\": {\"text\": \"b\"}} | inputs: 'text' twice (expected: once)",
                "repeat | {\"text\": \"a\", \"parameters\": 1} | parameters: 'an integer' (expected: an object)",
                "repeat | {\"text\": \"a\", \"parameters\": {\"deep\": {}}} | parameter deep: 'an object'",
                "repeat | {\"text\": \"a\", \"other\": [1]} | parameter other: 'an array'",
                "repeat | {\"text\": \"a\", \"other\": null} | parameter other: 'null'",
                "repeat | {\"text\": \"a\", \"id\": 1} | id: 'an integer' (expected: text)",
                "repeat | {\"text\": \"a\", \"priority\": \"high\"} | parameters.priority: 'high'",
                "repeat | [] | body: 'an array' (expected: an object)",
                "repeat | {\"text\": \"a\"} {} | body: 'more after its end'",
                "repeat | {\"text\" | body at line 1"
            })
    void says_what_is_wrong_before_anything_runs(String model, String body, String why) {
        for (String kind : List.of("generate", "generate_stream")) {
            Answer answer = server.post("/v2/models/" + model + "/" + kind, body);

            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.contentType()).isEqualTo("application/json");
            assertThat(answer.error()).contains(why);
        }
    }

    @Test
    void sixteen_bit_fractions_cannot_be_asked_for() {
        assertThat(generate("half", "{\"%s\": 1}".formatted(name("half", "inputs"))).error())
                .contains("16-bit fractions cannot travel as JSON");
    }

    @Test
    void an_unknown_model_is_not_found_and_another_method_not_allowed() {
        assertThat(generate("nobody", "{}").status()).isEqualTo(404);
        assertThat(server.post("/v2/models/nobody/generate_stream", "{}").status()).isEqualTo(404);
        assertThat(server.get("/v2/models/repeat/generate").status()).isEqualTo(405);
        assertThat(server.get("/v2/models/repeat/generate_stream").status()).isEqualTo(405);
    }

    @Test
    void a_model_with_one_answer_streams_one_event() {
        Answer answer =
                server.post(
                        "/v2/models/bool/generate_stream",
                        "{\"id\": \"7\", \"%s\": [true, false]}".formatted(name("bool", "inputs")));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(answer.body())
                .isEqualTo(
                        "data: {\"id\":\"7\",\"model_name\":\"bool\",\"model_version\":\"1\",\"%s\":[true,false]}\n\n"
                                .formatted(name("bool", "outputs")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void a_decoupled_model_streams_as_many_events_as_it_likes(int times) {
        Answer answer = stream("{\"text\": \"a\", \"times\": %d}".formatted(times));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("text/event-stream; charset=utf-8");
        List<JsonNode> events = events(answer.body());
        assertThat(events).hasSize(times);
        for (int i = 0; i < times; i++) {
            assertThat(events.get(i).get("text").asString()).isEqualTo("a");
            assertThat(events.get(i).get("counts").toString())
                    .isEqualTo("[%d,%d]".formatted(i, times));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void generate_wants_exactly_one_answer(int times) {
        Answer answer = generate("repeat", "{\"text\": \"a\", \"times\": %d}".formatted(times));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error())
                .contains("generate expects model to produce exactly 1 response")
                .contains("generate_stream");
    }

    @Test
    void a_failure_is_the_status_at_first_and_an_event_later() {
        Answer first = stream("{\"text\": \"a\", \"times\": 0, \"fail\": true}");
        Answer later = stream("{\"text\": \"a\", \"times\": 1, \"fail\": true}");
        Answer defect = stream("{\"text\": \"a\", \"times\": 1, \"bug\": true}");

        assertThat(first.status()).isEqualTo(500);
        assertThat(first.contentType()).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(events(first.body()).getFirst().get("error").asString())
                .isEqualTo("repeat: broken");
        assertThat(later.status()).isEqualTo(200);
        assertThat(events(later.body())).hasSize(2);
        assertThat(events(later.body()).getLast().get("error").asString())
                .isEqualTo("repeat: broken");
        assertThat(events(defect.body()).getLast().get("error").asString()).contains("a bug");
        assertThat(server.get("/metrics").body())
                .containsPattern(
                        "tidemill_server_request_seconds_count\\{model=\"repeat\",outcome=\"error\",version=\"1\"\\} [1-9]");
    }

    @Test
    void events_come_when_they_are_there() throws IOException {
        Path gate = folder.resolve("gate-events");
        try (Socket socket = open("{\"text\": \"a\", \"times\": 2, \"until\": \"%s\"}", gate)) {
            InputStream in = socket.getInputStream();
            // The second waits for the file.
            String begin = readUntil(in, "\"counts\":[0,2]}\n\n");
            assertThat(begin).startsWith("HTTP/1.1 200 ").doesNotContain("[1,2]");
            Files.createFile(gate);
            assertThat(readUntil(in, "\"counts\":[1,2]}\n\n")).contains("data: ");
            readUntil(in, "0\r\n\r\n");
        }
    }

    @Test
    void a_client_that_leaves_amid_the_events_ends_the_run() throws IOException {
        Path gate = folder.resolve("gate-leaves");
        // As many as there are places; were one kept, the last request would be refused.
        for (int i = 0; i < 2 * RunningServer.MAX_IN_FLIGHT; i++) {
            try (Socket socket =
                    open("{\"text\": \"a\", \"times\": 1000000, \"until\": \"%s\"}", gate)) {
                readUntil(socket.getInputStream(), "\"counts\":[0,1000000]}\n\n");
                socket.setSoLinger(true, 0);
            }
            Files.createFile(gate);
            while (!server.get("/metrics").body().contains("tidemill_server_in_flight 0.0")) {
                Thread.onSpinWait();
            }
            Files.delete(gate);
        }
        assertThat(stream("{\"text\": \"a\"}").status()).isEqualTo(200);
    }

    @Test
    void infer_refuses_a_model_with_any_number_of_answers() {
        Answer answer =
                server.post(
                        "/v2/models/repeat/infer",
                        "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"a\"]}]}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("model repeat: 'decoupled' (expected: generate, ");
        assertThat(
                        server.get("/v2/models/repeat/config")
                                .json()
                                .get("model_transaction_policy")
                                .get("decoupled")
                                .asBoolean())
                .isTrue();
    }

    @Test
    void the_configuration_must_say_what_the_model_does(@TempDir Path root) {
        Folders.function(root, "unsaid", "", "function", "repeat");
        Folders.function(root, "many", MANY, "function", "repeat");
        Folders.config(
                root,
                "graph",
                "1",
                """
                platform: "ensemble"
                input { name: "in" data_type: TYPE_STRING dims: 1 }
                output { name: "out" data_type: TYPE_STRING dims: 1 }
                ensemble_scheduling { step {
                  model_name: "many" model_version: -1
                  input_map { key: "text" value: "in" }
                  output_map { key: "text" value: "out" }
                } }
                """);
        Folders.put(root, "wrong", "1", "add-sub", "model_transaction_policy { decoupled: true }");
        try (RunningServer other =
                new RunningServer(
                        new RepositoryConfig(
                                List.of(root.toString()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()))) {
            assertThat(other.get("/v2/models/unsaid/ready").body())
                    .contains("decoupled: 'false' (expected: true");
            assertThat(other.get("/v2/models/graph/ready").body())
                    .contains("'decoupled' (expected: a model with one answer");
            assertThat(other.get("/v2/models/wrong/ready").body())
                    .contains("decoupled: 'true' (expected: false");
        }
    }

    private static Answer generate(String model, String body) {
        return server.post("/v2/models/" + model + "/generate", body);
    }

    private static Answer stream(String body) {
        return server.post("/v2/models/repeat/generate_stream", body);
    }

    private static Socket open(String body, Path gate) throws IOException {
        byte[] json = body.formatted(gate).getBytes(StandardCharsets.UTF_8);
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.getOutputStream()
                .write(
                        ("POST /v2/models/repeat/generate_stream HTTP/1.1\r\nHost: x\r\n"
                                        + "Content-Length: %d\r\n\r\n")
                                .formatted(json.length)
                                .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(json);
        return socket;
    }

    private static String readUntil(InputStream in, String end) {
        StringBuilder read = new StringBuilder();
        try {
            while (read.indexOf(end) < 0) {
                int next = in.read();
                assertThat(next).as(read.toString()).isNotNegative();
                read.append((char) next);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read.toString();
    }

    private static List<JsonNode> events(String body) {
        List<JsonNode> events = new ArrayList<>();
        for (String event : Arrays.asList(body.split("(?<=\n\n)", -1))) {
            if (!event.isEmpty()) {
                assertThat(event).startsWith("data: ").endsWith("\n\n");
                events.add(JsonMapper.shared().readTree(event.substring("data: ".length())));
            }
        }
        return events;
    }

    private static String name(String model, String key) {
        return server.get("/v2/models/" + model).json().get(key).get(0).get("name").asString();
    }

    private static String row(String value) {
        return "[" + (value + ",").repeat(15) + value + "]";
    }
}
