package dev.tidemill.server.protocol.openinference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.testkit.Tensors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InferRequestReaderTest {
    @Nested
    final class Reads {
        @Test
        void data_nested_or_flat_alike() {
            for (String data : List.of("[1,2,3,4]", "[[1,2],[3,4]]", "[[[1],[2]],[[3],[4]]]")) {
                Tensor x = only("INT32", "[2,2]", data);

                assertThat(x.shape()).containsExactly(2, 2);
                assertThat(Tensors.intsOf(x)).containsExactly(1, 2, 3, 4);
            }
        }

        @Test
        void keys_in_any_order() {
            Tensor x =
                    read("{\"inputs\":[{\"data\":[[1.5,2]],\"shape\":[1,2],\"name\":\"x\",\"datatype\":\"FP32\"}]}")
                            .inputs()
                            .getFirst();

            assertThat(Tensors.floatsOf(x)).containsExactly(1.5f, 2);
        }

        @Test
        void id_parameters_and_outputs_and_skips_what_it_does_not_know() {
            InferRequest request =
                    read(
                            "{\"id\":\"a-1\",\"parameters\":{\"a\":1,\"b\":\"x\",\"c\":true},\"new\":{\"x\":[1]},"
                                    + "\"outputs\":[{\"name\":\"b\",\"parameters\":{\"binary_data\":false}},{\"name\":\"a\"}],"
                                    + "\"inputs\":[{\"name\":\"x\",\"parameters\":{},\"later\":[[]],\"shape\":[1],\"datatype\":\"INT8\",\"data\":[1]}]}");

            assertThat(request.id()).hasValue("a-1");
            assertThat(request.wanted()).containsExactly("b", "a");
            assertThat(request.inputs()).hasSize(1);
        }

        @ParameterizedTest
        @CsvSource({
            "BOOL, true, 01",
            "BOOL, false, 00",
            "INT8, -128, 80",
            "INT8, 127, 7f",
            "UINT8, 255, ff",
            "INT16, -32768, 0080",
            "UINT16, 65535, ffff",
            "INT32, -2147483648, 00000080",
            "INT32, 2147483647, ffffff7f",
            "UINT32, 4294967295, ffffffff",
            "INT64, -9223372036854775808, 0000000000000080",
            "INT64, 9007199254740993, 0100000000002000",
            "UINT64, 18446744073709551615, ffffffffffffffff",
            "FP32, 1, 0000803f",
            "FP32, -1.5, 0000c0bf",
            "FP32, 1e-3, 6f12833a",
            "FP64, 0.1, 9a9999999999b93f",
        })
        void every_type_to_the_bit(DataType type, String json, String littleEndian) {
            Tensor x = only(type.name(), "[1]", "[" + json + "]");

            assertThat(java.util.HexFormat.of().formatHex(Tensors.bytesOf(x)))
                    .isEqualTo(littleEndian);
        }

        @Test
        void early_data_after_a_byte_order_mark() {
            byte[] marked = utf8("\ufeff" + dataFirst("INT32", "[2]", "[1,2]"));
            assertThat(Tensors.intsOf(InferRequestReader.read(marked).inputs().getFirst()))
                    .containsExactly(1, 2);
        }

        @Test
        void texts_of_any_script() {
            Tensor x = only("BYTES", "[3]", "[\"\",\"caf\\u00e9\",\"\\ud83d\\ude42 七\"]");

            assertThat(Tensors.textsOf(x)).containsExactly("", "café", "🙂 七");
        }

        @Test
        void a_scalar() {
            assertThat(only("INT32", "[]", "[7]").shape()).isEmpty();
        }
    }

    @Nested
    final class Refuses {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "``                              | body",
                    "[]                              | body: 'an array' (expected: an object)",
                    "7                               | body: 'an integer'",
                    "{                               | not JSON",
                    "{\"inputs\":[]}                 | inputs: '[]' (expected: at least one input)",
                    "{}                              | inputs: 'missing'",
                    "{\"inputs\":{}}                 | inputs: 'an object' (expected: an array)",
                    "{\"inputs\":[7]}                | inputs[0]: 'an integer' (expected: an object)",
                    "{\"inputs\":null}               | inputs: 'null'",
                    "{\"id\":7,\"inputs\":[]}        | id: 'an integer' (expected: text)",
                    "{\"parameters\":{\"a\":[]}}     | parameters.a: 'an array'",
                    "{\"parameters\":[]}             | parameters: 'an array' (expected: an object)",
                    "{\"outputs\":[{}]}              | outputs[0].name: 'missing'",
                    "{\"outputs\":[\"a\"]}           | outputs[0]: 'text' (expected: an object)",
                    "{\"outputs\":[{\"name\":\"a\"},{\"name\":\"a\"}]} | outputs: 'a' (expected: each output once)",
                    "{\"id\":\"a\",\"id\":\"b\"}     | not JSON",
                })
        void what_is_no_request(String body, String message) {
            assertRefused(body == null ? "" : body, message);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "INT32 | [1] | [1.5]   | input x.data[0]: 'a fraction' (expected: an integer in the range of INT32)",
                    "INT32 | [1] | [1.0]   | 'a fraction'",
                    "INT32 | [1] | [1e3]   | 'a fraction'",
                    "INT32 | [1] | [2147483648] | '2147483648' (expected: an integer in the range of INT32)",
                    "INT32 | [1] | [99999999999999999999] | out of range",
                    "INT64 | [1] | [9223372036854775808] | out of range",
                    "UINT64 | [1] | [-1]   | out of range",
                    "UINT64 | [1] | [18446744073709551616] | out of range",
                    "UINT8 | [1] | [256]   | '256'",
                    "UINT8 | [1] | [-1]    | '-1'",
                    "INT8 | [1] | [128]    | '128'",
                    "INT32 | [1] | [\"1\"] | 'text'",
                    "INT32 | [1] | [true]  | 'true'",
                    "INT32 | [1] | [null]  | 'null'",
                    "BOOL | [1] | [1]      | input x.data[0]: 'an integer' (expected: true or false)",
                    "BOOL | [1] | [\"true\"] | 'text'",
                    "FP32 | [1] | [1e39]   | out of range",
                    "FP32 | [1] | [\"NaN\"] | 'text'",
                    "FP32 | [1] | [nan]    | not JSON",
                    "INT32 | [1] | [NaN]   | a fraction",
                    "FP64 | [1] | [1e400]  | out of range",
                    "FP64 | [1] | [{}]     | 'an object'",
                    "BYTES | [1] | [1]     | 'an integer' (expected: text)",
                    "FP16 | [1] | [1]      | input x.datatype: 'FP16' (expected: FP32; 16-bit fractions cannot travel as JSON)",
                    "BF16 | [1] | [1]      | 'BF16'",
                    "FP128 | [1] | [1]     | input x.datatype: 'FP128' (expected: one of [BOOL, ",
                    "fp32 | [1] | [1]      | in capitals",
                    "STRING | [1] | [\"a\"] | 'STRING'",
                    "FP32 | [3] | [1,2]    | input x.data: '2 elements' (expected: 3 elements, as the shape [3] says)",
                    "FP32 | [2] | [1,2,3]  | more than 2 elements",
                    "FP32 | [2,2] | [[1,2],[3]] | '3 elements'",
                    "FP32 | [0] | [1]      | more than 0 elements",
                    "FP32 | [-1] | [1]     | '-1' (expected: sizes of at least 0)",
                    "FP32 | [1.0] | [1]    | input x.shape: 'a fraction' (expected: integers)",
                    "FP32 | [\"1\"] | [1]  | input x.shape: 'text'",
                    "FP32 | 1 | [1]        | input x.shape: 'an integer' (expected: an array)",
                    "FP32 | [4000000000] | [1] | more elements than the body has",
                    "FP32 | [99999999999999999999] | [1] | more elements than the body has",
                    "FP32 | [65536,65536,65536,65536] | [1] | more elements than the body has",
                    "FP32 | [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1] | [1] | at most 16 dimensions",
                    "FP32 | [1] | 1        | input x.data: 'an integer' (expected: an array)",
                    "FP32 | [1] | {}       | input x.data: 'an object'",
                })
        void what_does_not_fit_its_type_or_shape(
                String type, String shape, String data, String message) {
            assertRefused(body(type, shape, data), message);
            assertRefused(dataFirst(type, shape, data), message);
        }

        @Test
        void inputs_with_something_missing() {
            assertRefused(
                    "{\"inputs\":[{\"shape\":[1],\"datatype\":\"INT8\",\"data\":[1]}]}",
                    "inputs[0].name: 'missing'");
            assertRefused(
                    "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"INT8\",\"data\":[1]}]}",
                    "input x.shape: 'missing'");
            assertRefused(
                    "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"data\":[1]}]}",
                    "input x.datatype: 'missing'");
            assertRefused(
                    "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"INT8\","
                            + "\"parameters\":{\"binary_data_size\":1}}]}",
                    "expecting 1 additional bytes");
            assertRefused(
                    "{\"inputs\":[{\"name\":\"\",\"shape\":[1],\"datatype\":\"INT8\",\"data\":[1]}]}",
                    "inputs[0].name: ''");
        }

        @Test
        void nesting_without_end() {
            assertRefused(body("FP32", "[1]", "[".repeat(100_000)), "deeper than 64 levels");
        }

        @Test
        void tensors_for_which_there_is_no_memory_before_there_are_any() {
            for (String body :
                    List.of(
                            body("FP64", "[4000]", " ".repeat(10_000) + "[]"),
                            dataFirst("FP64", "[4000]", " ".repeat(10_000) + "[]"),
                            body("BYTES", "[1000]", " ".repeat(10_000) + "[]"))) {
                assertThatThrownBy(() ->
                                InferRequestReader.read(
                                        utf8(body),
                                        utf8(body).length,
                                        bytes -> {
                                            assertThat(bytes).isEqualTo(32_000);
                                            throw new IllegalStateException("full");
                                        }))
                        .hasMessage("full");
            }
        }

        @Test
        void early_data_of_which_the_place_is_not_known() {
            byte[] wide = dataFirst("INT8", "[1]", "[1]").getBytes(StandardCharsets.UTF_16BE);
            assertThatThrownBy(() -> InferRequestReader.read(wide))
                    .hasMessageContaining("UTF-8, or the shape first");
        }

        @Test
        void anything_after_the_request() {
            assertRefused(body("INT8", "[1]", "[1]") + " {}", "more after its end");
        }
    }

    /// Whatever the bytes: a request, or an exception of ours that blames the caller.
    @Test
    void never_fails_in_another_way_whatever_comes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<byte[]> seeds =
                List.of(
                        utf8(body("FP32", "[2,2]", "[[1,2.5],[-3e2,4]]")),
                        utf8(dataFirst("INT64", "[3]", "[1,2,9007199254740993]")),
                        utf8(body("BYTES", "[2]", "[\"a\\u00e9\",\"🙂\"]")),
                        utf8(
                                "{\"id\":\"1\",\"parameters\":{\"p\":1},\"outputs\":[{\"name\":\"y\"}],\"inputs\":"
                                        + "[{\"name\":\"a\",\"shape\":[1],\"datatype\":\"BOOL\",\"data\":[true]}]}"));
        for (int i = 0; i < 20_000; i++) {
            byte[] mutant = mutate(seeds.get(random.nextInt(seeds.size())), random);
            try {
                InferRequest request = InferRequestReader.read(mutant);
                assertThat(request.inputs()).isNotEmpty();
            } catch (TidemillException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ": " + new String(mutant, StandardCharsets.UTF_8), e);
            }
        }
    }

    private static byte[] mutate(byte[] original, Random random) {
        byte[] mutant = original.clone();
        for (int change = random.nextInt(3); change >= 0; change--) {
            int at = random.nextInt(mutant.length);
            int length = random.nextInt(Math.min(8, mutant.length - at) + 1);
            byte[] piece =
                    switch (random.nextInt(6)) {
                        case 0 -> new byte[] {(byte) random.nextInt(256)};
                        case 1 -> new byte[0];
                        case 2 -> utf8("[]{},:\"0-e.".substring(random.nextInt(10)));
                        case 3 ->
                                utf8(
                                        List.of("null", "-1", "1e999", "[[[", "\"\"")
                                                .get(random.nextInt(5)));
                        case 4 ->
                                java.util.Arrays.copyOfRange(
                                        original, Math.min(at, original.length), original.length);
                        default -> utf8(String.valueOf(random.nextLong()));
                    };
            mutant = replace(mutant, at, length, piece);
            if (mutant.length == 0) {
                return mutant;
            }
        }
        return mutant;
    }

    private static byte[] replace(byte[] bytes, int at, int length, byte[] piece) {
        byte[] result = new byte[bytes.length - length + piece.length];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(piece, 0, result, at, piece.length);
        System.arraycopy(bytes, at + length, result, at + piece.length, bytes.length - at - length);
        return result;
    }

    private static void assertRefused(String body, String message) {
        assertThatThrownBy(() -> read(body))
                .as(body.substring(0, Math.min(200, body.length())))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .hasMessageContaining(message);
    }

    private static Tensor only(String type, String shape, String data) {
        return read(body(type, shape, data)).inputs().getFirst();
    }

    private static String body(String type, String shape, String data) {
        return "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"%s\",\"shape\":%s,\"data\":%s}]}"
                .formatted(type, shape, data);
    }

    private static String dataFirst(String type, String shape, String data) {
        return "{\"inputs\":[{\"name\":\"x\",\"data\":%s,\"datatype\":\"%s\",\"shape\":%s}]}"
                .formatted(data, type, shape);
    }

    private static InferRequest read(String body) {
        return InferRequestReader.read(utf8(body));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
