package dev.tidemill.server.protocol.tfserving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.protocol.tfserving.Classifier.Classifications;
import dev.tidemill.server.repository.VersionStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ScoresTest {
    private static final Classifier NAMED = new Classifier("y", List.of(utf8("a"), utf8("b")));
    private static final Classifier UNNAMED = new Classifier("y", List.of());

    @Test
    void are_read_by_example_and_class() {
        Classifications read = NAMED.read(doubles(new long[] {2, 2}, 1, 2, 3, 4), 2);

        assertThat(read.examples()).isEqualTo(2);
        assertThat(read.score(1, 0)).isEqualTo(3f);
        assertThat(read.label(1)).isEqualTo(utf8("b"));
    }

    @Test
    void are_one_class_without_a_name_when_there_is_one_number_a_row() {
        Classifications read = UNNAMED.read(doubles(new long[] {2}, 1, 2), 2);

        assertThat(read.classes()).isEqualTo(1);
        assertThat(read.label(0)).isEmpty();
    }

    @Test
    void are_refused_when_they_are_not_a_row_an_example() {
        assertThatThrownBy(() -> UNNAMED.read(doubles(new long[] {1, 1, 2}, 1, 2), 1))
                .hasMessage("Expected Tensor shape: [batch_size num_classes] but got [1,1,2]");
        assertThatThrownBy(() -> UNNAMED.read(doubles(new long[] {2}, 1, 2), 3))
                .hasMessage("Expected scores output batch size of 3. Got: 2");
        assertThatThrownBy(() -> NAMED.read(doubles(new long[] {1, 3}, 1, 2, 3), 1))
                .hasMessageContaining("Got 2 vs. 3");
    }

    @Test
    void are_one_number_a_row_for_a_regression() {
        Regressor regressor = new Regressor("y");

        assertThat(regressor.read(doubles(new long[] {2}, 1, 2), 2)).containsExactly(1f, 2f);
        assertThat(regressor.read(doubles(new long[] {2, 1}, 1, 2), 2)).containsExactly(1f, 2f);
        assertThatThrownBy(() -> regressor.read(doubles(new long[] {1, 2}, 1, 2), 1))
                .hasMessageContaining("either [batch_size] or [batch_size, 1] but got [1,2]");
        assertThatThrownBy(() -> regressor.read(doubles(new long[] {2}, 1, 2), 1))
                .hasMessage("Input batch size did not match output batch size: 1 vs. 2");
    }

    @ParameterizedTest
    @CsvSource({
        "LOADING, '', LOADING, OK",
        "READY, '', AVAILABLE, OK",
        "UNLOADING, '', UNLOADING, OK",
        "UNAVAILABLE, '', END, OK",
        "UNAVAILABLE, 'no file', END, INTERNAL"
    })
    void versions_are_in_the_originals_states(
            VersionStatus.State ours, String reason, VersionState.State theirs, String code) {
        VersionState state = VersionState.of(new VersionStatus("m", "1", ours, reason));

        assertThat(state.state()).isEqualTo(theirs);
        assertThat(state.errorCode()).isEqualTo(code);
        assertThat(state.message()).isEqualTo(reason);
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void types_have_one_name_and_number_each(DataType type) {
        TfType theirs = TfType.of(type);

        assertThat(theirs.dataType()).isEqualTo(type);
        assertThat(TfType.byNumber(theirs.number())).contains(theirs);
    }

    private static List<Tensor> doubles(long[] shape, double... values) {
        ByteBuffer data =
                ByteBuffer.allocateDirect(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            data.putDouble(value);
        }
        return List.of(new Tensor.Numeric("y", DataType.FP64, shape, data.flip()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
