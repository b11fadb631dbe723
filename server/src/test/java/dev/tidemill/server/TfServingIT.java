package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.RunningServer.Answer;
import dev.tidemill.server.protocol.tfserving.Mutants;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What TensorFlow Serving's own tests ask over REST, with the answers that they expect, and every
/// way of getting a request wrong.
final class TfServingIT {
    private static final String HALF = "/v1/models/half";
    private static RunningServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server =
                new RunningServer(
                        Artifact.plain(folder, "half", "half-plus-two"),
                        Artifact.classifier(folder, "levels", "middle"),
                        Artifact.text(folder, "colours"),
                        Artifact.plain(folder, "mixed", "mixed"),
                        Artifact.plain(folder, "cube", "cube"),
                        Artifact.plain(folder, "log", "log"),
                        Artifact.plain(folder, "texts", "identity-string"),
                        Artifact.plain(folder, "fp16", "identity-fp16"),
                        Artifact.plain(folder, "add-sub", "add-sub"),
                        Artifact.plain(folder, "seven", "seven-only"),
                        Artifact.plain(folder, "uneven", "uneven"),
                        Artifact.plain(folder, "broken", "broken"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Nested
    final class Predicts {
        @Test
        void rows_as_the_original_does() {
            assertThat(ok(HALF + ":predict", "{\"instances\":[2.0,3.0,4.0]}"))
                    .isEqualTo("{\"predictions\":[3.0,3.5,4.0]}");
        }

        @Test
        void columns_as_the_original_does() {
            assertThat(ok(HALF + ":predict", "{\"inputs\":[2.0,3.0,4.0]}"))
                    .isEqualTo("{\"outputs\":[3.0,3.5,4.0]}");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    HALF + ":predict",
                    HALF + ":PREDICT",
                    HALF + "/versions/3:predict",
                    HALF + "/versions/0003:Predict",
                    "/v1/models/h%61lf:predict",
                    HALF + ":predict?key=value"
                })
        void by_every_way_of_writing_the_path(String path) {
            assertThat(ok(path, "{\"instances\":[2]}")).isEqualTo("{\"predictions\":[3.0]}");
        }

        @Test
        void several_inputs_and_outputs_by_name() {
            String row =
                    "{\"number\":[1,2],\"fraction\":0.5,\"truth\":true,\"text\":[{\"b64\":\"aGVsbG8=\"}]}";
            String answer =
                    "{\"number_out\":[1,2],\"fraction_out\":0.5,\"truth_out\":true,\"text_bytes\":[{\"b64\":\"aGVsbG8=\"}]}";

            assertThat(
                            ok(
                                    "/v1/models/mixed:predict",
                                    "{\"instances\":[%s,%s]}".formatted(row, row)))
                    .isEqualTo("{\"predictions\":[%s,%s]}".formatted(answer, answer));
            assertThat(
                            ok(
                                    "/v1/models/mixed:predict",
                                    "{\"inputs\":{\"more\":[[]],\"text\":[[\"a\"]],\"number\":[[1,2]],\"fraction\":[1],\"truth\":[false]}}"))
                    .isEqualTo(
                            "{\"outputs\":{\"number_out\":[[1,2]],\"fraction_out\":[1.0],\"truth_out\":[false],\"text_bytes\":[[{\"b64\":\"YQ==\"}]]}}");
        }

        @Test
        void numbers_that_are_none() {
            assertThat(ok("/v1/models/log:predict", "{\"instances\":[1,0,-1,Infinity,NaN]}"))
                    .isEqualTo("{\"predictions\":[0.0,-Infinity,NaN,Infinity,NaN]}");
        }

        @Test
        void nested_rows() {
            assertThat(ok("/v1/models/cube:predict", "{\"instances\":[[[1,2,3],[4,5,6]]]}"))
                    .isEqualTo("{\"predictions\":[[[1.0,2.0,3.0],[4.0,5.0,6.0]]]}");
        }

        @Test
        void text_with_and_without_base64() {
            assertThat(
                            ok(
                                    "/v1/models/texts:predict",
                                    "{\"instances\":[[\"ü\",{\"b64\":\"8J+Zgg==\"}]]}"))
                    .isEqualTo("{\"predictions\":[[\"ü\",\"🙂\"]]}");
        }

        @Test
        void what_a_text_model_makes_of_text() {
            Answer answer =
                    server.post("/v1/models/colours:predict", "{\"instances\":[\"hello\",\"x\"]}");

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.json().get("predictions")).hasSize(2);
            assertThat(answer.json().get("predictions").get(0).get("label").asString())
                    .isIn("red", "green", "blue");
        }

        @Test
        void in_the_presence_of_garbage_behind_the_document() {
            assertThat(ok(HALF + ":predict", "{\"instances\":[2.0]} ]} x"))
                    .isEqualTo("{\"predictions\":[3.0]}");
        }
    }

