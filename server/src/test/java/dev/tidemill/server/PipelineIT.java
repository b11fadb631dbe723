package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.server.RunningServer.Answer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `docs/pipelines.md` as written, behind a real port.
final class PipelineIT {
    private static final Path PAGE = Path.of("..", "docs", "pipelines.md");
    private static final Pattern FILE =
            Pattern.compile("\n`([a-z]+/[a-z.]+)`\n\n```\n(.*?)```", Pattern.DOTALL);

    @TempDir Path root;

    @BeforeEach
    void example() throws IOException {
        Matcher file = FILE.matcher(Files.readString(PAGE));
        while (file.find()) {
            put(file.group(1), file.group(2));
        }
        model("colours/1/model.onnx", "colours");
    }

    @Test
    void names_the_colours_of_a_photo() throws Exception {
        try (RunningServer server = new RunningServer(Folders.served(root, "none"))) {
            assertThat(server.isReady()).isTrue();
            byte[] green = png(20, 10, 0x2060c0, 0x20ff40);
            Answer answer = raw(server, green);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            // The means are 32, 175.5 and 128; softmax of a twentieth of them.
            double sum = Math.exp(1.6) + Math.exp(8.775) + Math.exp(6.4);
            JsonNode outputs = header(answer).get("outputs");
            assertThat(outputs.get(0).get("name").asString()).isEqualTo("colours");
            assertThat(outputs.get(0).get("shape").toString()).isEqualTo("[1,2]");
            assertThat(answer.body()).contains("green").contains("blue").doesNotContain("red");
            assertThat(floatsAtTheEnd(server, green, 2))
                    .containsExactly(
                            new float[] {
                                (float) (Math.exp(8.775) / sum), (float) (Math.exp(6.4) / sum)
                            },
                            within(1e-5f));
            Answer shares = json(server, "photo", "{\"name\":\"shares\"}");
            assertThat(shares.status()).isEqualTo(400);
            assertThat(shares.error())
                    .isEqualTo(
                            "step 1 (decode): image 0: 'unknown' (expected: JPEG, PNG, BMP or GIF)");
        }
    }

    @Test
    void shows_what_it_is_made_of_and_what_each_step_did() throws IOException {
        try (RunningServer server = new RunningServer(Folders.served(root, "none"))) {
            assertThat(raw(server, png(5, 5, 0, 0)).status()).isEqualTo(200);
            JsonNode config = server.get("/v2/models/photo/config").json();
            assertThat(config.get("platform").asString()).isEqualTo("ensemble");
            assertThat(config.get("ensemble_scheduling").get("step").size()).isEqualTo(5);
            assertThat(config.has("instance_group")).isFalse();
            assertThat(server.get("/v2/models/decode/config").json().get("backend").asString())
                    .isEqualTo("function");
            json(server, "photo", "{\"name\":\"shares\"}");
            assertThat(count(server, "photo", "success")).isEqualTo(1);
            assertThat(count(server, "photo", "fail")).isEqualTo(1);
            assertThat(count(server, "decode", "success")).isEqualTo(1);
            assertThat(count(server, "decode", "fail")).isEqualTo(1);
            assertThat(count(server, "best", "success")).isEqualTo(1);
            assertThat(count(server, "best", "fail")).isZero();
        }
    }

