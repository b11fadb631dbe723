package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The binary tensor data extension, both ways.
class BinaryTensorIT {
    private static RunningServer server;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = new RunningServer(Artifact.classifier(folder, "levels", "middle"));
    }

    @AfterAll
    static void stop() {
        CLIENT.close();
        server.close();
    }

    @Test
    void takes_values_behind_the_json_and_gives_them_so_when_asked() throws Exception {
        String json =
                """
                {"inputs":[{"name":"x","shape":[2,4],"datatype":"FP32","parameters":{"binary_data_size":32}}],
                 "outputs":[{"name":"label"},{"name":"scores","parameters":{"binary_data":true}}]}\
                """;
        Answer answer = send(json, floats(9, 0, 0, 0, 0, 0, 9, 0));

        assertThat(answer.response().headers().firstValue("content-type"))
                .hasValue("application/octet-stream");
        assertThat(answer.json().get("outputs").get(0).get("data").get(1).asString())
                .isEqualTo("high");
        JsonNode scores = answer.json().get("outputs").get(1);
        assertThat(scores.has("data")).isFalse();
        int size = scores.get("parameters").get("binary_data_size").asInt();
        assertThat(answer.tail()).hasSize(size);
        assertThat(size).isEqualTo(2 * 3 * 4);
    }

    @Test
    void gives_everything_behind_the_json_when_the_request_says_so() throws Exception {
        String json =
                """
                {"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[9,0,0,0]}],
                 "parameters":{"binary_data_output":true}}\
                """;
        Answer answer = send(json, new byte[0]);

        byte[] label = "low".getBytes(StandardCharsets.US_ASCII);
        byte[] tail = answer.tail();
        assertThat(Arrays.copyOfRange(tail, tail.length - 3, tail.length)).isEqualTo(label);
        assertThat(ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt(tail.length - 7))
                .isEqualTo(3);
    }

    @Test
    void takes_a_body_that_is_all_tensor() throws Exception {
        HttpResponse<byte[]> response =
                CLIENT.send(
                        server.request("/v2/models/levels/infer")
                                .header("Inference-Header-Content-Length", "0")
                                .POST(BodyPublishers.ofByteArray(floats(0, 9, 0, 0)))
                                .build(),
                        BodyHandlers.ofByteArray());

        Answer answer = new Answer(response);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(answer.json().get("outputs").get(0).get("shape").get(0).asInt()).isEqualTo(1);
    }

    @Test
    void gives_the_largest_classes_with_their_labels() throws Exception {
        String json =
                """
                {"inputs":[{"name":"x","shape":[2,4],"datatype":"FP32","data":[9,1,0,0,0,0,9,0]}],
                 "outputs":[{"name":"scores","parameters":{"classification":2}}]}\
                """;
        Answer answer = send(json, new byte[0]);

        JsonNode output = answer.json().get("outputs").get(0);
        assertThat(output.get("datatype").asString()).isEqualTo("BYTES");
        assertThat(output.get("shape").toString()).isEqualTo("[2,2]");
        assertThat(output.get("data").get(0).asString()).matches("\\d+\\.\\d{6}:0:low");
        assertThat(output.get("data").get(2).asString()).matches("\\d+\\.\\d{6}:2:high");
    }

    @Test
    void refuses_bytes_that_are_missing_too_many_or_too_few_for_the_shape() throws Exception {
        assertThat(refusal(input(32), new byte[31])).contains("expecting 1 additional bytes");
        assertThat(refusal(input(32), new byte[33])).contains("unexpected additional input data");
        assertThat(refusal(input(28), new byte[28])).contains("'28 bytes' (expected: 32");
        assertThat(refusal(input(-1), new byte[32])).contains("binary_data_size");
    }

    @Test
    void refuses_a_header_length_beyond_the_body() throws Exception {
        HttpResponse<String> response =
                CLIENT.send(
                        server.request("/v2/models/levels/infer")
                                .header("Inference-Header-Content-Length", "100000")
                                .POST(BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("inference header size should be in range (0, 2)");
    }

    @Test
    void the_length_of_the_json_is_that_of_the_unpacked_body() throws Exception {
        byte[] head = input(32).getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(head, head.length + 32);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(body);
        }
        HttpResponse<String> response =
                CLIENT.send(
                        server.request("/v2/models/levels/infer")
                                .header("Content-Encoding", "gzip")
                                .header(
                                        "Inference-Header-Content-Length",
                                        String.valueOf(head.length))
                                .POST(BodyPublishers.ofByteArray(packed.toByteArray()))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    @Test
    void a_packed_answer_says_how_long_its_json_is_when_unpacked() throws Exception {
        int rows = 1000;
        String json =
                """
                {"inputs":[{"name":"x","shape":[1000,4],"datatype":"FP32","parameters":{"binary_data_size":16000}}],
                 "outputs":[{"name":"scores","parameters":{"binary_data":true}}]}\
                """;
        byte[] head = json.getBytes(StandardCharsets.UTF_8);
        HttpResponse<byte[]> response =
                CLIENT.send(
                        server.request("/v2/models/levels/infer")
                                .header("Accept-Encoding", "gzip, deflate")
                                .header(
                                        "Inference-Header-Content-Length",
                                        String.valueOf(head.length))
                                .POST(
                                        BodyPublishers.ofByteArray(
                                                Arrays.copyOf(head, head.length + rows * 16)))
                                .build(),
                        BodyHandlers.ofByteArray());
        assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
        byte[] body;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            body = in.readAllBytes();
        }
        int length =
                Integer.parseInt(
                        response.headers()
                                .firstValue("inference-header-content-length")
                                .orElseThrow());
        assertThat(body).hasSize(length + rows * 3 * 4);
        assertThat(JsonMapper.shared().readTree(Arrays.copyOf(body, length)).has("outputs"))
                .isTrue();
    }

    private static String input(int size) {
        return "{\"inputs\":[{\"name\":\"x\",\"shape\":[2,4],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":"
                + size
                + "}}]}";
    }

    private static String refusal(String json, byte[] tail) throws Exception {
        HttpResponse<byte[]> response = send(json, tail).response();
        assertThat(response.statusCode()).isEqualTo(400);
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static Answer send(String json, byte[] tail) throws IOException, InterruptedException {
        byte[] head = json.getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, body, head.length, tail.length);
        return new Answer(
                CLIENT.send(
                        server.request("/v2/models/levels/infer")
                                .header(
                                        "Inference-Header-Content-Length",
                                        String.valueOf(head.length))
                                .POST(BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.ofByteArray()));
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private record Answer(HttpResponse<byte[]> response) {
        JsonNode json() {
            return JsonMapper.shared()
                    .readTree(
                            Arrays.copyOf(response.body(), response.body().length - tailLength()));
        }

        byte[] tail() {
            int length = response.body().length;
            return Arrays.copyOfRange(response.body(), length - tailLength(), length);
        }

        private int tailLength() {
            return response.headers()
                    .firstValue("inference-header-content-length")
                    .map(value -> response.body().length - Integer.parseInt(value))
                    .orElse(0);
        }
    }
}
