package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.RunningServer.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PredictIT {
    @TempDir Path folder;

    @Test
    void answers_with_a_label_its_time_and_the_version() {
        try (RunningServer server =
                new RunningServer(
                        Artifact.classifier(folder, "levels", "middle"),
                        Artifact.text(folder, "colours"))) {
            Answer answer = server.post("/predict", "{\"text\":\"hello there\"}");

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.json().propertyNames())
                    .containsExactly("prediction", "latency_ms", "model_version");
            assertThat(answer.json().get("prediction").asString()).isIn("red", "green", "blue");
            assertThat(answer.json().get("latency_ms").doubleValue()).isPositive();
            assertThat(answer.json().get("model_version").asString()).isEqualTo("3");
        }
    }

    @Test
    void gives_the_label_that_inference_gives() {
        try (RunningServer server = new RunningServer(Artifact.text(folder, "colours"))) {
            for (String text :
                    List.of("", "When is the exam?", "考试什么时候？", "🙂", "a".repeat(5000))) {
                String inferred =
                        server.post(
                                        "/v2/models/colours/infer",
                                        "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"%s\"]}]}"
                                                .formatted(text))
                                .json()
                                .get("outputs")
                                .get(1)
                                .get("data")
                                .get(0)
                                .asString();

                assertThat(predict(server, text)).as(text).isEqualTo(inferred);
            }
        }
    }

    @Test
    void cuts_the_text_where_asked_to() {
        try (RunningServer server = new RunningServer(Artifact.text(folder, "colours"))) {
            String cut =
                    server.post("/predict", "{\"text\":\"🙂🙂bcdefgh\",\"max_length\":3}")
                            .json()
                            .get("prediction")
                            .asString();

            assertThat(cut).isEqualTo(predict(server, "🙂🙂b"));
        }
    }

    @Test
    void cuts_the_text_after_128_characters_unless_asked_otherwise() {
        try (RunningServer server = new RunningServer(Artifact.text(folder, "colours"))) {
            // 128 different characters, and then enough of one to decide the label, were it read.
            String start =
                    IntStream.range(0x4e00, 0x4e00 + 128)
                            .mapToObj(Character::toString)
                            .collect(Collectors.joining());
            Set<String> uncut = new HashSet<>();
            for (String rest : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
                String text = start + rest.repeat(72);
                String longer = "{\"text\":\"%s\",\"max_length\":200}".formatted(text);

                assertThat(predict(server, text)).isEqualTo(predict(server, start));
                uncut.add(server.post("/predict", longer).json().get("prediction").asString());
            }
            assertThat(uncut).hasSizeGreaterThan(1);
        }
    }

    @Test
    void refuses_what_is_not_its_body() {
        try (RunningServer server = new RunningServer(Artifact.text(folder, "colours"))) {
            for (String body :
                    List.of(
                            "",
                            "{}",
                            "{\"text\":null}",
                            "{\"text\":7}",
                            "{\"text\":\"a\",\"max_length\":0}",
                            "{\"text\":\"a\",\"max_length\":1.5}",
                            "{\"text\":\"a\",\"max_length\":\"9\"}",
                            "[\"a\"]")) {
                Answer answer = server.post("/predict", body);

                assertThat(answer.status()).as(body).isEqualTo(400);
                assertThat(answer.error()).isNotBlank();
            }
        }
    }

    @Test
    void needs_a_name_when_several_models_take_text() {
        try (RunningServer server =
                new RunningServer(
                        Artifact.text(folder, "colours"), Artifact.text(folder, "shades"))) {
            Answer unnamed = server.post("/predict", "{\"text\":\"a\"}");
            assertThat(unnamed.status()).isEqualTo(400);
            assertThat(unnamed.error())
                    .isEqualTo("tidemill-model: 'missing' (expected: one of [colours, shades])");

            assertThat(named(server, "shades").status()).isEqualTo(200);
            assertThat(named(server, "none").status()).isEqualTo(404);
        }
    }

    @Test
    void is_not_there_for_models_that_take_no_text() {
        try (RunningServer server =
                new RunningServer(Artifact.classifier(folder, "levels", "middle"))) {
            assertThat(server.post("/predict", "{\"text\":\"a\"}").status()).isEqualTo(404);
            assertThat(named(server, "levels").status()).isEqualTo(400);
        }
    }

    @Test
    void says_that_it_is_healthy_and_which_version_answers() {
        try (RunningServer server = new RunningServer(Artifact.text(folder, "colours"))) {
            assertThat(server.get("/health").body())
                    .isEqualTo("{\"status\":\"healthy\",\"model_version\":\"3\"}");
            assertThat(server.get("/ready").body())
                    .isEqualTo("{\"status\":\"ready\",\"model_version\":\"3\"}");
        }
    }

    @Test
    void says_why_it_is_not_ready() {
        try (RunningServer server = new RunningServer(Artifact.plain(folder, "broken", "broken"))) {
            Answer answer = server.get("/ready");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json().get("status").asString()).isEqualTo("not ready");
            assertThat(answer.json().get("reason").asString()).startsWith("model broken: ");
        }
    }

    @Test
    void answers_to_the_articles_probes() {
        try (RunningServer server = new RunningServer(Artifact.text(folder, "colours"))) {
            for (String path :
                    List.of(
                            "/health",
                            "/ready",
                            "/actuator/health",
                            "/actuator/health/liveness",
                            "/actuator/health/readiness",
                            "/actuator/prometheus",
                            "/metrics")) {
                assertThat(server.get(path).status()).as(path).isEqualTo(200);
            }
            assertThat(server.post("/api/v1/predict", "{\"text\":\"a\"}").status()).isEqualTo(200);
        }
    }

    private static String predict(RunningServer server, String text) {
        return server.post("/predict", "{\"text\":\"" + text + "\"}")
                .json()
                .get("prediction")
                .asString();
    }

    private static Answer named(RunningServer server, String model) {
        return server.send(
                server.request("/predict")
                        .header("tidemill-model", model)
                        .POST(BodyPublishers.ofString("{\"text\":\"a\"}")));
    }
}
