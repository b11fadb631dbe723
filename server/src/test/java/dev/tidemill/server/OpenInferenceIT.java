package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.RunningServer.Answer;
import dev.tidemill.testkit.CapturedLog;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The protocol's happy paths, and every way of getting a request wrong with the status that
/// clients should see.
final class OpenInferenceIT {
    private static final String ONES = row("1");
    private static RunningServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server =
                new RunningServer(
                        Artifact.plain(folder, "add-sub", "add-sub"),
                        Artifact.classifier(folder, "levels", "middle"),
                        Artifact.text(folder, "colours"),
                        Artifact.plain(folder, "log", "log"),
                        Artifact.plain(folder, "half", "identity-fp16"),
                        Artifact.plain(folder, "bool", "identity-bool"),
                        Artifact.plain(folder, "bytes", "identity-string"),
                        Artifact.plain(folder, "long", "identity-int64"),
                        Artifact.plain(folder, "seven", "seven-only"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Nested
    final class Describes {
        @ParameterizedTest
        @ValueSource(strings = {"/v2", "/v2/"})
        void the_server(String path) {
            Answer answer = server.get(path);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().get("name").asString()).isEqualTo("tidemill");
            assertThat(answer.json().get("version").isString()).isTrue();
            assertThat(answer.json().get("extensions").isArray()).isTrue();
        }

        @Test
        void its_health_in_json() {
            assertThat(server.get("/v2/health/live").body()).isEqualTo("{\"live\":true}");
            assertThat(server.get("/v2/health/ready").body()).isEqualTo("{\"ready\":true}");
        }

        @ParameterizedTest
        @ValueSource(strings = {"/v2/models/levels", "/v2/models/levels/versions/3"})
        void a_model_with_the_label_that_it_gives_besides(String path) {
            assertThat(server.get(path).body())
                    .isEqualTo(
                            "{\"name\":\"levels\",\"versions\":[\"3\"],\"platform\":\"onnxruntime_onnx\","
                                    + "\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[-1,4]}],"
                                    + "\"outputs\":[{\"name\":\"scores\",\"datatype\":\"FP32\",\"shape\":[-1,3]},"
                                    + "{\"name\":\"label\",\"datatype\":\"BYTES\",\"shape\":[-1]}]}");
        }

        @Test
        void a_text_model_by_its_text() {
            assertThat(server.get("/v2/models/colours").json().get("inputs").toString())
                    .isEqualTo("[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[-1]}]");
        }

        @ParameterizedTest
        @ValueSource(strings = {"/v2/models/levels/ready", "/v2/models/levels/versions/3/ready"})
        void that_a_model_is_ready(String path) {
            assertThat(server.get(path).body()).isEqualTo("{\"name\":\"levels\",\"ready\":true}");
        }
    }

    @Nested
    final class Infers {
        @Test
        void flat_and_nested_data_alike() {
            String flat = infer("add-sub", ints("a", ONES) + "," + ints("b", ONES)).body();
            String nested =
                    infer("add-sub", ints("a", "[" + ONES + "]") + "," + ints("b", ONES)).body();

            assertThat(flat)
                    .isEqualTo(
                            "{\"model_name\":\"add-sub\",\"model_version\":\"3\",\"outputs\":["
                                    + "{\"name\":\"sum\",\"datatype\":\"INT32\",\"shape\":[1,16],\"data\":"
                                    + row("2")
                                    + "},{\"name\":\"difference\",\"datatype\":\"INT32\",\"shape\":[1,16],\"data\":"
                                    + row("0")
                                    + "}]}")
                    .isEqualTo(nested);
        }

        @Test
        void by_version() {
            Answer answer =
                    server.post(
                            "/v2/models/levels/versions/3/infer",
                            "{\"inputs\":[" + floats("x", "[1,4]", "[0,0,9,0]") + "]}");

            assertThat(answer.json().get("model_version").asString()).isEqualTo("3");
        }

        @Test
        void labels_for_every_row() {
            Answer answer =
                    infer("levels", floats("x", "[3,4]", "[[9,0,0,0],[0,9,0,0],[0,0,9,0]]"));

            assertThat(answer.json().get("outputs").get(1).toString())
                    .isEqualTo(
                            "{\"name\":\"label\",\"datatype\":\"BYTES\",\"shape\":[3],\"data\":[\"low\",\"middle\",\"high\"]}");
        }

        @Test
        void only_the_outputs_asked_for_in_their_order() {
            Answer answer =
                    server.post(
                            "/v2/models/levels/infer",
                            "{\"outputs\":[{\"name\":\"label\"},{\"name\":\"scores\",\"parameters\":{\"anything\":true}}],"
                                    + "\"inputs\":["
                                    + floats("x", "[1,4]", "[0,0,9,0]")
                                    + "]}");

            assertThat(answer.json().get("outputs").findValuesAsString("name"))
                    .containsExactly("label", "scores");
            assertThat(
                            server.post(
                                            "/v2/models/levels/infer",
                                            "{\"outputs\":[{\"name\":\"label\"}],\"inputs\":["
                                                    + floats("x", "[1,4]", "[0,0,9,0]")
                                                    + "]}")
                                    .json()
                                    .get("outputs"))
                    .hasSize(1);
        }

        @Test
        void and_gives_the_id_back() {
            Answer answer =
                    server.post(
                            "/v2/models/levels/infer",
                            "{\"id\":\"r-1\",\"parameters\":{\"priority\":1},\"inputs\":["
                                    + floats("x", "[1,4]", "[0,0,9,0]")
                                    + "]}");

            assertThat(answer.json().get("id").asString()).isEqualTo("r-1");
        }

        @Test
        void texts_in_batches() {
            Answer answer =
                    infer(
                            "colours",
                            "{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":[\"hello\",\"你好\"]}");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().get("outputs").get(0).get("shape").toString())
                    .isEqualTo("[2,3]");
            assertThat(answer.json().get("outputs").get(1).get("data")).hasSize(2);
        }

        @Test
        void whole_numbers_beyond_the_precision_of_fractions() {
            Answer answer =
                    infer(
                            "long",
                            "{\"name\":\"x\",\"datatype\":\"INT64\",\"shape\":[1,2],\"data\":[9007199254740993,-9223372036854775808]}");

            assertThat(answer.json().get("outputs").get(0).get("data").toString())
                    .isEqualTo("[9007199254740993,-9223372036854775808]");
        }

        @Test
        void truth_and_text() {
            assertThat(
                            infer(
                                            "bool",
                                            "{\"name\":\"x\",\"datatype\":\"BOOL\",\"shape\":[1,2],\"data\":[true,false]}")
                                    .json()
                                    .get("outputs")
                                    .get(0)
                                    .get("data")
                                    .toString())
                    .isEqualTo("[true,false]");
            assertThat(
                            infer(
                                            "bytes",
                                            "{\"name\":\"x\",\"datatype\":\"BYTES\",\"shape\":[1,2],\"data\":[\"\",\"a\\\"七🙂\"]}")
                                    .json()
                                    .get("outputs")
                                    .get(0)
                                    .get("data")
                                    .get(1)
                                    .asString())
                    .isEqualTo("a\"七🙂");
        }

        @Test
        void fractions_without_losing_any() {
            Answer answer = infer("log", floats("x", "[1]", "[2.0]"));

            assertThat(answer.json().get("outputs").get(0).get("data").get(0).floatValue())
                    .isEqualTo((float) Math.log(2));
        }
    }

    /// 404, 400 and 405 are never 500: the caller's mistakes must not look like ours.
    @Nested
    final class Refuses {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/v2/models/none",
                    "/v2/models/none/ready",
                    "/v2/models/none/versions/1",
                    "/v2/models/levels/versions/4",
                    "/v2/models/levels/versions/4/ready",
                    "/v2/nothing"
                })
        void what_does_not_exist(String path) {
            assertRefused(server.get(path), 404, "'");
        }

