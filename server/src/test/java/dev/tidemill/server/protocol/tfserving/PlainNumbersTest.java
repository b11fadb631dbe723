package dev.tidemill.server.protocol.tfserving;

import static dev.tidemill.server.protocol.tfserving.PredictReaderTest.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The short cut says nothing else than the long way.
final class PlainNumbersTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"instances\":[1,2.5,-3e2,NaN,-Infinity,Infinity,0.1,1E+2,-0.0]}",
                " { \"inputs\" : [ [ 1 ] , [ 2 ] ] , \"signature_name\" : \"s\" } rest",
                "{\"signature_name\":\"s\",\"instances\":[[[1,2],[3,4]]]}"
            })
    void reads_even_lists_of_numbers(String body) {
        assertThat(quick(utf8(body), DataType.FP32)).isPresent();
        assertSame(utf8(body), DataType.FP32);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[1]",
                "{\"instances\":[]}",
                "{\"instances\":[1,[2]]}",
                "{\"instances\":[[1],2]}",
                "{\"instances\":[[1],[2,3]]}",
                "{\"instances\":[01]}",
                "{\"instances\":[1.]}",
                "{\"instances\":[.1]}",
                "{\"instances\":[+1]}",
                "{\"instances\":[1e]}",
                "{\"instances\":[1e999]}",
                "{\"instances\":[--1]}",
                "{\"instances\":[-NaN]}",
                "{\"instances\":[1 2]}",
                "{\"instances\":[1,]}",
                "{\"instances\":[1}",
                "{\"instances\":[1]",
                "{\"instances\":[1],}",
                "{\"instances\":[1],\"inputs\":[1]}",
                "{\"instances\":[{\"x\":1}]}",
                "{\"inst\\u0061nces\":[1]}",
                "{\"instances\":[1],\"more\":1}"
            })
    void leaves_everything_else_to_the_parser(String body) {
        assertThat(quick(utf8(body), DataType.FP32)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"BOOL", "BYTES", "FP16", "BF16"},
            mode = EnumSource.Mode.EXCLUDE)
    void agrees_with_the_parser_about_numbers_of_every_length(DataType type) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            byte[] body = utf8("{\"instances\":[%s]}".formatted(number(random)));
            assertSame(body, type);
        }
    }

    @Test
    void rounds_to_the_nearest_float_where_doubles_lie_half_way() {
        // 1 + 2^-24 lies between two floats; a digit more decides, which no double shows.
        assertSame(utf8("{\"instances\":[1.0000000596046448]}"), DataType.FP32);
        assertSame(utf8("{\"instances\":[1.00000005960464484]}"), DataType.FP32);
        assertSame(utf8("{\"instances\":[16777217.0,16777219.0]}"), DataType.FP32);
        assertSame(
                utf8("{\"instances\":[0.000000000000000000000000000000000000011]}"), DataType.FP32);
    }

    @Test
    void agrees_with_the_parser_about_whatever_comes() {
        for (DataType type : List.of(DataType.FP32, DataType.INT32)) {
            Mutants.of(
                            "{\"instances\":[[1,2.5],[-3e2,4]],\"signature_name\":\"s\"}",
                            "{\"instances\":[1,2,3,-4]}",
                            "{\"inputs\":[[[1,2.5]],[[0.25,4]]]}")
                    .forEach(body -> {
                        if (quick(body, type).isPresent()) {
                            assertSame(body, type);
                        }
                    });
        }
    }

    private static String number(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> String.valueOf(random.nextInt(512) - 256);
            case 1 -> String.valueOf(random.nextLong());
            case 2 -> String.format(Locale.ROOT, "%.6f", random.nextDouble());
            case 3 -> String.valueOf(random.nextFloat());
            case 4 -> String.valueOf(Double.longBitsToDouble(random.nextLong()));
            default -> String.valueOf(random.nextGaussian() * 1e3);
        };
    }

    private static void assertSame(byte[] body, DataType type) {
        Optional<PredictRequest> quick = quick(body, type);
        if (quick.isEmpty()) {
            return;
        }
        PredictRequest slow =
                PredictReader.readTokens(body, List.of(spec(type)), Bodies.Budget.UNLIMITED);
        Tensor.Numeric expected = (Tensor.Numeric) slow.inputs().getFirst();
        Tensor.Numeric read = (Tensor.Numeric) quick.get().inputs().getFirst();

        assertThat(quick.get().form()).isEqualTo(slow.form());
        assertThat(quick.get().signature()).isEqualTo(slow.signature());
        assertThat(read.shape()).isEqualTo(expected.shape());
        assertThat(read.data())
                .as(new String(body, java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(expected.data());
    }

    private static Optional<PredictRequest> quick(byte[] body, DataType type) {
        return PlainNumbers.read(body, List.of(spec(type)), Bodies.Budget.UNLIMITED);
    }

    private static TensorSpec spec(DataType type) {
        return new TensorSpec("x", type, List.of(-1L));
    }
}
