package dev.tidemill.server.repository;

import static dev.tidemill.server.repository.Shelf.answer;
import static dev.tidemill.server.repository.Shelf.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadOptions;
import dev.tidemill.server.modelconfig.VersionPolicy;
import dev.tidemill.server.repository.RepositorySettings.ControlMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelRepositoryTest {
    private static final String EXPLICIT_CONFIG = "{\"max_batch_size\":8}";

    @TempDir Path root;
    private Shelf shelf;

    @BeforeEach
    void open() {
        shelf = new Shelf(root);
    }

    @AfterEach
    void everyModelIsFreedOnce() {
        assertThat(shelf.runtime.crimes).isEmpty();
        assertThat(shelf.runtime.open).hasValue(0);
        shelf.close();
    }

    @Test
    void serves_the_newest_version_unless_the_policy_says_otherwise() {
        shelf.put("latest/2/model.onnx", "2").put("latest/10/model.onnx", "10");
        shelf.put("all/1/model.onnx", "1")
                .put("all/2/model.onnx", "2")
                .put("all/config.pbtxt", "version_policy { all {} }");
        shelf.put("some/1/model.onnx", "1")
                .put("some/2/model.onnx", "2")
                .put("some/3/model.onnx", "3")
                .put("some/config.pbtxt", "version_policy { specific { versions: [1, 2] } }");
        try (ModelRepository models = shelf.serve(ControlMode.NONE)) {
            assertThat(ask(models, "latest")).isEqualTo(10);
            assertThat(states(models, "latest")).containsExactly("10 READY");
            assertThat(states(models, "all")).containsExactly("2 READY", "1 READY");
            assertThat(states(models, "some")).containsExactly("2 READY", "1 READY");
            try (ModelLease lease = models.acquire("some", "1")) {
                assertThat(answer(lease)).isEqualTo(1);
            }
            assertFails(
                    () -> models.acquire("some", "3"),
                    ErrorCode.MODEL_NOT_FOUND,
                    "model some: version: '3' (expected: 2, 1)");
        }
    }

    @Test
    void serves_the_others_when_one_fails() {
        shelf.put("good/1/model.onnx", "1").put("bad/1/model.onnx", "bad");
        shelf.put("typo/1/model.onnx", "1").put("typo/config.pbtxt", "max_batch: 1");
        try (ModelRepository models = shelf.serve(ControlMode.NONE)) {
            assertThat(ask(models, "good")).isEqualTo(1);
            assertThat(models.obstacle()).isEmpty();
            assertFails(
                    () -> models.acquire("bad"),
                    ErrorCode.UNAVAILABLE,
                    "model bad is not ready: no model: bad");
            assertFails(
                    () -> models.acquire("typo"),
                    ErrorCode.UNAVAILABLE,
                    "field: 'max_batch' (expected: max_batch_size?)");
            assertFails(
                    () -> models.acquire("none"),
                    ErrorCode.MODEL_NOT_FOUND,
                    "model: 'none' (expected: one of [bad, good, typo])");
        }
    }

    @Test
    void loads_a_model_where_its_instances_are() {
        shelf.put("m/1/model.onnx", "1")
                .put("m/config.pbtxt", "instance_group { kind: KIND_GPU gpus: [0, 1] }");
        try (ModelRepository models = shelf.serve(ControlMode.NONE)) {
            assertThat(ask(models, "m")).isEqualTo(1);
            assertThat(shelf.runtime.asked)
                    .containsExactly(new LoadOptions(LoadOptions.Placement.GPU, List.of(0, 1)));
        }
    }

    @Test
    void is_not_ready_while_no_model_is_and_then_stays_ready() {
        shelf.put("m/1/model.onnx", "bad");
        try (ModelRepository models = shelf.serve(ControlMode.EXPLICIT, "m")) {
            assertThat(models.obstacle()).contains("model m: no model: bad");
            shelf.put("m/1/model.onnx", "1");
            models.load("m", Optional.empty(), Map.of());
            assertThat(models.obstacle()).isEmpty();
            models.unload("m", false);
            assertThat(models.obstacle()).isEmpty();
        }
    }

    @Test
    void loads_and_unloads_what_clients_ask_for() {
        shelf.put("a/1/model.onnx", "1").put("b/1/model.onnx", "2");
        try (ModelRepository models = shelf.serve(ControlMode.EXPLICIT, "a")) {
            assertThat(models.index())
                    .extracting(status -> status.model() + " " + status.state())
                    .containsExactly("a READY", "b UNAVAILABLE");
            assertFails(() -> ask(models, "b"), ErrorCode.MODEL_NOT_FOUND, "'b' is not loaded");
            models.load("b", Optional.empty(), Map.of());
            assertThat(ask(models, "b")).isEqualTo(2);
            ModelLease held = models.acquire("b");
            models.unload("b", false);
            assertThat(states(models, "b")).containsExactly("1 UNLOADING");
            assertFails(() -> ask(models, "b"), ErrorCode.MODEL_NOT_FOUND, "'b' is unloaded");
            assertThat(answer(held)).isEqualTo(2);
            held.close();
            assertThat(models.versions("b"))
                    .containsExactly(
                            new VersionStatus(
                                    "b", "", VersionStatus.State.UNAVAILABLE, "unloaded"));
            assertFails(
                    () -> models.load("c", Optional.empty(), Map.of()),
                    ErrorCode.MODEL_NOT_FOUND,
                    "model: 'c' (expected: one of the repository: [a, b])");
            assertFails(() -> models.unload("c", false), ErrorCode.MODEL_NOT_FOUND, "model: 'c'");
        }
    }

    @Test
    void lets_clients_decide_in_explicit_mode_only() {
        shelf.put("a/1/model.onnx", "1");
        try (ModelRepository models = shelf.serve(ControlMode.NONE)) {
            assertFails(
                    () -> models.load("a", Optional.empty(), Map.of()),
                    ErrorCode.INVALID_REQUEST,
                    "model control mode: 'none' (expected: explicit");
            assertFails(
                    () -> models.unload("a", false),
                    ErrorCode.INVALID_REQUEST,
                    "model control mode: 'none'");
        }
    }

    @Test
    void serves_on_when_a_reload_fails_and_says_why() {
        shelf.put("m/1/model.onnx", "1");
        try (ModelRepository models = shelf.serve(ControlMode.EXPLICIT, "*")) {
            shelf.put("m/1/model.onnx", "bad");
            assertFails(
                    () -> models.load("m", Optional.empty(), Map.of()),
                    ErrorCode.INVALID_REQUEST,
                    "no model: bad");
            assertThat(ask(models, "m")).isEqualTo(1);
            assertThat(models.versions("m").getFirst().reason())
                    .isEqualTo("changed, and the one before serves on: no model: bad");

            shelf.put("m/2/model.onnx", "bad too");
            assertFails(
                    () -> models.load("m", Optional.empty(), Map.of()),
                    ErrorCode.INVALID_REQUEST,
                    "no model: bad too");
            assertThat(ask(models, "m")).isEqualTo(1);
            assertThat(states(models, "m")).containsExactly("2 UNAVAILABLE", "1 READY");
            assertThat(models.usual("m").version()).isEqualTo("1");

            shelf.put("m/config.pbtxt", "{");
            assertFails(
                    () -> models.load("m", Optional.empty(), Map.of()),
                    ErrorCode.INVALID_REQUEST,
                    "config.pbtxt:1:1");
            assertThat(ask(models, "m")).isEqualTo(1);

            shelf.remove("m/config.pbtxt").put("m/2/model.onnx", "2");
            models.load("m", Optional.empty(), Map.of());
            assertThat(ask(models, "m")).isEqualTo(2);
            assertThat(states(models, "m")).containsExactly("2 READY");
        }
    }

    @Test
    void loads_a_configuration_and_files_from_a_request() {
        shelf.put("m/1/model.onnx", "1");
        try (ModelRepository models = shelf.serve(ControlMode.EXPLICIT, "m")) {
            models.load("m", Optional.of(EXPLICIT_CONFIG), Map.of());
            try (ModelLease lease = models.acquire("m")) {
                assertThat(lease.model().config().maxBatchSize()).contains(8);
            }
            models.load("m", Optional.of("{}"), Map.of("file:7/model.onnx", bytes("70")));
            assertThat(ask(models, "m")).isEqualTo(70);
            assertThat(states(models, "m")).containsExactly("7 READY");
            models.load("new", Optional.of("{}"), Map.of("file:1/model.onnx", bytes("5")));
            assertThat(ask(models, "new")).isEqualTo(5);

            for (String path : List.of("../x", "/etc/x", "a/../../x", "1//../x", "")) {
                assertFails(
                        () ->
                                models.load(
                                        "m", Optional.of("{}"), Map.of("file:" + path, bytes(""))),
                        ErrorCode.INVALID_REQUEST,
                        "file:" + path);
            }
            assertFails(
                    () -> models.load("m", Optional.empty(), Map.of("file:1/x", bytes(""))),
                    ErrorCode.INVALID_REQUEST,
                    "files without config");
            assertFails(
                    () -> models.load("../m", Optional.of("{}"), Map.of("file:1/x", bytes(""))),
                    ErrorCode.INVALID_REQUEST,
                    "model: '../m'");
            assertThat(ask(models, "m")).isEqualTo(70);
            models.load("m", Optional.empty(), Map.of());
            assertThat(ask(models, "m")).isEqualTo(1);
        }
    }

    @Test
    void says_which_configuration_does_not_fit_the_model() {
        shelf.put("m/1/model.onnx", "1");
        try (ModelRepository models = shelf.serve(ControlMode.EXPLICIT, "m")) {
            assertFails(
                    () ->
                            models.load(
                                    "m",
                                    Optional.of(
                                            "{\"max_batch_size\":8,\"input\":[{\"name\":\"x\",\"data_type\":\"TYPE_FP32\",\"dims\":[-1,1]}]}"),
                                    Map.of()),
                    ErrorCode.INVALID_REQUEST,
                    "input x: dims: '[-1, 1]' (expected: [1]; with max_batch_size above 0");
            assertFails(
                    () ->
                            models.load(
                                    "m",
                                    Optional.of(
                                            "{\"output\":[{\"name\":\"Y\",\"data_type\":\"TYPE_FP32\",\"dims\":[1]}]}"),
                                    Map.of()),
                    ErrorCode.INVALID_REQUEST,
                    "output: 'Y' (expected: one of [y])");
            assertThat(ask(models, "m")).isEqualTo(1);
        }
    }

    /// Counters of what is gone would otherwise pile up, label by label.
    @Test
    void a_thousand_versions_leave_no_thousand_series() {
        shelf.put("m/1/model.onnx", "1");
        try (ModelRepository models = shelf.serve(ControlMode.EXPLICIT, "m")) {
            long few = 0;
            for (int version = 2; version <= 1_000; version++) {
                shelf.put("m/" + version + "/model.onnx", String.valueOf(version));
                shelf.remove("m/" + (version - 1));
                models.load("m", Optional.empty(), Map.of());
                assertThat(ask(models, "m")).isEqualTo(version);
                if (version == 100) {
                    few = series();
                }
            }
            assertThat(series()).isLessThanOrEqualTo(few);
            assertThat(shelf.scrape())
                    .contains("version=\"1000\"")
                    .contains("version=\"999\"")
                    .doesNotContain("version=\"500\"");
        }
    }

    private long series() {
        return shelf.scrape().lines().filter(line -> line.contains("model=\"m\"")).count();
    }

    @Test
    void follows_the_disk_once_it_has_settled() throws IOException {
        shelf.put("m/1/model.onnx", "1").put("gone/1/model.onnx", "1");
        try (ModelRepository models = shelf.serve(ControlMode.NONE)) {
            shelf.put("m/2/model.onnx", "2").put("new/model.onnx", "3").remove("gone");
            models.look();
            assertThat(ask(models, "m")).isEqualTo(1);
            assertThat(ask(models, "gone")).isEqualTo(1);
            models.look();
            assertThat(ask(models, "m")).isEqualTo(2);
            assertThat(ask(models, "new")).isEqualTo(3);
            assertFails(
                    () -> ask(models, "gone"),
                    ErrorCode.MODEL_NOT_FOUND,
                    "gone from the repository");

            int loads = shelf.runtime.loads.get();
            shelf.put("m/.2.swp", "x").put("m/2/model.onnx~", "x");
            models.look();
            models.look();
            assertThat(shelf.runtime.loads).hasValue(loads);
        }
    }

    @Test
    void a_load_that_is_refused_leaves_nothing_behind() {
        shelf.put("m/1/model.onnx", "1");
        try (ModelRepository models = shelf.serve(ControlMode.EXPLICIT)) {
            for (Map<String, byte[]> files :
                    List.of(
                            Map.of("file:../x", bytes("1")),
                            Map.of("file:1/model.onnx", bytes("no model")),
                            Map.of("file:other", bytes("1")))) {
                for (String name : List.of("ghost", "m")) {
                    assertThatThrownBy(() -> models.load(name, Optional.of("{}"), files))
                            .isInstanceOfSatisfying(
                                    TidemillException.class,
                                    e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
                }
                assertThat(models.index())
                        .extracting(status -> status.model() + " " + status.state())
                        .containsExactly("m UNAVAILABLE");
                assertFails(
                        () -> models.acquire("ghost"),
                        ErrorCode.MODEL_NOT_FOUND,
                        "model: 'ghost' (expected: one of [m])");
            }
            models.load("ghost", Optional.of("{}"), Map.of("file:1/model.onnx", bytes("6")));
            assertThat(ask(models, "ghost")).isEqualTo(6);
            assertFails(
                    () -> models.load("ghost", Optional.of("{}"), Map.of("file:x", bytes(""))),
                    ErrorCode.INVALID_REQUEST,
                    "model ghost: versions: 'none'");
            assertThat(ask(models, "ghost")).isEqualTo(6);
        }
    }

    @Test
    void a_load_that_fails_does_not_take_away_what_another_has_brought() throws Exception {
        try (ModelRepository models = shelf.serve(ControlMode.EXPLICIT);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 50; round++) {
                String name = "m" + round;
                Future<?> bad = clients.submit(() -> load(models, name, "no model"));
                Future<?> good = clients.submit(() -> load(models, name, "7"));
                assertThatThrownBy(bad::get).hasCauseInstanceOf(TidemillException.class);
                good.get();
                assertThat(ask(models, name)).isEqualTo(7);
            }
            assertThat(models.index()).hasSize(50);
        }
    }

    @Test
    void names_of_files_that_cannot_be_are_the_clients_mistake() {
        shelf.put("m/1/model.onnx", "1");
        try (ModelRepository models = shelf.serve(ControlMode.EXPLICIT, "m")) {
            for (Map<String, byte[]> files :
                    List.of(
                            Map.of("file:1", bytes(""), "file:1/model.onnx", bytes("2")),
                            Map.of(
                                    "file:1//model.onnx",
                                    bytes("2"),
                                    "file:1/model.onnx",
                                    bytes("3")),
                            Map.of("file:1/" + "x".repeat(300), bytes("")),
                            Map.of("file:1/" + "\u6570".repeat(100), bytes("")),
                            Map.of("file:1/\u0000", bytes("")),
                            Map.of("file:1/2/3/4/5/6/7/8/9", bytes("")))) {
                assertFails(
                        () -> models.load("m", Optional.of("{}"), files),
                        ErrorCode.INVALID_REQUEST,
                        "parameters: 'file:1");
            }
            assertThat(ask(models, "m")).isEqualTo(1);
            assertThat(states(models, "m")).containsExactly("1 READY");
        }
    }

    @Test
    void frees_a_model_that_breaks_the_stack_while_it_is_loaded() {
        shelf.put("probed/1/model.onnx", "deep");
        shelf.put("warmed/1/model.onnx", "deep")
                .put(
                        "warmed/config.pbtxt",
                        """
                        max_batch_size: 8
                        model_warmup { name: "w" batch_size: 1
                          inputs { key: "x" value { data_type: TYPE_FP32 dims: [ 1 ] zero_data: true } } }
                        """);
        try (ModelRepository models = shelf.serve(ControlMode.NONE)) {
            assertThat(shelf.runtime.loads).hasValue(2);
            assertThat(shelf.runtime.open).hasValue(0);
            for (String name : List.of("probed", "warmed")) {
                assertFails(
                        () -> models.acquire(name), ErrorCode.UNAVAILABLE, "StackOverflowError");
            }
        }
    }

    @Test
    void follows_class_names_and_data_of_warm_up_requests_beside_the_versions() {
        shelf.put("m/1/model.onnx", "1")
                .put("m/labels.txt", "low")
                .put("m/warmup/x", "four")
                .put(
                        "m/config.pbtxt",
                        """
                        max_batch_size: 8
                        output { name: "y" data_type: TYPE_FP32 dims: [ 1 ] label_filename: "labels.txt" }
                        model_warmup { name: "w" batch_size: 1
                          inputs { key: "x" value { data_type: TYPE_FP32 dims: [ 1 ] input_data_file: "x" } } }
                        """);
        try (ModelRepository models = shelf.serve(ControlMode.POLL)) {
            assertThat(labels(models)).containsExactly("low");
            shelf.put("m/labels.txt", "lowest");
            models.look();
            models.look();
            assertThat(labels(models)).containsExactly("lowest");

            int loads = shelf.runtime.loads.get();
            shelf.put("m/warmup/x", "seven!!");
            models.look();
            models.look();
            assertThat(shelf.runtime.loads).hasValue(loads + 1);
            assertThat(models.versions("m").getFirst().reason())
                    .contains("7 bytes' (expected: 4 bytes");
            models.look();
            assertThat(shelf.runtime.loads).hasValue(loads + 1);
        }
    }

    @Test
    void loads_anew_what_comes_with_a_request_when_only_its_class_names_have_changed() {
        String config =
                "{\"max_batch_size\":8,\"output\":[{\"name\":\"y\",\"data_type\":\"TYPE_FP32\",\"dims\":[1],\"label_filename\":\"labels.txt\"}]}";
        shelf.put("m/1/model.onnx", "1").put("m/labels.txt", "low");
        try (ModelRepository models = shelf.serve(ControlMode.EXPLICIT)) {
            models.load("m", Optional.of(config), Map.of());
            assertThat(labels(models)).containsExactly("low");
            shelf.put("m/labels.txt", "lowest");
            models.load("m", Optional.of(config), Map.of());
            assertThat(labels(models)).containsExactly("lowest");
        }
    }

    @Test
    void labels_of_the_start_hold_for_versions_that_come_later() {
        shelf.put("m/1/model.onnx", "1")
                .put("m/2/model.onnx", "bad")
                .put("m/config.pbtxt", "version_policy { all {} }");
        try (ModelRepository models =
                shelf.serve(
                        ControlMode.POLL,
                        Map.of("m", Map.of("stable", "1", "canary", "2", "next", "3")))) {
            assertThat(askLabel(models, "stable")).isEqualTo(1);
            assertFails(
                    () -> askLabel(models, "canary"),
                    ErrorCode.MODEL_NOT_FOUND,
                    "model m: label: 'canary' (expected: [stable])");
            assertFails(
                    () -> askLabel(models, "next"),
                    ErrorCode.MODEL_NOT_FOUND,
                    "model m: label: 'next' (expected: [stable])");
            shelf.put("m/2/model.onnx", "2").put("m/3/model.onnx", "3");
            models.look();
            models.look();
            assertThat(askLabel(models, "stable")).isEqualTo(1);
            assertThat(askLabel(models, "canary")).isEqualTo(2);
            assertThat(askLabel(models, "next")).isEqualTo(3);
        }
    }

    @Test
    void labels_of_the_start_survive_that_the_model_is_unloaded_and_loaded() {
        shelf.put("m/1/model.onnx", "1");
        try (ModelRepository models =
                shelf.serve(ControlMode.EXPLICIT, Map.of("m", Map.of("stable", "1")))) {
            assertThat(askLabel(models, "stable")).isEqualTo(1);
            models.unload("m", false);
            assertFails(() -> askLabel(models, "stable"), ErrorCode.MODEL_NOT_FOUND, "model m");
            models.load("m", Optional.empty(), Map.of());
            assertThat(askLabel(models, "stable")).isEqualTo(1);
        }
    }

    @Test
    void one_list_is_served_whole_before_the_next() throws Exception {
        shelf.put("a/1/model.onnx", "1").put("b/1/model.onnx", "2").put("c/1/model.onnx", "3");
        try (ModelRepository models = shelf.serve(ControlMode.EXPLICIT)) {
            CountDownLatch gate = new CountDownLatch(1);
            shelf.runtime.gate.set(gate);
            FutureTask<Void> first = reconfiguring(models, "a", "c");
            Thread.ofPlatform().start(first);
            while (shelf.runtime.loads.get() < 1) {
                Thread.onSpinWait();
            }
            FutureTask<Void> second = reconfiguring(models, "b");
            Thread waiting = Thread.ofPlatform().start(second);
            while (waiting.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            gate.countDown();
            first.get();
            second.get();

            assertThat(ask(models, "b")).isEqualTo(2);
            for (String name : List.of("a", "c")) {
                assertFails(
                        () -> models.acquire(name),
                        ErrorCode.MODEL_NOT_FOUND,
                        "'%s' is not in the model list".formatted(name));
            }
            assertThat(shelf.runtime.loads).hasValue(3);
        }
    }

    @Test
    void takes_labels_for_versions_that_are_ready_only() {
        shelf.put("m/1/model.onnx", "1").put("m/2/model.onnx", "2");
        try (ModelRepository models = shelf.serve(ControlMode.NONE)) {
            VersionPolicy both = new VersionPolicy.Specific(List.of(1L, 2L));
            models.reconfigure(List.of(setting(both, Map.of("stable", "1", "canary", "2"))));
            try (ModelLease lease = models.acquireLabel("m", "stable")) {
                assertThat(answer(lease)).isEqualTo(1);
            }
            assertFails(
                    () -> models.reconfigure(List.of(setting(both, Map.of("stable", "3")))),
                    ErrorCode.INVALID_REQUEST,
                    "model m: label stable: version '3' (expected: one that is ready, of [2, 1])");
            assertThat(models.labels("m")).isEqualTo(Map.of("stable", "1", "canary", "2"));
            assertFails(
                    () -> models.acquireLabel("m", "old"),
                    ErrorCode.MODEL_NOT_FOUND,
                    "label: 'old' (expected: [");
        }
    }

    @Test
    void serves_the_models_of_a_list_and_no_others() {
        shelf.put("m/1/model.onnx", "1").put("other/1/model.onnx", "2");
        try (ModelRepository models = shelf.serve(ControlMode.NONE)) {
            models.reconfigure(
                    List.of(
                            new ModelSetting(
                                    "renamed", Path.of("other"), Optional.empty(), Map.of())));
            assertThat(ask(models, "renamed")).isEqualTo(2);
            assertFails(() -> ask(models, "m"), ErrorCode.MODEL_NOT_FOUND, "not in the model list");
            assertFails(
                    () ->
                            models.reconfigure(
                                    List.of(
                                            new ModelSetting(
                                                    "m",
                                                    Path.of("/etc"),
                                                    Optional.empty(),
                                                    Map.of()))),
                    ErrorCode.INVALID_REQUEST,
                    "m.base_path: '/etc' (expected: a folder inside one of the repositories)");
            assertThat(ask(models, "renamed")).isEqualTo(2);
        }
    }

    @Test
    void takes_one_list_after_the_other() throws InterruptedException {
        shelf.put("m/1/model.onnx", "1").put("other/1/model.onnx", "2");
        try (ModelRepository models = shelf.serve(ControlMode.EXPLICIT)) {
            CountDownLatch loading = new CountDownLatch(1);
            shelf.runtime.gate.set(loading);
            Thread first = Thread.ofPlatform().start(() -> models.reconfigure(listOf("m")));
            while (shelf.runtime.loads.get() == 0) {
                Thread.onSpinWait();
            }
            Thread second = Thread.ofPlatform().start(() -> models.reconfigure(listOf("other")));
            while (shelf.runtime.loads.get() < 2 && second.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            loading.countDown();
            first.join();
            second.join();

            assertThat(ask(models, "other")).isEqualTo(2);
            assertFails(() -> ask(models, "m"), ErrorCode.MODEL_NOT_FOUND, "not in the model list");
        }
    }

    private static List<ModelSetting> listOf(String model) {
        return List.of(new ModelSetting(model, Path.of(model), Optional.empty(), Map.of()));
    }

    private static void load(ModelRepository models, String name, String content) {
        models.load(name, Optional.of("{}"), Map.of("file:1/model.onnx", bytes(content)));
    }

    private static FutureTask<Void> reconfiguring(ModelRepository models, String... names) {
        List<ModelSetting> list =
                Arrays.stream(names)
                        .map(name ->
                                new ModelSetting(name, Path.of(name), Optional.empty(), Map.of()))
                        .toList();
        return new FutureTask<>(() -> models.reconfigure(list), null);
    }

    private static List<String> labels(ModelRepository models) {
        try (ModelLease lease = models.acquire("m")) {
            return lease.model().labels("y");
        }
    }

    private static float askLabel(ModelRepository models, String label) {
        try (ModelLease lease = models.acquireLabel("m", label)) {
            return answer(lease);
        }
    }

    private static ModelSetting setting(VersionPolicy policy, Map<String, String> labels) {
        return new ModelSetting("m", Path.of("m"), Optional.of(policy), labels);
    }

    private static List<String> states(ModelRepository models, String name) {
        return models.versions(name).stream()
                .map(status -> status.version() + " " + status.state())
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertFails(ThrowingCallable call, ErrorCode code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemillException.class, e -> assertThat(e.code()).isEqualTo(code))
                .message()
                .contains(message);
    }
}