    @Nested
    final class Scores {
        @Test
        void classes_with_their_labels() {
            Answer answer =
                    server.post(
                            "/v1/models/levels:classify",
                            "{\"examples\":[{\"x\":[0.0,1.0,0.0,0.0]},{\"x\":[1,0,0,0]}]}");

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.json().get("results")).hasSize(2);
            assertThat(answer.json().get("results").get(0)).hasSize(3);
            assertThat(answer.json().get("results").get(0).get(1).get(0).asString())
                    .isEqualTo("middle");
            assertThat(answer.json().get("results").get(0).get(1).get(1).doubleValue())
                    .isGreaterThan(0.9);
        }

        @Test
        void one_class_without_a_label_as_the_original_does() {
            assertThat(
                            ok(
                                    HALF + ":classify",
                                    "{\"signature_name\":\"classify\",\"examples\":[{\"x\":2.0}]}"))
                    .isEqualTo("{\"results\":[[[\"\",3.0]]]}");
        }

        @Test
        void numbers_as_the_original_does() {
            assertThat(
                            ok(
                                    HALF + ":regress",
                                    "{\"signature_name\":\"regress\",\"examples\":[{\"x\":2.0},{\"x\":[4.0]}]}"))
                    .isEqualTo("{\"results\":[3.0,4.0]}");
        }

