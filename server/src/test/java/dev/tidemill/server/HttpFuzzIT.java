package dev.tidemill.server;

import static dev.tidemill.server.fuzz.Bytes.utf8;

import dev.tidemill.server.fuzz.Answer;
import dev.tidemill.server.fuzz.Bytes;
import dev.tidemill.server.fuzz.Fuzz;
import dev.tidemill.server.fuzz.Fuzz.AtLeast;
import dev.tidemill.server.fuzz.RawHttp;
import dev.tidemill.server.fuzz.Syntax;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whatever body comes over HTTP, the answer is right or the client's mistake in the protocol's
/// words, and comes soon. `dev/fuzz` for a million bodies of each kind.
final class HttpFuzzIT {
    private static final JsonMapper ANSWERS =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
    private static final String LENGTH = "Inference-Header-Content-Length";
    private static final String EVENTS = "text/event-stream; charset=utf-8";
    private static final Pattern TIMEOUT = Pattern.compile("\"timeout\"\\s*:\\s*(\\d+)");
    private static final int WORKERS = 3;

    @TempDir static Path folder;
    private static RunningServer server;
    private static RunningServer kserve;

    /// @param header of the length of the JSON; empty for none
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Request(String path, String header, byte[] body) {
        @Override
        public String toString() {
            return "POST %s %s%s".formatted(path, header.strip(), "\n" + Bytes.shown(body));
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Seed(String path, byte[] body, byte[] tail) {
        static Seed of(String path, String body) {
            return new Seed(path, utf8(body), new byte[0]);
        }

        static Seed infer(String model, String inputs) {
            return of("/v2/models/" + model + "/infer", "{\"inputs\":[" + inputs + "]}");
        }
    }

    @BeforeAll
    static void start() {
        server =
                new RunningServer(
                        Artifact.classifier(folder, "levels", "middle"),
                        Artifact.text(folder, "colours"),
                        Artifact.plain(folder, "add-sub", "add-sub"),
                        Artifact.plain(folder, "fp32", "identity-fp32"),
                        Artifact.plain(folder, "half", "identity-fp16"),
                        Artifact.plain(folder, "bool", "identity-bool"),
                        Artifact.plain(folder, "bytes", "identity-string"),
                        Artifact.plain(folder, "long", "identity-int64"),
                        Artifact.plain(folder, "small", "identity-uint8"),
                        Artifact.plain(folder, "big", "identity-uint64"),
                        Artifact.plain(folder, "cube", "cube"),
                        Artifact.plain(folder, "mixed", "mixed"),
                        Artifact.plain(folder, "plus-two", "half-plus-two"));
        kserve =
                new RunningServer(
                        V1Flavour.KSERVE,
                        Artifact.classifier(folder, "k-levels", "middle"),
                        Artifact.plain(folder, "k-mixed", "mixed"),
                        Artifact.plain(folder, "k-cube", "cube"));
    }

    @AfterAll
    static void stop() {
        server.close();
        kserve.close();
    }

    @Test
    void open_inference_json() throws InterruptedException {
        Syntax syntax =
                new Syntax(
                        List.of(
                                "\"inputs\"",
                                "\"outputs\"",
                                "\"parameters\"",
                                "\"name\"",
                                "\"shape\"",
                                "\"datatype\"",
                                "\"data\"",
                                "\"id\"",
                                "\"x\"",
                                "\"label\"",
                                "\"scores\"",
                                "\"binary_data_size\"",
                                "\"binary_data\"",
                                "\"binary_data_output\"",
                                "\"classification\"",
                                "\"priority\"",
                                "\"timeout\"",
                                "\"FP32\"",
                                "\"FP64\"",
                                "\"INT8\"",
                                "\"UINT64\"",
                                "\"BOOL\"",
                                "\"BYTES\"",
                                "\"FP16\"",
                                "\"BF16\"",
                                "[1]",
                                "[-1]",
                                "[0]",
                                "[1,4]",
                                "[2,4]",
                                "[0,9223372036854775807]",
                                "[65536,65536]"),
                        ",");
        fuzz(
                server,
                "Open Inference JSON",
                documents(syntax, OPEN_INFERENCE),
                new AtLeast(0.05, 0.5, 100));
    }

    @Test
    void open_inference_binary() throws InterruptedException {
        Syntax syntax =
                new Syntax(
                        List.of(
                                "\"binary_data_size\"",
                                "\"binary_data\"",
                                "\"binary_data_output\"",
                                "\"parameters\"",
                                "\"data\"",
                                "\"BYTES\"",
                                "\"FP16\"",
                                "\"INT64\"",
                                "[0]",
                                "[2,4]",
                                "[1,4]",
                                "\"x\""),
                        ",");
        fuzz(
                server,
                "Open Inference binary",
                random -> binary(syntax, random),
                new AtLeast(0.05, 0.5, 60));
    }

    @Test
    void tfserving_rows_and_columns() throws InterruptedException {
        fuzz(
                server,
                "TensorFlow Serving JSON",
                documents(V1, TFSERVING),
                new AtLeast(0.05, 0.5, 100));
    }

    @Test
    void kserve_rows() throws InterruptedException {
        fuzz(kserve, "KServe V1 JSON", documents(V1, KSERVE), new AtLeast(0.05, 0.5, 60));
    }

    @Test
    void predictions_and_the_repository() throws InterruptedException {
        Syntax syntax =
                new Syntax(
                        List.of(
                                "\"text\"",
                                "\"max_length\"",
                                "\"model\"",
                                "\"parameters\"",
                                "\"config\"",
                                "\"ready\"",
                                "\"unload_dependents\"",
                                "\"file:1/model.onnx\"",
                                "\"file:../x\""),
                        ",");
        fuzz(
                server,
                "/predict and repository JSON",
                documents(syntax, SMALL),
                new AtLeast(0.05, 0.25, 30));
    }

    @Test
    void generate() throws InterruptedException {
        Syntax syntax =
                new Syntax(
                        List.of(
                                "\"id\"",
                                "\"parameters\"",
                                "\"a\"",
                                "\"b\"",
                                "\"x\"",
                                "\"text\"",
                                "\"number\"",
                                "[1,2,3,4]",
                                "[[1,2],[3,4]]",
                                "[\"a\",\"b\"]"),
                        ",");
        fuzz(server, "generate JSON", documents(syntax, GENERATE), new AtLeast(0.05, 0.3, 30));
    }

    private static void fuzz(
            RunningServer target, String name, Fuzz.Inputs<Request> inputs, AtLeast atLeast)
            throws InterruptedException {
        new Fuzz<>(name, inputs, () -> new Client(target.port()), WORKERS, atLeast).run();
    }

    private static Fuzz.Inputs<Request> documents(Syntax syntax, List<Seed> seeds) {
        return random -> {
            Seed seed = seeds.get(random.nextInt(seeds.size()));
            Seed donor = seeds.get(random.nextInt(seeds.size()));
            return new Request(seed.path(), "", syntax.mutant(seed.body(), donor.body(), random));
        };
    }

    private static Request binary(Syntax syntax, SplittableRandom random) {
        Seed seed = BINARY.get(random.nextInt(BINARY.size()));
        Seed donor = BINARY.get(random.nextInt(BINARY.size()));
        byte[] json = seed.body();
        byte[] tail = seed.tail();
        int what = random.nextInt(4);
        if (what < 2 && json.length > 0) {
            json = syntax.mutant(json, donor.body(), random);
        }
        if (what > 0) {
            tail = random.nextInt(6) == 0 ? Bytes.join(tail, donor.tail()) : lied(tail, random);
        }
        String header =
                switch (random.nextInt(12)) {
                    case 0 -> length(String.valueOf(json.length + random.nextInt(-3, 4)));
                    case 1 -> length(LENGTHS.get(random.nextInt(LENGTHS.size())));
                    case 2 ->
                            random.nextBoolean() ? "" : length(String.valueOf(random.nextInt(300)));
                    default -> length(String.valueOf(json.length));
                };
        return new Request(seed.path(), header, Bytes.join(json, tail));
    }

    private static final List<String> LENGTHS =
            List.of(
                    "0",
                    "-1",
                    "+1",
                    "2147483647",
                    "2147483648",
                    "99999999999999999999",
                    "",
                    "x",
                    "1.0",
                    "0x10",
                    "1, 2",
                    "1 1");

    private static String length(String value) {
        return LENGTH + ": " + value + "\r\n";
    }

    /// Other bytes, or another length before a text.
    private static byte[] lied(byte[] tail, SplittableRandom random) {
        if (tail.length >= 4 && random.nextBoolean()) {
            byte[] lie = tail.clone();
            int at = 4 * random.nextInt(tail.length / 4);
            Arrays.fill(lie, at, at + 4, (byte) (random.nextBoolean() ? 0xff : random.nextInt(3)));
            lie[at + 3] = (byte) (random.nextBoolean() ? 0x7f : 0);
            return lie;
        }
        return Bytes.change(tail, random);
    }

    private static final class Client implements Fuzz.Taker<Request> {
        private final RawHttp http;

        Client(int port) {
            http = new RawHttp(port);
        }

        @Override
        public Answer take(Request request) throws IOException {
            RawHttp.Response response;
            try {
                response = http.post(request.path(), request.header(), request.body());
            } catch (SocketException e) {
                if (request.body().length <= RunningServer.LARGEST_READ) {
                    throw e;
                }
                return new Answer.Refused("a body that anybody reads to its end", true);
            }
            int status = response.status();
            if (status == 200) {
                return isWhole(response)
                        ? new Answer.Accepted()
                        : new Answer.Wrong("200 with " + response.text());
            }
            if (status == 503 && isImpatient(request, response)) {
                return new Answer.Refused("a turn within the timeout", false);
            }
            if (status < 400 || status > 499) {
                return new Answer.Wrong(status + " with " + response.text());
            }
            JsonNode error = error(response);
            return error == null
                    ? new Answer.Wrong(status + " with no error in " + response.text())
                    : refused(error.asString());
        }

        @Override
        public void close() {
            http.close();
        }

        /// Who says that it will wait for some microseconds only may be told that those are over.
        private static boolean isImpatient(Request request, RawHttp.Response response) {
            Matcher timeout = TIMEOUT.matcher(new String(request.body(), StandardCharsets.UTF_8));
            boolean few = false;
            while (timeout.find()) {
                few |= timeout.group(1).length() <= 7;
            }
            return few && response.text().contains("Request timeout expired");
        }

        private static Answer refused(String why) {
            return new Answer.Refused(
                    why, why.startsWith("body at line") || why.startsWith("JSON Parse error"));
        }

        private static boolean isWhole(RawHttp.Response response) {
            if (response.body().length == 0) {
                return true;
            }
            int json =
                    response.header("inference-header-content-length")
                            .map(Integer::parseInt)
                            .orElse(response.body().length);
            try {
                if (response.header("content-type").filter(EVENTS::equals).isPresent()) {
                    return event(response.text()).isObject();
                }
                JsonNode tree = ANSWERS.readTree(response.body(), 0, json);
                return (tree.isObject() && !tree.has("error")) || tree.isArray();
            } catch (JacksonException _) {
                return false;
            }
        }

        /// Models here give one answer each, so a stream is one event.
        private static JsonNode event(String text) {
            String data = "data: ";
            if (!text.startsWith(data) || !text.endsWith("\n\n")) {
                throw new IllegalArgumentException("not an event: " + text);
            }
            return ANSWERS.readTree(text.substring(data.length()));
        }

        private static @org.jspecify.annotations.Nullable JsonNode error(
                RawHttp.Response response) {
            try {
                boolean isStream =
                        response.header("content-type").filter(EVENTS::equals).isPresent();
                JsonNode body =
                        isStream ? event(response.text()) : ANSWERS.readTree(response.body());
                JsonNode error = body.get("error");
                boolean right =
                        body.size() == 1
                                && error != null
                                && error.isString()
                                && !error.asString().isBlank()
                                && (isStream
                                        || response.header("content-type")
                                                .filter("application/json"::equals)
                                                .isPresent());
                return right ? error : null;
            } catch (JacksonException _) {
                return null;
            }
        }
    }

    private static final Syntax V1 =
            new Syntax(
                    List.of(
                            "\"instances\"",
                            "\"inputs\"",
                            "\"examples\"",
                            "\"context\"",
                            "\"signature_name\"",
                            "\"serving_default\"",
                            "\"b64\"",
                            "\"x\"",
                            "\"number\"",
                            "\"text\"",
                            "\"truth\"",
                            "\"fraction\"",
                            "{\"b64\":\"aGVsbG8=\"}",
                            "[1,2,3,4]",
                            "[[1,2,3],[4,5,6]]"),
                    ",");

    private static final List<Seed> OPEN_INFERENCE =
            List.of(
                    Seed.of(
                            "/v2/models/levels/infer",
                            "{\"id\":\"a-1\",\"parameters\":{\"priority\":1,\"timeout\":1000000},\"inputs\":[{\"name\":\"x\",\"shape\":[2,4],\"datatype\":\"FP32\",\"data\":[[1,0.5,-3e2,0],[0,1,0,1]]}],\"outputs\":[{\"name\":\"label\"},{\"name\":\"scores\",\"parameters\":{\"classification\":2}}]}"),
                    Seed.infer(
                            "levels",
                            "{\"name\":\"x\",\"data\":[1,2,3,4],\"shape\":[1,4],\"datatype\":\"FP32\"}"),
                    Seed.infer(
                            "colours",
                            "{\"name\":\"text\",\"shape\":[2],\"datatype\":\"BYTES\",\"data\":[\"warm up\",\"caf\\u00e9 🙂\"]}"),
                    Seed.infer(
                            "bytes",
                            "{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"BYTES\",\"data\":[[\"a\",\"七\"]]}"),
                    Seed.infer(
                            "bool",
                            "{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"BOOL\",\"data\":[true,false]}"),
                    Seed.infer(
                            "long",
                            "{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"INT64\",\"data\":[9223372036854775807,-1]}"),
                    Seed.infer(
                            "big",
                            "{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"UINT64\",\"data\":[18446744073709551615,0]}"),
                    Seed.infer(
                            "small",
                            "{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"UINT8\",\"data\":[255,0]}"),
                    Seed.infer(
                            "fp32",
                            "{\"name\":\"x\",\"shape\":[2,2],\"datatype\":\"FP32\",\"data\":[NaN,1e-45,3.4e38,-Infinity]}"),
                    Seed.infer(
                            "half",
                            "{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP16\",\"data\":[1,2]}"),
                    Seed.infer(
                            "add-sub",
                            "{\"name\":\"a\",\"datatype\":\"INT32\",\"shape\":[1,16],\"data\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]},"
                                    + "{\"name\":\"b\",\"datatype\":\"INT32\",\"shape\":[1,16],\"data\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}"));

    private static final List<Seed> GENERATE =
            List.of(
                    Seed.of(
                            "/v2/models/add-sub/generate",
                            "{\"id\":\"a-1\",\"a\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16],\"b\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}"),
                    Seed.of(
                            "/v2/models/levels/generate",
                            "{\"x\":[9,0,0,0,0,9,0,0.5],\"parameters\":{\"temperature\":0.5,\"seed\":7}}"),
                    Seed.of(
                            "/v2/models/levels/generate_stream",
                            "{\"parameters\":{\"x\":[9,0,0,0],\"streaming\":true}}"),
                    Seed.of("/v2/models/bytes/generate", "{\"x\":[\"a\",\"七\"],\"id\":\"\"}"),
                    Seed.of("/v2/models/bytes/generate_stream", "{\"x\":\"caf\\u00e9\"}"),
                    Seed.of("/v2/models/colours/generate", "{\"text\":\"warm up\"}"),
                    Seed.of("/v2/models/bool/generate", "{\"x\":[true,false]}"),
                    Seed.of("/v2/models/half/generate", "{\"x\":[0.5,-1e3]}"),
                    Seed.of("/v2/models/long/generate_stream", "{\"x\":9223372036854775807}"));

    private static final List<Seed> BINARY =
            List.of(
                    binary(
                            "levels",
                            "FP32",
                            "[1,4]",
                            16,
                            new byte[] {0, 0, -128, 63, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
                    binary("half", "FP16", "[2,2]", 8, new byte[] {0, 60, 0, 64, 0, 0, 1, 0}),
                    binary(
                            "bytes",
                            "BYTES",
                            "[1,2]",
                            10,
                            new byte[] {1, 0, 0, 0, 'a', 1, 0, 0, 0, 'b'}),
                    binary("bool", "BOOL", "[1,2]", 2, new byte[] {1, 0}),
                    binary(
                            "long",
                            "INT64",
                            "[1,2]",
                            16,
                            new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}),
                    binary(
                            "colours",
                            "BYTES",
                            "[1]",
                            9,
                            new byte[] {5, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'}),
                    new Seed(
                            "/v2/models/levels/infer",
                            utf8(
                                    "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[{\"name\":\"x\",\"shape\":[1,4],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":16}}],\"outputs\":[{\"name\":\"label\",\"parameters\":{\"binary_data\":true}},{\"name\":\"scores\",\"parameters\":{\"binary_data\":true,\"classification\":2}}]}"),
                            new byte[16]),
                    new Seed("/v2/models/small/infer", new byte[0], new byte[] {1, 2}),
                    new Seed("/v2/models/bytes/infer", new byte[0], utf8("a whole text")),
                    new Seed("/v2/models/colours/infer", new byte[0], utf8("a whole text")),
                    new Seed("/v2/models/levels/infer", new byte[0], new byte[16]));

    private static Seed binary(String model, String type, String shape, int size, byte[] tail) {
        String json =
                "{\"inputs\":[{\"name\":\"%s\",\"shape\":%s,\"datatype\":\"%s\",\"parameters\":{\"binary_data_size\":%d}}]}"
                        .formatted(model.equals("colours") ? "text" : "x", shape, type, size);
        return new Seed("/v2/models/" + model + "/infer", utf8(json), tail);
    }

    private static final List<Seed> TFSERVING =
            List.of(
                    Seed.of(
                            "/v1/models/levels:predict",
                            "{\"instances\":[[1,2.5,0,0],[-3e2,0,0,1]],\"signature_name\":\"serving_default\"}"),
                    Seed.of("/v1/models/levels:predict", "{\"inputs\":{\"x\":[[1,2,3,4]]}}"),
                    Seed.of("/v1/models/cube:predict", "{\"instances\":[[[1,2,3],[4,5,6]]]}"),
                    Seed.of(
                            "/v1/models/mixed:predict",
                            "{\"instances\":[{\"number\":[1,2],\"fraction\":0.5,\"truth\":true,\"text\":[{\"b64\":\"aGVsbG8=\"}]}]}"),
                    Seed.of(
                            "/v1/models/mixed:predict",
                            "{\"inputs\":{\"text\":[[\"a\"]],\"number\":[[1,2]],\"fraction\":[1],\"truth\":[false]}}"),
                    Seed.of("/v1/models/colours:predict", "{\"instances\":[\"warm\",\"cold é\"]}"),
                    Seed.of(
                            "/v1/models/levels:classify",
                            "{\"examples\":[{\"x\":[0.0,1.0,0.0,0.0]},{\"x\":[1,0,0,0]}],\"context\":{\"x\":[1,1,1,1]}}"),
                    Seed.of(
                            "/v1/models/plus-two:regress",
                            "{\"examples\":[{\"x\":2.0},{\"x\":[3]}]}"),
                    Seed.of("/v1/models/plus-two:predict", "{\"instances\":[1.0,2.0,5.0]}"));

    private static final List<Seed> KSERVE =
            List.of(
                    Seed.of(
                            "/v1/models/k-levels:predict",
                            "{\"instances\":[[1,2.5,0,0],[true,0,1.0,1]]}"),
                    Seed.of("/v1/models/k-cube:predict", "{\"instances\":[[[1,2,3],[4,5,6]]]}"),
                    Seed.of(
                            "/v1/models/k-mixed:predict",
                            "{\"instances\":[{\"number\":[1,2],\"fraction\":0.5,\"truth\":true,\"text\":[\"a\"]}]}"),
                    Seed.of("/v1/models/k-levels:predict", "{\"inputs\":[[1,2,3,4]]}"));

    private static final List<Seed> SMALL =
            List.of(
                    Seed.of("/predict", "{\"text\":\"what colour is it é\",\"max_length\":64}"),
                    Seed.of("/predict", "{\"text\":\"warm\"}"),
                    Seed.of("/v2/repository/index", "{\"ready\":true}"),
                    Seed.of(
                            "/v2/repository/models/levels/load",
                            "{\"parameters\":{\"config\":\"{}\",\"file:1/model.onnx\":\"YWJj\"}}"),
                    Seed.of(
                            "/v2/repository/models/levels/unload",
                            "{\"parameters\":{\"unload_dependents\":false}}"));
}