    @Test
    void comes_and_goes_with_its_models() throws IOException {
        try (RunningServer server = new RunningServer(Folders.served(root, "explicit"))) {
            assertThat(server.get("/v2/models/photo/ready").status()).isEqualTo(503);
            // Brings the models of its steps along.
            assertThat(server.post("/v2/repository/models/photo/load", "").status()).isEqualTo(200);
            assertThat(raw(server, png(5, 5, 0, 0)).status()).isEqualTo(200);
            assertThat(server.post("/v2/repository/models/colours/unload", "").status())
                    .isEqualTo(200);
            assertThat(server.get("/v2/models/photo/ready").status()).isEqualTo(503);
            Answer refused = raw(server, png(5, 5, 0, 0));
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.error())
                    .startsWith("model photo is not ready: step 3 (colours): model: 'colours' is ");
            assertThat(server.get("/v2/models/decode/ready").status()).isEqualTo(200);
            assertThat(server.post("/v2/repository/models/colours/load", "").status())
                    .isEqualTo(200);
            assertThat(server.get("/v2/models/photo/ready").status()).isEqualTo(200);
            assertThat(raw(server, png(5, 5, 0, 0)).status()).isEqualTo(200);
        }
    }

    @Test
    void a_new_graph_that_misses_a_model_leaves_the_old_one_serving() throws IOException {
        try (RunningServer server = new RunningServer(Folders.served(root, "explicit"))) {
            server.post("/v2/repository/models/photo/load", "");
            String config = Files.readString(root.resolve("photo/config.pbtxt"));
            put("photo/config.pbtxt", config.replace("\"resize\"", "\"shrink\""));
            Answer refused = server.post("/v2/repository/models/photo/load", "");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.error()).contains("step 2 (shrink): model: 'shrink' (expected: ");
            assertThat(raw(server, png(5, 5, 0, 0)).status()).isEqualTo(200);
        }
    }

    @Test
    void a_function_that_nobody_knows_is_a_failure_of_its_model_alone() throws IOException {
        put(
                "wrong/config.pbtxt",
                "backend: \"function\" parameters { key: \"function\" value { string_value: \"soft_max\" } }");
        try (RunningServer server = new RunningServer(Folders.served(root, "none"))) {
            assertThat(server.get("/v2/models/photo/ready").status()).isEqualTo(200);
            assertThat(server.post("/v2/models/wrong/infer", "{}").error())
                    .isEqualTo(
                            "model wrong is not ready: parameters.function: 'soft_max' (expected: softmax?)");
        }
    }

    /// The layout of Triton's own example: a version folder with nothing in it.
    @Test
    void serves_ensembles_made_for_triton() throws IOException {
        model("simple/1/model.onnx", "add-sub");
        Files.createDirectories(root.resolve("ensemble/1"));
        put("ensemble/config.pbtxt", twice());
        try (RunningServer server = new RunningServer(Folders.served(root, "none"))) {
            String numbers = "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]";
            String ones = "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]";
            Answer answer =
                    server.post(
                            "/v2/models/ensemble/versions/1/infer",
                            """
                            {"inputs":[{"name":"INPUT0","datatype":"INT32","shape":[1,16],"data":%s},
                             {"name":"INPUT1","datatype":"INT32","shape":[1,16],"data":%s}]}\
                            """
                                    .formatted(numbers, ones));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            // (a + b) + (a - b) and (a + b) - (a - b)
            assertThat(answer.json().get("outputs").get(0).get("data").toString())
                    .isEqualTo("[2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,32]");
            assertThat(answer.json().get("outputs").get(1).get("data").toString())
                    .isEqualTo(ones.replace('1', '2'));
        }
    }

    private static String twice() {
        return """
        platform: "ensemble"
        max_batch_size: 8
        input [ { name: "INPUT0" data_type: TYPE_INT32 dims: [ 16 ] },
                { name: "INPUT1" data_type: TYPE_INT32 dims: [ 16 ] } ]
        output [ { name: "OUTPUT0" data_type: TYPE_INT32 dims: [ 16 ] },
                 { name: "OUTPUT1" data_type: TYPE_INT32 dims: [ 16 ] } ]
        ensemble_scheduling { step [
          { model_name: "simple" model_version: -1
            input_map { key: "a" value: "INPUT0" } input_map { key: "b" value: "INPUT1" }
            output_map { key: "sum" value: "s" } output_map { key: "difference" value: "d" } },
          { model_name: "simple" model_version: -1
            input_map { key: "a" value: "s" } input_map { key: "b" value: "d" }
            output_map { key: "sum" value: "OUTPUT0" }
            output_map { key: "difference" value: "OUTPUT1" } } ] }
        """;
    }

    private static int count(RunningServer server, String model, String what) {
        return server.get("/v2/models/" + model + "/stats")
                .json()
                .get("model_stats")
                .get(0)
                .get("inference_stats")
                .get(what)
                .get("count")
                .asInt();
    }

    private static Answer raw(RunningServer server, byte[] body) {
        return server.send(
                server.request("/v2/models/photo/infer")
                        .header("Inference-Header-Content-Length", "0")
                        .POST(BodyPublishers.ofByteArray(body)));
    }

    private static Answer json(RunningServer server, String model, String output) {
        return server.post(
                "/v2/models/" + model + "/infer",
                """
                {"inputs":[{"name":"photo","datatype":"BYTES","shape":[1],"data":["no image"]}],
                 "outputs":[%s]}\
                """
                        .formatted(output));
    }

    /// The answer's JSON, which the binary values follow.
    private static JsonNode header(Answer answer) {
        int length =
                Integer.parseInt(
                        answer.response()
                                .headers()
                                .firstValue("Inference-Header-Content-Length")
                                .orElseThrow());
        return JsonMapper.shared().readTree(answer.body().substring(0, length));
    }

    private static float[] floatsAtTheEnd(RunningServer server, byte[] photo, int count)
            throws IOException, InterruptedException {
        byte[] body;
        try (HttpClient client = HttpClient.newHttpClient()) {
            body =
                    client.send(
                                    server.request("/v2/models/photo/infer")
                                            .header("Inference-Header-Content-Length", "0")
                                            .POST(BodyPublishers.ofByteArray(photo))
                                            .build(),
                                    BodyHandlers.ofByteArray())
                            .body();
        }
        float[] values = new float[count];
        ByteBuffer.wrap(body)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(body.length - 4 * count)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    /// Half of one colour, half of another.
    private static byte[] png(int width, int height, int left, int right) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, x < width / 2 ? left : right);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private void put(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private void model(String path, String model) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        try (InputStream in = getClass().getResourceAsStream("/models/" + model + ".onnx")) {
            Files.copy(Objects.requireNonNull(in, model), file);
        }
    }
}