        @Test
        void with_what_the_context_says_even_when_it_comes_last() {
            assertThat(
                            ok(
                                    HALF + ":regress",
                                    "{\"examples\":[{\"y\":[\"z\"]},{\"x\":4}],\"context\":{\"x\":2}}"))
                    .isEqualTo("{\"results\":[3.0,4.0]}");
        }
    }

    @Nested
    final class Describes {
        @ParameterizedTest
        @ValueSource(strings = {HALF, HALF + "/versions/3"})
        void the_status_in_exactly_the_originals_words(String path) {
            assertThat(server.get(path).body())
                    .isEqualTo(
                            "{\"model_version_status\":[{\"version\":\"3\",\"state\":\"AVAILABLE\",\"status\":{\"error_code\":\"OK\",\"error_message\":\"\"}}]}");
        }

        @Test
        void a_version_that_could_not_be_loaded() {
            Answer answer = server.get("/v1/models/broken");

            assertThat(answer.status()).isEqualTo(200);
            var version = answer.json().get("model_version_status").get(0);
            assertThat(version.get("state").asString()).isEqualTo("END");
            assertThat(version.get("status").get("error_code").asString()).isEqualTo("INTERNAL");
            assertThat(version.get("status").get("error_message").asString()).isNotEmpty();
            assertThat(server.post("/v1/models/broken:predict", "{}").status()).isEqualTo(503);
        }

        @Test
        void the_signatures() {
            Answer answer = server.get("/v1/models/levels/metadata");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().get("model_spec").toString())
                    .isEqualTo("{\"name\":\"levels\",\"signature_name\":\"\",\"version\":\"3\"}");
            var signatures =
                    answer.json().get("metadata").get("signature_def").get("signature_def");
            assertThat(signatures.propertyNames()).containsExactly("classify", "serving_default");
            assertThat(signatures.get("serving_default").get("inputs").toString())
                    .isEqualTo(
                            "{\"x\":{\"dtype\":\"DT_FLOAT\",\"tensor_shape\":{\"dim\":[{\"size\":\"-1\",\"name\":\"\"},{\"size\":\"4\",\"name\":\"\"}],\"unknown_rank\":false},\"name\":\"x\"}}");
            assertThat(signatures.get("classify").get("method_name").asString())
                    .isEqualTo("tensorflow/serving/classify");
            assertThat(signatures.get("classify").get("outputs").propertyNames())
                    .containsExactly("classes", "scores");
        }
    }

    @Nested
    final class Refuses {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "/v1/models/none:predict | 404 | Servable not found for request: Latest(none)",
                    "/v1/models/half/versions/4:predict | 404 | Servable not found for request: Specific(half, 4)",
                    "/v1/models/half/labels/new:predict | 400 | Unrecognized servable version label: new",
                    "/v1/models/half/versions/99999999999999999999:predict | 400 | Failed to convert version",
                    "/v1/models/half/versions/x:predict | 400 | Malformed request: POST /v1/models/half/versions/x:predict",
                    "/v1/models/half:explain | 400 | Malformed request: POST /v1/models/half:explain",
                    "/v1/models/half:predict/ | 400 | Malformed request: POST /v1/models/half:predict/",
                    "/v1/models/half | 400 | Malformed request: POST /v1/models/half",
                    "/v1/models/:predict | 400 | Malformed request: POST /v1/models/:predict",
                    "/v1/models | 400 | Malformed request: POST /v1/models",
                    "/v1/models/%68%2Falf:predict | 404 | Servable not found for request: Latest(h/alf)"
                })
        void paths_that_lead_nowhere(String path, int status, String error) {
            Answer answer = server.post(path, "{\"instances\":[1]}");

            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            assertThat(answer.contentType()).isEqualTo("application/json");
            assertThat(answer.error()).startsWith(error);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "/v1/models/none | 404 | Could not find any versions of model none",
                    "/v1/models/half/versions/4 | 404 | Could not find version 4 of model half",
                    "/v1/models/half/labels/new | 400 | Unrecognized servable version label: new",
                    "/v1/models/none/metadata | 404 | Servable not found for request: Latest(none)",
                    "/v1/models | 400 | Missing model name in request.",
                    "/v1/models/half:predict | 400 | Malformed request: GET /v1/models/half:predict",
                    "/v1/models/half/meta | 400 | Malformed request: GET /v1/models/half/meta"
                })
        void questions_about_nothing(String path, int status, String error) {
            Answer answer = server.get(path);

            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            assertThat(answer.error()).isEqualTo(error);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '~',
                value = {
                    "half | {\"signature_name\":\"other\",\"instances\":[1]} | Serving signature name: \"other\" not found in signature def",
                    "half | {\"signature_name\":\"regress\",\"instances\":[1]} | Expected prediction signature method_name",
                    "half | {\"instances\":[[1]]} | input x: shape: '[1, 1]'",
                    "cube | {\"inputs\":1} | input x: shape: '[]'",
                    "add-sub | {\"instances\":[{\"a\":[1],\"b\":[1]}]} | input a: shape: '[1, 1]'",
                    "fp16 | {\"instances\":[[1,2]]} | Conversion of values of input x to type: half is not supported",
                    "uneven | {\"instances\":[1,2]} | Tensor name: sum has inconsistent batch size: 1 expecting: 2",
                    "half | {\"instances\":[1], \"inputs\":[1]} | Not formatted correctly"
                })
        void requests_that_do_not_fit_the_model(String model, String body, String error) {
            Answer answer = server.post("/v1/models/" + model + ":predict", body);

            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.error()).startsWith(error);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '~',
                value = {
                    "levels:regress | {\"examples\":[{\"x\":[1,2,3,4]}]} | Expected regression signature method_name to be tensorflow/serving/regress. Was: tensorflow/serving/predict",
                    "mixed:classify | {\"signature_name\":\"x\",\"examples\":[{\"number\":[1,2],\"fraction\":1,\"truth\":true,\"text\":\"a\"}]} | No signature was found with the name: x",
                    "levels:classify | {\"examples\":[{\"x\":[1,2,3]}]} | Feature: x. Number of values: 3",
                    "levels:classify | {\"examples\":[{\"y\":1}]} | Feature: x (data type: float) is required but could not be found.",
                    "half:classify | {\"examples\":[{\"x\":[1,2]}]} | Feature: x. Number of values: 2"
                })
        void examples_that_do_not_fit_the_model(String path, String body, String error) {
            Answer answer = server.post("/v1/models/" + path, body);

            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.error()).startsWith(error);
        }

        @Test
        void other_methods() {
            Answer answer = server.send(server.request(HALF).DELETE());

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.error()).isEqualTo("Malformed request: DELETE " + HALF);
        }

        @Test
        void bodies_over_the_limit() {
            Answer answer = server.post(HALF + ":predict", " ".repeat(RunningServer.MAX_BODY + 1));

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.error()).isNotEmpty();
        }

        @Test
        void what_breaks_inside_the_model_with_a_500() {
            assertThat(server.post("/v1/models/seven:predict", "{\"instances\":[1]}").status())
                    .isEqualTo(500);
        }
    }

    @Test
    void never_breaks_whatever_comes() {
        fuzz(
                "/v1/models/mixed:predict",
                "{\"instances\":[{\"number\":[1,2],\"fraction\":0.5,\"truth\":true,\"text\":[{\"b64\":\"aGVsbG8=\"}]}]}",
                "{\"inputs\":{\"text\":[[\"a\"]],\"number\":[[1,2]],\"fraction\":[1],\"truth\":[false]}}");
        fuzz("/v1/models/cube:predict", "{\"instances\":[[[1,2,3],[4,5,6]]]}");
        fuzz(
                "/v1/models/levels:classify",
                "{\"examples\":[{\"x\":[0.0,1.0,0.0,0.0]},{\"x\":[1,0,0,0]}],\"context\":{\"x\":[1,1,1,1]}}");
    }

    private static void fuzz(String path, String... bodies) {
        Mutants.of(bodies)
                .fewer(50)
                .forEach(body -> {
                    Answer answer =
                            server.send(
                                    server.request(path)
                                            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
                    assertThat(answer.status()).as(answer.body()).isBetween(200, 499);
                    if (answer.status() != 200) {
                        assertThat(answer.contentType()).isEqualTo("application/json");
                        assertThat(answer.error()).isNotEmpty();
                    }
                });
    }

    private static String ok(String path, String body) {
        Answer answer = server.post(path, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
