package dev.tidemill.server.protocol.tfserving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.protocol.tfserving.PredictRequest.Form;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The cases of the original's own catalogue, and those in which we are stricter.
final class PredictReaderTest {
    private static final List<TensorSpec> TWO =
            List.of(spec("number", DataType.INT32), spec("text", DataType.BYTES));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // rows
                "INT32 | {\"instances\":[[1,2],[3,4],[5,6]]} | [3, 2] | 1 2 3 4 5 6",
                "INT32 | {\"instances\":[{\"x\":[[1],[2]]}]} | [1, 2, 1] | 1 2",
                "INT32 | {\"instances\":[1]} | [1] | 1",
                "INT32 | {\"instances\":[[]]} | [1, 0] |",
                "INT32 | {\"signature_name\":\"s\",\"instances\":[[1,2]]} | [1, 2] | 1 2",
                "INT32 | {\"instances\":[1],\"signature_name\":\"s\"} | [1] | 1",
                "INT32 | {\"instances\":[1],\"more\":[[[[[[[]]]]]]]} | [1] | 1",
                "INT32 | {\"instances\":[2147483647,-2147483648,-0]} | [3] | 2147483647 -2147483648 0",
                "INT64 | {\"instances\":[9223372036854775807,-9223372036854775808]} | [2] | 9223372036854775807 -9223372036854775808",
                "UINT64 | {\"instances\":[18446744073709551615,0]} | [2] | 18446744073709551615 0",
                "UINT32 | {\"instances\":[4294967295]} | [1] | 4294967295",
                "UINT16 | {\"instances\":[65535]} | [1] | 65535",
                "INT16 | {\"instances\":[-32768]} | [1] | -32768",
                "UINT8 | {\"instances\":[255,0]} | [2] | 255 0",
                "INT8 | {\"instances\":[-128]} | [1] | -128",
                "BOOL | {\"instances\":[true,false]} | [2] | true false",
                "FP32 | {\"instances\":[1,2.0,3,5.003,0.007,1e3]} | [6] | 1.0 2.0 3.0 5.003 0.007 1000.0",
                "FP64 | {\"instances\":[1.0,2,0.662]} | [3] | 1.0 2.0 0.662",
                "FP32 | {\"instances\":[1435774380]} | [1] | 1.4357743E9",
                "FP32 | {\"instances\":[1435774380.0]} | [1] | 1.4357743E9",
                "FP32 | {\"instances\":[1.7976931348623157e308,-1.7976931348623157e308]} | [2] | Infinity -Infinity",
                "FP32 | {\"instances\":[2.2250738585072014e-308,-2.2250738585072014e-308]} | [2] | 0.0 -0.0",
                "FP32 | {\"instances\":[NaN,Infinity,-Infinity]} | [3] | NaN Infinity -Infinity",
                "FP64 | {\"instances\":[NaN,Infinity,-Infinity]} | [3] | NaN Infinity -Infinity",
                "FP64 | {\"instances\":[123456789012345678901234567890]} | [1] | 1.2345678901234568E29",
                "FP32 | {\"instances\":[1.0]} x]} | [1] | 1.0",
                "BYTES | {\"instances\":[\"a\\u00e9\",\"\"]} | [2] | aé ~~",
                "BYTES | {\"instances\":[{\"b64\":\"aGVsbG8=\"},{\"b64\":\"d29ybGQ=\"}]} | [2] | hello world",
                "BYTES | {\"instances\":[[{\"b64\":\"aGVsbG8=\"}],[{\"b64\":\"d29ybGQ\"}]]} | [2, 1] | hello world",
                "BYTES | {\"instances\":[{\"x\":{\"b64\":\"aGVsbG8=\"}},{\"x\":\"b\"}]} | [2] | hello b",
                "BYTES | {\"instances\":[{\"x\":[[{\"b64\":\"aGVsbG8=\"}],[{\"b64\":\"d29ybGQ=\"}]]}]} | [1, 2, 1] | hello world",
                "BYTES | {\"instances\":[\"a\",{\"b64\":\"Yg==\"}]} | [2] | a b",
                "BYTES | {\"instances\":[{\"b64\":\"aGVs\\nbG8=\"}]} | [1] | hello",
                // columns
                "INT32 | {\"inputs\":{\"x\":[[[1,2],[3,4],[5,6]]]}} | [1, 3, 2] | 1 2 3 4 5 6",
                "INT32 | {\"inputs\":[[[1,2],[3,4],[5,6]]]} | [1, 3, 2] | 1 2 3 4 5 6",
                "INT32 | {\"inputs\":7} | [] | 7",
                "INT32 | {\"inputs\":{\"y\":{\"z\":[1]},\"x\":7}} | [] | 7",
                "INT32 | {\"inputs\":[]} | [0] |",
                "BYTES | {\"inputs\":{\"b64\":\"aGVsbG8=\"}} | [] | hello",
                "BYTES | {\"inputs\":{\"x\":{\"b64\":\"aGVsbG8=\"}}} | [] | hello"
            })
    void reads(DataType type, String body, String shape, String values) {
        Tensor read = read(body, List.of(spec("x", type))).inputs().getFirst();

        assertThat(read.name()).isEqualTo("x");
        assertThat(read.type()).isEqualTo(type);
        assertThat(java.util.Arrays.toString(read.shape())).isEqualTo(shape);
        assertThat(String.join(" ", valuesOf(read)).strip())
                .isEqualTo(values == null ? "" : values.replace("~~", "").strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "INT32 | ~~ | The document is empty",
                "INT32 | ~ ~ | The document is empty",
                "INT32 | [1] | Is not object",
                "INT32 | {\"instances\":[1] | JSON Parse error",
                "INT32 | {\"instances\":[1,]} | JSON Parse error",
                "INT32 | {} | Missing 'inputs' or 'instances' key",
                "INT32 | {\"signature_name\":5,\"instances\":[1]} | must be a string value",
                "INT32 | {\"instances\":[[1,2],[3,4],[5,6,7]],\"inputs\":[1]} | Expecting tensor size: 2 but got: 3",
                "INT32 | {\"inputs\":[1],\"instances\":[1]} | Not formatted correctly",
                "INT32 | {\"instances\":[1],\"instances\":[1]} | Not formatted correctly",
                "INT32 | {\"instances\":[[1,2],[3,4],[[5,6]]]} | Expecting shape [2] but got: [1,2]",
                "INT32 | {\"instances\":[1,[1]]} | Expecting shape [] but got: [1]",
                "INT32 | {\"instances\":[[[1,2],[3]]]} | Encountered list at unexpected size: 1 at level: 1 expected size: 2",
                "INT32 | {\"instances\":[[1,[2]]]} | Encountered list at unexpected level: 1 expected < 1",
                "INT32 | {\"instances\":[[[1],2]]} | found at incorrect level: 2 in the JSON DOM. Expected at level: 2",
                "INT32 | {\"instances\":[[[],[1]]]} | unexpected size",
                "INT32 | {\"instances\":[[1,2],[\"a\",\"b\"]]} | not of expected type: int32",
                "INT32 | {\"instances\":[1.0]} | JSON Value: 1.0 Type: Number is not of expected type: int32",
                "INT32 | {\"instances\":[1e2]} | not of expected type: int32",
                "INT32 | {\"instances\":[NaN]} | not of expected type: int32",
                "INT32 | {\"instances\":[2147483648]} | not of expected type: int32",
                "INT64 | {\"instances\":[9223372036854775808]} | not of expected type: int64",
                "UINT64 | {\"instances\":[-1]} | not of expected type: uint64",
                "UINT64 | {\"instances\":[18446744073709551616]} | not of expected type: uint64",
                "UINT8 | {\"instances\":[256]} | not of expected type: uint8",
                "INT32 | {\"instances\":[true]} | Type: True is not of expected type: int32",
                "INT32 | {\"instances\":[null]} | Type: Null is not of expected type: int32",
                "INT32 | {\"instances\":[[{}]]} | Type: Object is not of expected type: int32",
                "INT32 | {\"instances\":[{\"b64\":\"aGVsbG8=\"}]} | not of expected type: int32",
                "BOOL | {\"instances\":[1]} | not of expected type: bool",
                "FP32 | {\"instances\":[\"1\"]} | not of expected type: float",
                "FP32 | {\"instances\":[true]} | not of expected type: float",
                "FP32 | {\"instances\":[1e999]} | Number too big",
                "FP64 | {\"instances\":[-1e999]} | Number too big",
                "FP16 | {\"instances\":[1]} | to type: half is not supported",
                "BYTES | {\"instances\":[1]} | not of expected type: string",
                "BYTES | {\"instances\":[{\"b64\":\"****\"}]} | Unable to base64 decode",
                "BYTES | {\"instances\":[{\"b64\":7}]} | does not have named input: b64",
                "BYTES | {\"instances\":[[{\"b64\":\"YQ==\",\"c\":1}]]} | not formatted correctly for base64 data",
                "INT32 | {\"instances\":1} | Expecting 'instances' to be an list/array",
                "INT32 | {\"instances\":{\"x\":1}} | Expecting 'instances' to be an list/array",
                "INT32 | {\"instances\":[]} | No values in 'instances' array",
                "INT32 | {\"instances\":[{}]} | keys must be equal to: x",
                "INT32 | {\"instances\":[{\"x\":1,\"y\":2}]} | does not have named input: y",
                "INT32 | {\"instances\":[{\"x\":1,\"x\":2}]} | has named input: x twice",
                "INT32 | {\"instances\":[{\"x\":1},2]} | Expecting object but got list at item 1 of input list",
                "INT32 | {\"instances\":[1,{\"x\":2}]} | Expecting value/list but got object at item 1 of input list",
                "INT32 | {\"inputs\":{\"y\":1}} | Missing named input: x in 'inputs' object.",
                "INT32 | {\"inputs\":null} | Type: Null"
            })
    void refuses(DataType type, String body, String message) {
        assertThatThrownBy(() -> read(body, List.of(spec("x", type))))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .hasMessageContaining(message);
    }

    @Test
    void reads_several_inputs_whose_keys_come_in_any_order() {
        PredictRequest request =
                read(
                        "{\"instances\":[{\"number\":[1],\"text\":\"a\"},{\"text\":{\"b64\":\"Yg==\"},\"number\":[2]}]}",
                        TWO);

        assertThat(request.form()).isEqualTo(Form.ROWS);
        assertThat(valuesOf(request.inputs().getFirst())).containsExactly("1", "2");
        assertThat(request.inputs().getFirst().shape()).containsExactly(2, 1);
        assertThat(valuesOf(request.inputs().getLast())).containsExactly("a", "b");
    }

    @Test
    void takes_a_key_b64_for_an_input_when_there_is_one_and_another_key() {
        List<TensorSpec> specs = List.of(spec("b64", DataType.BYTES), spec("n", DataType.INT8));

        List<Tensor> inputs = read("{\"instances\":[{\"b64\":\"YQ==\",\"n\":1}]}", specs).inputs();

        assertThat(valuesOf(inputs.getFirst())).containsExactly("YQ==");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"instances\":[1]} | instances is a plain list, but expecting list of objects",
                "{\"instances\":[{\"b64\":\"YQ==\"}]} | instances is a plain list",
                "{\"instances\":[{\"number\":1}]} | keys must be equal to: number,text",
                "{\"inputs\":[1]} | inputs is a plain value/list, but expecting an object",
                "{\"inputs\":{\"b64\":\"YQ==\"}} | inputs is a plain value/list",
                "{\"inputs\":{\"number\":[1]}} | Missing named input: text in 'inputs' object.",
                "{\"instances\":[{\"number\":[1],\"text\":\"a\"},{\"number\":[[1]],\"text\":\"a\"}]} | Failed to process element: 1 of 'instances' list. Error: INVALID_ARGUMENT: Expecting shape [1] but got: [1,1]",
                "{\"instances\":[{\"number\":[1],\"text\":\"a\"},{\"number\":[1,2],\"text\":\"a\"}]} | Expecting tensor size: 1 but got: 2"
            })
    void refuses_several_inputs_that_are_not_named(String body, String message) {
        assertThatThrownBy(() -> read(body, TWO)).hasMessageContaining(message);
    }

    @Test
    void refuses_what_is_nested_too_deep() {
        for (String key : List.of("instances", "inputs", "more", "signature_name")) {
            String body = "{\"%s\":%s%s}".formatted(key, "[".repeat(50_000), "]".repeat(50_000));

            assertThatThrownBy(() -> read(body, List.of(spec("x", DataType.FP32))))
                    .isInstanceOf(TidemillException.class);
        }
    }

    @Test
    void takes_no_more_memory_than_it_asked_for() {
        String body = "{\"instances\":[%s1]}".formatted("1,".repeat(9_999));
        List<Long> asked = new ArrayList<>();

        Tensor read =
                PredictReader.read(utf8(body), List.of(spec("x", DataType.INT64)), asked::add)
                        .inputs()
                        .getFirst();

        assertThat(asked).containsExactly(80_000L);
        assertThat(((Tensor.Numeric) read).data().isDirect()).isTrue();
        assertThat(((Tensor.Numeric) read).data().capacity()).isEqualTo(80_000);
    }

    @Test
    void lets_pass_that_there_is_no_memory() {
        assertThatThrownBy(() ->
                        PredictReader.read(
                                utf8("{\"instances\":[1,{\"b64\":\"YQ==\"}]}"),
                                List.of(spec("x", DataType.BYTES)),
                                _ -> {
                                    throw new TidemillException(ErrorCode.OVERLOADED, "full");
                                }))
                .hasMessageContaining("Type: Number");
        assertThatThrownBy(() ->
                        PredictReader.read(
                                utf8("{\"instances\":[{\"x\":\"a\"}]}"),
                                List.of(spec("x", DataType.BYTES)),
                                _ -> {
                                    throw new TidemillException(ErrorCode.OVERLOADED, "full");
                                }))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    @Test
    void never_fails_in_another_way_whatever_comes() {
        List<TensorSpec> one = List.of(spec("x", DataType.FP32));
        Mutants.of(
                        "{\"instances\":[[1,2.5],[-3e2,NaN]],\"signature_name\":\"s\"}",
                        "{\"instances\":[{\"x\":[1,2]},{\"x\":[3,4]}]}",
                        "{\"inputs\":{\"x\":[[1,2.5],[-Infinity,4]]}}")
                .forEach(body -> readOrRefuse(body, one));
        Mutants.of(
                        "{\"instances\":[{\"number\":[1],\"text\":\"aé🙂\"},{\"number\":[2],\"text\":{\"b64\":\"aGVs\"}}]}",
                        "{\"inputs\":{\"number\":[[1],[2]],\"text\":[\"a\",{\"b64\":\"aGVs\"}]},\"more\":{\"a\":[]}}")
                .forEach(body -> readOrRefuse(body, TWO));
    }

    private static void readOrRefuse(byte[] body, List<TensorSpec> specs) {
        try {
            assertThat(PredictReader.read(body, specs, Bodies.Budget.UNLIMITED).inputs())
                    .hasSize(specs.size());
        } catch (TidemillException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        }
    }

    static TensorSpec spec(String name, DataType type) {
        return new TensorSpec(name, type, List.of(-1L));
    }

    static PredictRequest read(String body, List<TensorSpec> specs) {
        return PredictReader.read(utf8(body), specs, Bodies.Budget.UNLIMITED);
    }

    static List<String> valuesOf(Tensor tensor) {
        TensorCursor cursor = TensorCursor.of(tensor, TensorCursor.NotFinite.WORDS);
        long count = java.util.Arrays.stream(tensor.shape()).reduce(1, (a, b) -> a * b);
        List<String> values = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            byte[] json =
                    JsonAnswer.write(
                            16,
                            generator -> {
                                generator.writeStartArray();
                                cursor.next(generator);
                                generator.writeEndArray();
                            });
            String text = new String(json, StandardCharsets.UTF_8);
            values.add(text.substring(1, text.length() - 1).replaceAll("^\"|\"$", ""));
        }
        return values;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
