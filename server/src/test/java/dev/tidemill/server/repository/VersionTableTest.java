package dev.tidemill.server.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.http.Metrics;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.engine.ComputeThreads;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.metrics.ModelMeters;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.repository.VersionStatus.State;
import dev.tidemill.testkit.FakeModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class VersionTableTest {
    private static final ModelConfig CONFIG = ModelConfig.inferred("m");
    private static final VersionFiles ONE = files("1", "a");
    private static final VersionFiles TWO = files("2", "a");

    private final Metrics metrics = new Metrics();
    private final ComputeThreads threads = new ComputeThreads(1);
    private final VersionTable table = new VersionTable("m");

    @AfterEach
    void close() {
        threads.close();
        metrics.close();
    }

    @Test
    void what_is_loaded_as_it_lies_on_the_disk_is_not_loaded_again() {
        assertThat(table.begin(List.of(TWO, ONE), CONFIG, false)).containsExactly(TWO, ONE);
        assertThat(table.view().statuses())
                .extracting(VersionStatus::state)
                .containsExactly(State.LOADING, State.LOADING);
        table.ready(ONE, CONFIG, model("1"));
        table.failed(TWO, CONFIG, "broken");

        assertThat(table.begin(List.of(TWO, ONE), CONFIG, false)).isEmpty();
        assertThat(table.begin(List.of(TWO, ONE), CONFIG, true)).containsExactly(TWO);
        assertThat(table.begin(List.of(files("1", "b")), CONFIG, false)).hasSize(1);
        assertThat(table.begin(List.of(ONE), CONFIG.withMaxBatchSize(4), false)).hasSize(1);
    }

    @Test
    void the_one_before_answers_on_while_another_is_loaded_and_when_that_fails() {
        table.begin(List.of(ONE), CONFIG, false);
        ServedModel before = model("1");
        table.ready(ONE, CONFIG, before);
        VersionFiles changed = files("1", "b");

        table.begin(List.of(changed), CONFIG, false);
        assertThat(table.view().ready()).containsValue(before);
        table.failed(changed, CONFIG, "broken");

        assertThat(table.view().ready()).containsValue(before);
        assertThat(table.view().statuses())
                .containsExactly(
                        new VersionStatus(
                                "m",
                                "1",
                                State.READY,
                                "changed, and the one before serves on: broken"));
        assertThat(table.isDone(List.of(changed))).isFalse();
    }

    @Test
    void the_newest_comes_first_and_a_removed_one_is_seen_by_nobody() {
        table.begin(List.of(ONE, TWO), CONFIG, false);
        ServedModel one = model("1");
        ServedModel two = model("2");
        table.ready(ONE, CONFIG, one);
        table.ready(TWO, CONFIG, two);
        assertThat(table.isDone(List.of(ONE, TWO))).isTrue();
        assertThat(table.view().newest()).hasValue(two);

        assertThat(table.remove("2")).hasValue(two);

        assertThat(table.view().newest()).hasValue(one);
        assertThat(table.versions()).containsExactly("1");
        assertThat(table.remove("2")).isEmpty();
    }

    @Test
    void a_view_that_was_taken_does_not_change() {
        table.begin(List.of(ONE), CONFIG, false);
        table.ready(ONE, CONFIG, model("1"));
        ModelView taken = table.view();

        table.label(Map.of("stable", "1"));
        table.remove("1");

        assertThat(taken.ready()).containsKey("1");
        assertThat(taken.labels()).isEmpty();
        assertThat(table.view().labels()).containsEntry("stable", "1");
    }

    private static VersionFiles files(String version, String stamp) {
        return new VersionFiles(version, Path.of("m", version), "model.onnx", "", stamp, "");
    }

    private ServedModel model(String version) {
        TensorSpec x = new TensorSpec("x", DataType.FP32, List.of(1L));
        return new ServedModel(
                ServedModel.Description.plain(
                        "m",
                        version,
                        new ModelManifest("fake", "", Optional.empty(), List.of(), "", List.of())),
                new FakeModel(List.of(x), List.of(x), inputs -> inputs),
                new ServedModel.Surroundings(
                        threads, new ModelMeters(metrics, "m", version), () -> 0));
    }
}
