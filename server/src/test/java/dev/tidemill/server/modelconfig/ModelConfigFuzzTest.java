package dev.tidemill.server.modelconfig;

import static dev.tidemill.server.fuzz.Bytes.utf8;

import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import dev.tidemill.server.fuzz.Answer;
import dev.tidemill.server.fuzz.Bytes;
import dev.tidemill.server.fuzz.Fuzz;
import dev.tidemill.server.fuzz.Fuzz.AtLeast;
import dev.tidemill.server.fuzz.Syntax;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whatever a configuration says, it is read, and can be shown, or is refused as the client's
/// mistake. `dev/fuzz` for a million of each form.
final class ModelConfigFuzzTest {
    private static final int WORKERS = 2;

    private static final String WHOLE =
            """
            name: "m"  # a comment
            platform: 'onnxruntime_onnx'
            backend: "onnx" "runtime"
            max_batch_size: 8
            input [
              { name: "x" data_type: TYPE_FP32 dims: [ -1, 4 ] optional: true },
              { name: "t", data_type: TYPE_STRING, dims: 1 }
            ]
            output { name: "y\\x20\\u0041\\101\\n" data_type: TYPE_INT64 dims: [] label_filename: "l.txt" }
            version_policy: { specific { versions: [1, 3] } }
            instance_group { count: 2 kind: KIND_GPU gpus: [0, 1] }
            dynamic_batching {
              preferred_batch_size: [ 4, 2 ]; max_queue_delay_microseconds: 0x64
              priority_levels: 2 default_priority_level: 1
              default_queue_policy { timeout_action: DELAY default_timeout_microseconds: 5 max_queue_size: 9 }
              priority_queue_policy { key: 2 value { allow_timeout_override: true } }
            }
            model_warmup { name: "w" batch_size: 3 count: 2
              inputs { key: "x" value: { data_type: TYPE_FP32 dims: [2, 4] random_data: true } } }
            response_cache { enable: true }
            parameters { key: "a" value { string_value: "b" } }
            default_model_filename: "other.onnx"
            """;

    private static final String ENSEMBLE =
            """
            platform: "ensemble" max_batch_size: 0
            input { name: "photo" data_type: TYPE_STRING dims: [ -1 ] }
            output { name: "shares" data_type: TYPE_FP32 dims: [ -1, 2 ] }
            ensemble_scheduling {
              step { model_name: "decode" model_version: -1
                input_map { key: "image" value: "photo" } output_map { key: "pixels" value: "pixels" } }
              step < model_name: "best" input_map { key: "x" value: "pixels" } output_map { key: "y" value: "shares" } >
            }
            """;

    private static final String SHORT = "max_batch_size: 4 dynamic_batching {}";

    private static final String JSON =
            """
            {"name":"m","maxBatchSize":4,"input":[{"name":"x","data_type":"TYPE_FP32","dims":["-1",4]}],
             "output":[{"name":"y","dataType":"TYPE_STRING","dims":[]}],
             "instance_group":[{"count":1,"kind":"KIND_CPU"}],
             "dynamic_batching":{"preferred_batch_size":[2,4],"priority_levels":2,"default_priority_level":1,
               "priority_queue_policy":{"1":{"max_queue_size":3}}},
             "version_policy":{"latest":{"num_versions":2}},
             "model_warmup":[{"name":"w","batch_size":1,"inputs":{"x":{"data_type":"TYPE_FP32","dims":[4],"zero_data":true}}}],
             "parameters":{"k_B":{"string_value":"v"}},"response_cache":{"enable":true},
             "default_model_filename":"a/b.onnx"}
            """;

    private static final String JSON_ENSEMBLE =
            """
            {"platform":"ensemble","max_batch_size":0,
             "input":[{"name":"x","data_type":"TYPE_FP32","dims":[4]}],"output":[{"name":"y","data_type":"TYPE_FP32","dims":[4]}],
             "ensemble_scheduling":{"step":[{"model_name":"a","model_version":"-1",
               "input_map":{"in_A":"x"},"output_map":{"o":"y"}}]}}
            """;

    private static final List<String> WORDS =
            List.of(
                    "max_batch_size",
                    "input",
                    "output",
                    "name",
                    "data_type",
                    "dims",
                    "TYPE_FP32",
                    "TYPE_STRING",
                    "TYPE_BF16",
                    "key",
                    "value",
                    "string_value",
                    "platform",
                    "backend",
                    "\"ensemble\"",
                    "\"function\"",
                    "version_policy",
                    "latest",
                    "all",
                    "specific",
                    "instance_group",
                    "KIND_CPU",
                    "KIND_GPU",
                    "KIND_AUTO",
                    "count",
                    "gpus",
                    "step",
                    "model_name",
                    "sequence_batching",
                    "optimization",
                    "default_model_filename",
                    "\"../model.onnx\"",
                    "\"/etc/passwd\"",
                    "reshape",
                    "REJECT",
                    "DELAY",
                    "TRUE",
                    "t",
                    "f");

    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record File(byte[] bytes) {
        @Override
        public String toString() {
            return Bytes.shown(bytes);
        }
    }

    /// One way of reading.
    private interface Reader {
        ReadConfig read(byte[] file);
    }

    @Test
    void text_format() throws InterruptedException {
        fuzz(
                "config.pbtxt",
                " ",
                List.of(utf8(WHOLE), utf8(ENSEMBLE), utf8(SHORT)),
                file -> ModelConfigReader.text("config.pbtxt", file, "m"),
                new AtLeast(0.05, 0.3, 100));
    }

    @Test
    void json() throws InterruptedException {
        fuzz(
                "model configuration JSON",
                ",",
                List.of(utf8(JSON), utf8(JSON_ENSEMBLE), utf8("{\"max_batch_size\":8}")),
                file ->
                        ModelConfigReader.json(
                                "config", new String(file, StandardCharsets.UTF_8), "m"),
                new AtLeast(0.05, 0.3, 100));
    }

    private static void fuzz(
            String name, String separator, List<byte[]> seeds, Reader reader, AtLeast atLeast)
            throws InterruptedException {
        // In JSON the names are texts.
        List<String> words =
                separator.equals(",")
                        ? WORDS.stream()
                                .map(word -> word.startsWith("\"") ? word : '"' + word + '"')
                                .toList()
                        : WORDS;
        Syntax syntax = new Syntax(words, separator);
        new Fuzz<>(
                        name,
                        random -> new File(syntax.mutant(seeds, random)),
                        () -> file -> answer(reader, file),
                        WORKERS,
                        atLeast)
                .run();
    }

    private static Answer answer(Reader reader, File file) {
        try {
            Json.bytes(EffectiveConfig.json(reader.read(file.bytes()).config()));
            return new Answer.Accepted();
        } catch (TidemillException e) {
            int status = e.code().httpStatus();
            String why = String.valueOf(e.getMessage());
            return status >= 400 && status < 500
                    ? new Answer.Refused(
                            why, why.contains("text format") || why.contains("body at line"))
                    : new Answer.Wrong(status + ": " + why);
        }
    }
}