        @Test
        void inference_of_unknown_models_and_versions() {
            assertRefused(
                    server.post("/v2/models/none/infer", "{}"),
                    404,
                    "model: 'none' (expected: one of [");
            assertRefused(
                    server.post("/v2/models/levels/versions/x/infer", "{}"),
                    404,
                    "model levels: version: 'x' (expected: 3)");
        }

        @Test
        void the_wrong_method_and_names_the_right_one() {
            Answer answer = server.get("/v2/models/levels/infer");

            assertRefused(answer, 405, "method: 'GET' (expected: POST)");
            assertThat(answer.response().headers().firstValue("allow")).hasValue("POST");
            assertRefused(server.post("/v2/health/live", ""), 405, "GET");
        }

        @Test
        void malformed_json() {
            assertRefused(server.post("/v2/models/levels/infer", "{\"inputs\":"), 400, "not JSON");
        }

        @Test
        void no_inputs() {
            assertRefused(server.post("/v2/models/levels/infer", "{\"inputs\":[]}"), 400, "inputs");
            assertRefused(server.post("/v2/models/levels/infer", "{}"), 400, "inputs: 'missing'");
            assertRefused(server.post("/v2/models/levels/infer", ""), 400, "body");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "levels | x | INT32 | [1,4] | [0,0,9,0] | input x: datatype: 'INT32' (expected: FP32)",
                    "levels | x | FLOAT | [1,4] | [0,0,9,0] | input x.datatype: 'FLOAT' (expected: one of",
                    "levels | x | FP32 | [1,5] | [0,0,9,0] | 5 elements",
                    "levels | x | FP32 | [1,5] | [0,0,9,0,1] | input x: shape: '[1, 5]' (expected: [-1, 4])",
                    "levels | x | FP32 | [4] | [0,0,9,0] | input x: shape: '[4]' (expected: [-1, 4])",
                    "levels | x | FP32 | [-1,4] | [] | sizes of at least 0",
                    "levels | y | FP32 | [1,4] | [0,0,9,0] | inputs: 'y' (expected: x)",
                    "add-sub | a | INT32 | [1,1] | [1.5] | input a.data[0]: 'a fraction'",
                    "half | x | FP16 | [1,2] | [1,2] | 16-bit fractions cannot travel as JSON",
                    "colours | x | FP32 | [1,64] | [1] | 64 elements",
                    "colours | x | BYTES | [1] | [\"a\"] | inputs: 'x' (expected: text)",
                    "colours | text | BYTES | [1,1] | [\"a\"] | input text: shape",
                })
        void what_does_not_fit_the_model(
                String model, String name, String type, String shape, String data, String message) {
            assertRefused(
                    infer(
                            model,
                            "{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":%s,\"data\":%s}"
                                    .formatted(name, type, shape, data)),
                    400,
                    message);
        }

        @Test
        void an_input_too_few_or_twice() {
            assertRefused(
                    infer("add-sub", ints("a", ONES)), 400, "inputs: 'b' missing (expected: a, b)");
            assertRefused(
                    infer("add-sub", ints("a", ONES) + "," + ints("a", ONES)), 400, "'a' twice");
        }

        @Test
        void an_unknown_output() {
            Answer answer =
                    server.post(
                            "/v2/models/levels/infer",
                            "{\"outputs\":[{\"name\":\"z\"}],\"inputs\":["
                                    + floats("x", "[1,4]", "[0,0,9,0]")
                                    + "]}");

            assertRefused(answer, 400, "outputs: 'z' (expected: scores, label)");
        }

        @Test
        void a_json_header_that_ends_elsewhere() {
            Answer answer =
                    server.send(
                            server.request("/v2/models/levels/infer")
                                    .header("Inference-Header-Content-Length", "10")
                                    .POST(BodyPublishers.ofString("{\"inputs\":[]}xxxx")));

            assertRefused(answer, 400, "not JSON");
        }

        @Test
        void a_body_over_the_limit() {
            String body = "{\"x\":\"" + "a".repeat(RunningServer.MAX_BODY) + "\"}";

            assertRefused(server.post("/v2/models/levels/infer", body), 413, "body: 'too large'");
        }
    }

    @Nested
    final class Fails {
        @Test
        void with_500_when_the_model_breaks_and_goes_on() {
            try (CapturedLog log = CapturedLog.of("dev.tidemill.http.FailureLog")) {
                Answer broken = infer("seven", floats("x", "[8]", "[1,2,3,4,5,6,7,8]"));

                assertRefused(broken, 500, "model:");
                assertThat(log.messages()).hasSize(1);
            }
            assertThat(infer("seven", floats("x", "[7]", "[1,2,3,4,5,6,7]")).status())
                    .isEqualTo(200);
        }

        @Test
        void with_the_words_that_python_reads_where_a_model_gives_no_finite_number() {
            assertThat(infer("log", floats("x", "[4]", "[0,-1,Infinity,NaN]")).body())
                    .contains("\"data\":[-Infinity,NaN,Infinity,NaN]");
        }
    }

    @Nested
    final class Counts {
        @Test
        void requests_by_outcome_and_rows_by_model() {
            infer(
                    "bool",
                    "{\"name\":\"x\",\"datatype\":\"BOOL\",\"shape\":[3,2],\"data\":[true,true,true,true,true,true]}");
            infer("bool", "{}");
            server.get("/v2");

            assertThat(server.get("/metrics").body())
                    .containsPattern(
                            "tidemill_server_request_seconds_count\\{model=\"bool\",outcome=\"ok\",version=\"3\"} [1-9]")
                    .containsPattern(
                            "tidemill_server_request_seconds_count\\{model=\"bool\",outcome=\"caller\",version=\"3\"} [1-9]")
                    .containsPattern(
                            "tidemill_server_rows_total\\{model=\"bool\",version=\"3\"} [34]\\.0")
                    .contains("tidemill_server_compute_seconds_bucket{model=\"bool\"")
                    .contains("tidemill_server_in_flight 0.0")
                    .contains("tidemill_server_in_flight_bytes 0.0")
                    .contains("route=\"/v2/models/{model}/infer\"");
        }
    }

    private static void assertRefused(Answer answer, int status, String message) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.error()).contains(message);
        assertThat(answer.json()).hasSize(1);
    }

    private static Answer infer(String model, String inputs) {
        return server.post("/v2/models/" + model + "/infer", "{\"inputs\":[" + inputs + "]}");
    }

    private static String ints(String name, String data) {
        return "{\"name\":\"%s\",\"datatype\":\"INT32\",\"shape\":[1,16],\"data\":%s}"
                .formatted(name, data);
    }

    private static String floats(String name, String shape, String data) {
        return "{\"name\":\"%s\",\"datatype\":\"FP32\",\"shape\":%s,\"data\":%s}"
                .formatted(name, shape, data);
    }

    private static String row(String number) {
        return "[" + String.join(",", Collections.nCopies(16, number)) + "]";
    }
}
