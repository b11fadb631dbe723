package dev.tidemill.server.protocol.tfserving;

import static dev.tidemill.server.protocol.tfserving.PredictReaderTest.utf8;
import static dev.tidemill.server.protocol.tfserving.PredictReaderTest.valuesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExampleReaderTest {
    private static final List<TensorSpec> SPECS =
            List.of(
                    new TensorSpec("age", DataType.INT64, List.of(-1L)),
                    new TensorSpec("name", DataType.BYTES, List.of(-1L, -1L)));

    @Test
    void reads_scalars_and_lists_and_passes_over_what_is_no_input() {
        ExampleReader.Request request =
                read(
                        "{\"signature_name\":\"s\",\"examples\":[{\"age\":7,\"name\":[\"a\",\"b\"],\"size\":null},{\"name\":[{\"b64\":\"Yw==\"},\"d\"],\"age\":[true]}]}");

        assertThat(request.signature()).isEqualTo("s");
        assertThat(request.examples().count()).isEqualTo(2);
        List<Tensor> inputs = request.examples().tensors();
        assertThat(valuesOf(inputs.getFirst())).containsExactly("7", "1");
        assertThat(inputs.getFirst().shape()).containsExactly(2);
        assertThat(valuesOf(inputs.getLast())).containsExactly("a", "b", "c", "d");
        assertThat(inputs.getLast().shape()).containsExactly(2, 2);
    }

    @Test
    void takes_from_the_context_what_an_example_has_not() {
        List<Tensor> inputs =
                read("{\"context\":{\"age\":5,\"name\":\"z\"},\"examples\":[{\"age\":7},{\"name\":\"y\"}]}")
                        .examples()
                        .tensors();

        assertThat(valuesOf(inputs.getFirst())).containsExactly("7", "5");
        assertThat(valuesOf(inputs.getLast())).containsExactly("z", "y");
    }

    @Test
    void gives_a_flat_list_the_shape_of_its_input() {
        List<TensorSpec> cube = List.of(new TensorSpec("x", DataType.FP32, List.of(-1L, 2L, -1L)));

        Tensor tensor =
                ExampleReader.read(
                                utf8("{\"examples\":[{\"x\":[1,2,3,4,5,6]}]}"),
                                cube,
                                Bodies.Budget.UNLIMITED)
                        .examples()
                        .tensors()
                        .getFirst();

        assertThat(tensor.shape()).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | key 'examples' is expected and was not found",
                "{\"signature_name\":1,\"examples\":[{}]} | 'signature_name' key must be a string",
                "{\"context\":[],\"examples\":[{}]} | Example must be JSON object but got JSON Array",
                "{\"examples\":{}} | Expecting 'examples' value to be an list/array",
                "{\"examples\":[]} | 'examples' value is an empty array",
                "{\"examples\":[1]} | Example must be JSON object but got JSON Number",
                "{\"examples\":[{\"age\":1}]} | Feature: name (data type: string) is required",
                "{\"examples\":[{\"age\":[],\"name\":\"a\"}]} | Feature: age (data type: int64) is required",
                "{\"examples\":[{\"age\":1,\"name\":null}]} | Feature: name has element with unexpected JSON type: Null",
                "{\"examples\":[{\"age\":1,\"name\":[[\"a\"]]}]} | Feature: name has element with unexpected JSON type: Array",
                "{\"examples\":[{\"age\":{\"a\":1},\"name\":\"a\"}]} | Feature: age has element with unexpected JSON type: Object",
                "{\"examples\":[{\"age\":1,\"name\":[\"a\",1]}]} | not of expected type: string",
                "{\"examples\":[{\"age\":1.5,\"name\":\"a\"}]} | not of expected type: int64",
                "{\"examples\":[{\"age\":1,\"age\":1,\"name\":\"a\"}]} | Feature: age comes twice",
                "{\"examples\":[{\"age\":18446744073709551615,\"name\":\"a\"}]} | not of expected type: int64",
                "{\"examples\":[{\"age\":1,\"name\":\"a\"},{\"age\":1,\"name\":[\"a\",\"b\"]}]} | Number of values in example 1: 2 but expected: 1",
                "{\"examples\":[{\"age\":[1,2],\"name\":\"a\"}]} | Number of values: 2"
            })
    void refuses(String body, String message) {
        assertThatThrownBy(() -> read(body).examples().tensors())
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining(message);
    }

    @Test
    void never_fails_in_another_way_whatever_comes() {
        Mutants.of(
                        "{\"examples\":[{\"age\":7,\"name\":[\"a\",{\"b64\":\"YQ==\"}]},{\"age\":[8],\"name\":[\"c\",\"d\"]}]}",
                        "{\"context\":{\"age\":5},\"signature_name\":\"s\",\"examples\":[{\"name\":\"a\"},{\"name\":\"b\"}]}")
                .forEach(body -> {
                    try {
                        ExampleReader.read(body, SPECS, Bodies.Budget.UNLIMITED)
                                .examples()
                                .tensors();
                    } catch (TidemillException e) {
                        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    }
                });
    }

    private static ExampleReader.Request read(String body) {
        return ExampleReader.read(utf8(body), SPECS, Bodies.Budget.UNLIMITED);
    }
}
