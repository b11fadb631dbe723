package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.RunningServer.Answer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a few bytes may stand for: 200 kB in flight altogether, bodies of 100 kB.
@Timeout(60)
final class MemoryLimitsIT {
    @TempDir Path root;
    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        Folders.put(root, "doubles", "1", "identity-fp64", "");
        Folders.put(root, "strings", "1", "identity-string", "");
        Folders.put(root, "levels", "1", "classifier", "max_batch_size: 4");
        function("vectors", "function: text_features");
        function("decode", "function: image_decode");
        function("resize", "function: image_resize", "width: 64", "height: 64");
        put(
                "shrink",
                """
                platform: "ensemble"
                max_batch_size: 0
                input [ { name: "file" data_type: TYPE_STRING dims: [ -1 ] } ]
                output [ { name: "small" data_type: TYPE_FP32 dims: [ -1, 64, 64, 3 ] } ]
                ensemble_scheduling {
                  step [
                    { model_name: "decode" model_version: -1
                      input_map { key: "image" value: "file" }
                      output_map { key: "pixels" value: "pixels" } },
                    { model_name: "resize" model_version: -1
                      input_map { key: "image" value: "pixels" }
                      output_map { key: "resized" value: "small" } }
                  ]
                }
                """);
        server =
                new RunningServer(
                        root,
                        new ServerExtras(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(500L)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_tensor_counts_before_there_is_memory_for_it() {
        // Neither has an element: it is the promise of the shape that is too much.
        String space = " ".repeat(80_000);
        Answer shapeFirst =
                infer(
                        "doubles",
                        "\"datatype\":\"FP64\",\"shape\":[38000],\"data\":[%s]}]}"
                                .formatted(space));
        assertThat(shapeFirst.status()).as(shapeFirst.body()).isEqualTo(413);
        Answer dataFirst =
                infer(
                        "doubles",
                        "\"data\":[%s],\"datatype\":\"FP64\",\"shape\":[38000]}]}"
                                .formatted(space));
        assertThat(dataFirst.status()).as(dataFirst.body()).isEqualTo(413);
        assertNothingIsHeld();
    }

    @Test
    void data_before_its_shape_is_read_all_the_same() {
        String ones = "1,".repeat(9_999) + "1";
        Answer answer =
                infer(
                        "doubles",
                        "\"data\":[%s],\"datatype\":\"FP64\",\"shape\":[5000,2]}]}"
                                .formatted(ones));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().get("outputs").get(0).get("data").size()).isEqualTo(10_000);
    }

    @Test
    void empty_texts_count_too() {
        String none = String.join(",", Collections.nCopies(12_000, "\"\""));
        Answer answer =
                infer(
                        "strings",
                        "\"datatype\":\"BYTES\",\"shape\":[12000],\"data\":[%s]}]}"
                                .formatted(none));
        assertThat(answer.status()).as(answer.body()).isEqualTo(413);
        assertNothingIsHeld();
    }

    @Test
    void what_a_function_makes_of_its_input_counts() {
        String none = String.join(",", Collections.nCopies(100, "\"\""));
        Answer answer = infer("vectors", texts("text", 100, none));
        assertThat(answer.status()).as(answer.body()).isEqualTo(413);
        assertThat(infer("vectors", texts("text", 1, "\"\"")).status()).isEqualTo(200);
        assertNothingIsHeld();
    }

    @Test
    void every_step_of_an_ensemble_counts() throws IOException {
        Answer one = images(1);
        assertThat(one.status()).as(one.body()).isEqualTo(200);
        Answer many = images(8);
        assertThat(many.status()).as(many.body()).isEqualTo(413);
        assertThat(many.error()).startsWith("step 2 (resize): overloaded");
        assertNothingIsHeld();
    }

    @Test
    void an_announced_length_takes_nothing_from_others() throws IOException {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < RunningServer.MAX_IN_FLIGHT - 1; i++) {
                idle.add(server.unfinished("/v2/models/levels/infer", RunningServer.MAX_BODY));
            }
            assertThat(server.post("/v2/models/levels/infer", Folders.ROW).status()).isEqualTo(200);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void the_repository_reads_bodies_within_the_same_bounds() throws IOException {
        try (Socket first = server.unfinished("/v2/repository/index", RunningServer.MAX_BODY);
                Socket second = server.unfinished("/v2/repository/index", RunningServer.MAX_BODY)) {
            first.getOutputStream().write(new byte[RunningServer.MAX_BODY - 1]);
            second.getOutputStream().write(new byte[RunningServer.MAX_BODY - 1]);
            awaitHeld(2 * RunningServer.MAX_BODY);
            Answer shed = server.post("/v2/repository/index", "{\"ready\":true}");
            assertThat(shed.status()).isEqualTo(429);
            assertThat(shed.response().headers().firstValue("retry-after")).hasValue("1");
            // Bodies that do not come end here too.
            first.getInputStream().readAllBytes();
            second.getInputStream().readAllBytes();
        }
        assertNothingIsHeld();
        assertThat(server.post("/v2/repository/index", "").status()).isEqualTo(200);
    }

    @Test
    void two_lengths_of_one_body_are_refused() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write(
                            ("POST /v2/models/levels/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                                            + "Content-Length: %d\r\n\r\n%s")
                                    .formatted(Folders.ROW.length(), Folders.ROW)
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400 ")
                    .doesNotContain("HTTP/1.1 200 ");
        }
    }

    @Test
    void a_tensor_of_zeros_may_come_packed() throws IOException {
        String zeros = "0,".repeat(4_999) + "0";
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(
                    ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP64\",\"shape\":[2500,2],\"data\":["
                                    + zeros
                                    + "]}]}")
                            .getBytes(StandardCharsets.US_ASCII));
        }
        Answer answer =
                server.send(
                        server.request("/v2/models/doubles/infer")
                                .header("Content-Encoding", "gzip")
                                .POST(BodyPublishers.ofByteArray(packed.toByteArray())));
        assertThat(answer.status()).isEqualTo(200);
    }

    private Answer images(int count) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png", png);
        byte[] file = png.toByteArray();
        String json =
                "{\"inputs\":[{\"name\":\"file\",\"datatype\":\"BYTES\",\"shape\":[%d],"
                                .formatted(count)
                        + "\"parameters\":{\"binary_data_size\":%d}}]}"
                                .formatted(count * (4 + file.length));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(json.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < count; i++) {
            body.writeBytes(new byte[] {(byte) file.length, 0, 0, 0});
            body.writeBytes(file);
        }
        return server.send(
                server.request("/v2/models/shrink/infer")
                        .header("Inference-Header-Content-Length", String.valueOf(json.length()))
                        .POST(BodyPublishers.ofByteArray(body.toByteArray())));
    }

    private Answer infer(String model, String input) {
        String name = input.startsWith("\"name\"") ? "" : "\"name\":\"x\",";
        return server.post("/v2/models/" + model + "/infer", "{\"inputs\":[{" + name + input);
    }

    private static String texts(String name, int count, String values) {
        return "\"name\":\"%s\",\"datatype\":\"BYTES\",\"shape\":[%d],\"data\":[%s]}]}"
                .formatted(name, count, values);
    }

    private void function(String name, String... parameters) throws IOException {
        StringBuilder config = new StringBuilder("backend: \"function\"\n");
        for (String parameter : parameters) {
            String[] pair = parameter.split(": ", 2);
            config.append(
                    "parameters { key: \"%s\" value { string_value: \"%s\" } }\n"
                            .formatted(pair[0], pair[1]));
        }
        put(name, config.toString());
    }

    private void put(String name, String config) throws IOException {
        Files.createDirectories(root.resolve(name).resolve("1"));
        Files.writeString(root.resolve(name).resolve("config.pbtxt"), config);
    }

    private void awaitHeld(long bytes) {
        while (held() < bytes) {
            Thread.onSpinWait();
        }
    }

    private void assertNothingIsHeld() {
        while (held() > 0) {
            Thread.onSpinWait();
        }
    }

    private double held() {
        return server.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("tidemill_server_in_flight_bytes "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }
}
