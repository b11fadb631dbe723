package dev.tidemill.server.engine;

import static dev.tidemill.testkit.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.batching.BatchPlan;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.ModelConfigReader;
import dev.tidemill.testkit.FakeModel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BatchingChoiceTest {
    private static final BatchPlan EACH_ALONE = new BatchPlan(1, List.of(), 0);

    @Test
    void rows_that_are_independent_are_joined_without_being_told() {
        FakeModel model = model(-1, inputs -> inputs);

        BatchingChoice choice = BatchingChoice.of(ModelConfig.inferred("m"), model, 3);

        assertThat(choice.whyNot()).isEmpty();
        assertThat(choice.plan()).isEqualTo(new BatchPlan(32, List.of(), 0));
        assertThat(choice.rows().maxRows()).isEqualTo(Integer.MAX_VALUE);
        assertThat(choice.runs()).isEqualTo(3);
        assertThat(model.runs()).isNotEmpty();
    }

    @Test
    void rows_that_look_at_each_other_run_alone_and_the_reason_is_told() {
        BatchingChoice choice =
                BatchingChoice.of(
                        ModelConfig.inferred("m"),
                        model(-1, _ -> List.of(floats("x", new long[] {1}, 1))),
                        1);

        assertThat(choice.whyNot()).isEqualTo("output x has not one row for each of the input");
        assertThat(choice.plan()).isEqualTo(EACH_ALONE);
        assertThat(choice.rows().batches()).isFalse();
    }

    @Test
    void a_model_of_fixed_shapes_is_not_even_tried() {
        FakeModel model = model(2, inputs -> inputs);

        BatchingChoice choice = BatchingChoice.of(ModelConfig.inferred("m"), model, 1);

        assertThat(choice.whyNot()).isEqualTo("the first dimensions of the model are not all open");
        assertThat(model.runs()).isEmpty();
    }

    @Test
    void what_the_configuration_says_is_believed() {
        FakeModel model = model(-1, inputs -> inputs);

        BatchingChoice joined =
                BatchingChoice.of(
                        said(
                                "max_batch_size: 8 dynamic_batching { preferred_batch_size: [4]"
                                        + " max_queue_delay_microseconds: 5 }"),
                        model,
                        1);
        BatchingChoice alone = BatchingChoice.of(said("max_batch_size: 8"), model, 1);

        assertThat(joined.whyNot()).isEmpty();
        assertThat(joined.plan()).isEqualTo(new BatchPlan(8, List.of(4), 5_000));
        assertThat(joined.rows().maxRows()).isEqualTo(8);
        assertThat(alone.whyNot()).isEqualTo("the configuration does not ask for it");
        assertThat(alone.plan()).isEqualTo(EACH_ALONE);
        assertThat(alone.rows().maxRows()).isEqualTo(8);
        assertThat(model.runs()).isEmpty();
    }

    private static ModelConfig said(String text) {
        return ModelConfigReader.text("config.pbtxt", text.getBytes(StandardCharsets.UTF_8), "m")
                .config();
    }

    private static FakeModel model(
            long first, java.util.function.UnaryOperator<List<Tensor>> work) {
        TensorSpec x = new TensorSpec("x", DataType.FP32, List.of(first));
        return new FakeModel(List.of(x), List.of(x), work);
    }
}
