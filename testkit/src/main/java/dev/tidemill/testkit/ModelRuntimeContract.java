package dev.tidemill.testkit;

import static dev.tidemill.testkit.Tensors.floats;
import static dev.tidemill.testkit.Tensors.floatsOf;
import static dev.tidemill.testkit.Tensors.ints;
import static dev.tidemill.testkit.Tensors.intsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.LoadOptions;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What every [ModelRuntime] must do. A subclass brings the runtime and the same five models in its
/// format.
public abstract class ModelRuntimeContract {
    private ModelRuntime runtime;

    protected abstract ModelRuntime runtime();

    /// `sum = a + b` and `difference = a - b`, INT32 [-1, 16], in that order.
    protected abstract Path addSub();

    /// `scores = softmax(...)` of FP32 `x` [-1, 4] to [-1, 3], where the largest of the first three
    /// numbers wins.
    protected abstract Path classifier();

    /// `y = x`, [-1, 2], of a type.
    protected abstract Path identity(DataType type);

    /// The types that [#identity] has a model for.
    protected abstract Set<DataType> types();

    /// Takes FP32 `x` [-1] and breaks unless it has seven elements.
    protected abstract Path breaksWhenRun();

    /// Not a model.
    protected abstract Path broken();

    @BeforeEach
    final void open() {
        runtime = runtime();
    }

    @AfterEach
    final void close() {
        runtime.close();
    }

    @Nested
    protected final class Loads {
        @Test
        void a_model_and_says_what_it_takes_and_gives_in_its_order() {
            try (LoadedModel model = runtime.load(addSub())) {
                assertThat(model.inputs())
                        .containsExactly(
                                spec("a", DataType.INT32, 16), spec("b", DataType.INT32, 16));
                assertThat(model.outputs())
                        .containsExactly(
                                spec("sum", DataType.INT32, 16),
                                spec("difference", DataType.INT32, 16));
            }
        }

        @Test
        void the_same_model_twice() {
            LoadedModel first = runtime.load(addSub());
            try (LoadedModel second = runtime.load(addSub())) {
                first.close();

                assertThat(second.run(addSubInputs(1, 1))).hasSize(2);
            }
        }

        @Test
        void a_model_that_must_run_on_the_cpu_there() {
            LoadOptions options = new LoadOptions(LoadOptions.Placement.CPU, List.of());
            try (LoadedModel model = runtime.load(addSub(), options)) {
                assertThat(model.devices()).containsExactly("cpu");
                assertThat(model.run(addSubInputs(1, 1))).hasSize(2);
            }
        }

        /// A GPU of that number is nowhere.
        @Test
        void no_model_on_a_gpu_that_is_not_there() {
            LoadOptions options = new LoadOptions(LoadOptions.Placement.GPU, List.of(1000));

            assertThatThrownBy(() -> runtime.load(addSub(), options))
                    .isInstanceOfSatisfying(
                            TidemillException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_FAILED))
                    .hasMessageContaining("GPU");
        }

        @Test
        void a_model_that_may_run_anywhere_where_its_gpu_is_not_there() {
            LoadOptions options = new LoadOptions(LoadOptions.Placement.AUTO, List.of(1000));
            try (LoadedModel model = runtime.load(addSub(), options)) {
                assertThat(model.run(addSubInputs(1, 1))).hasSize(2);
            }
        }

        @Test
        void nothing_from_a_file_that_is_no_model() {
            assertThatThrownBy(() -> runtime.load(broken()))
                    .isInstanceOfSatisfying(
                            TidemillException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_FAILED))
                    .hasMessageContaining(broken().toString());
        }

        @Test
        void nothing_from_a_file_that_is_not_there() {
            Path missing = addSub().resolveSibling("missing-model");

            assertThatThrownBy(() -> runtime.load(missing))
                    .isInstanceOfSatisfying(
                            TidemillException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_FAILED))
                    .hasMessageContaining("missing-model");
        }
    }

    @Nested
    protected final class Runs {
        @Test
        void every_row_of_a_batch() {
            try (LoadedModel model = runtime.load(addSub())) {
                for (int rows : new int[] {1, 2, 7}) {
                    List<Tensor> outputs = model.run(addSubInputs(rows, 3));

                    assertThat(outputs)
                            .extracting(Tensor::name)
                            .containsExactly("sum", "difference");
                    assertThat(outputs.getFirst().shape()).containsExactly(rows, 16);
                    assertThat(intsOf(outputs.getFirst())).hasSize(rows * 16).startsWith(3, 4, 5);
                    assertThat(intsOf(outputs.getLast())).startsWith(-3, -2, -1);
                }
            }
        }

        @Test
        void a_classifier() {
            try (LoadedModel model = runtime.load(classifier())) {
                Tensor x = floats("x", new long[] {2, 4}, 1, 0, 0, 0, 0, 0, 1, 0);

                float[] scores = floatsOf(model.run(List.of(x)).getFirst());

                assertThat(scores[0] + scores[1] + scores[2]).isCloseTo(1, within(1e-5f));
                assertThat(scores[0]).isGreaterThan(scores[1]).isGreaterThan(scores[2]);
                assertThat(scores[5]).isGreaterThan(scores[3]).isGreaterThan(scores[4]);
            }
        }

        @Test
        void every_type_without_changing_a_bit() {
            long seed = new Random().nextLong();
            Random random = new Random(seed);
            for (DataType type : types()) {
                try (LoadedModel model = runtime.load(identity(type))) {
                    Tensor x = randomTensor(type, random);

                    Tensor y = model.run(List.of(x)).getFirst();

                    assertThat(y.type()).as("%s, seed %d", type, seed).isEqualTo(type);
                    assertThat(y.shape()).containsExactly(3, 2);
                    assertThat(contentOf(y)).as("%s, seed %d", type, seed).isEqualTo(contentOf(x));
                }
            }
        }

        @Test
        void without_touching_its_inputs() {
            try (LoadedModel model = runtime.load(addSub())) {
                List<Tensor> inputs = addSubInputs(2, 5);

                model.run(inputs);
                List<Tensor> again = model.run(inputs);

                assertThat(intsOf(inputs.getLast())).containsOnly(5);
                assertThat(intsOf(again.getFirst())).startsWith(5, 6);
            }
        }

        @Test
        void and_its_outputs_outlive_it() {
            Tensor sum;
            try (LoadedModel model = runtime.load(addSub())) {
                sum = model.run(addSubInputs(1, 1)).getFirst();
                model.run(addSubInputs(1, 1000));
            }
            assertThat(intsOf(sum)).startsWith(1, 2, 3);
        }

        @Test
        void many_batches_at_once() throws Exception {
            try (LoadedModel model = runtime.load(addSub());
                    ExecutorService threads = Executors.newFixedThreadPool(8)) {
                List<Callable<Boolean>> work = new ArrayList<>();
                for (int i = 0; i < 400; i++) {
                    int added = i;
                    work.add(() ->
                            intsOf(model.run(addSubInputs(1 + added % 3, added)).getFirst())[1]
                                    == added + 1);
                }
                for (Future<Boolean> right : threads.invokeAll(work)) {
                    assertThat(right.get()).isTrue();
                }
            }
        }
    }

    @Nested
    protected final class Refuses {
        @Test
        void a_shape_that_is_not_the_models() {
            try (LoadedModel model = runtime.load(addSub())) {
                long[] shape = {1, 3};
                List<Tensor> inputs = List.of(ints("a", shape, 1, 2, 3), ints("b", shape, 1, 2, 3));

                assertRefused(model, inputs);
            }
        }

        @Test
        void a_type_that_is_not_the_models() {
            try (LoadedModel model = runtime.load(addSub())) {
                List<Tensor> inputs =
                        List.of(
                                floats("a", new long[] {1, 16}, new float[16]),
                                floats("b", new long[] {1, 16}, new float[16]));

                assertRefused(model, inputs);
            }
        }

        @Test
        void to_hide_that_a_model_broke() {
            try (LoadedModel model = runtime.load(breaksWhenRun())) {
                Tensor eight = floats("x", new long[] {8}, new float[8]);

                assertThatThrownBy(() -> model.run(List.of(eight)))
                        .isInstanceOfSatisfying(
                                TidemillException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_FAILED));
                assertThat(model.run(List.of(floats("x", new long[] {7}, new float[7]))))
                        .hasSize(1);
            }
        }

        private static void assertRefused(LoadedModel model, List<Tensor> inputs) {
            assertThatThrownBy(() -> model.run(inputs))
                    .isInstanceOfSatisfying(
                            TidemillException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
        }
    }

    @Nested
    protected final class Closes {
        @Test
        void twice_without_harm() {
            LoadedModel model = runtime.load(addSub());
            model.close();
            model.close();
        }

        @Test
        void and_then_runs_no_more() {
            LoadedModel model = runtime.load(addSub());
            model.close();

            assertThatThrownBy(() -> model.run(addSubInputs(1, 1)))
                    .isInstanceOf(IllegalStateException.class);
        }

        @Test
        void while_others_run_and_lets_them_finish() throws Exception {
            for (int round = 0; round < 20; round++) {
                LoadedModel model = runtime.load(addSub());
                try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                    List<Future<Integer>> runners = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        runners.add(threads.submit(() -> runUntilClosed(model)));
                    }
                    model.close();
                    for (Future<Integer> runner : runners) {
                        assertThat(runner.get()).isNotNegative();
                    }
                }
            }
        }

        private static int runUntilClosed(LoadedModel model) {
            int runs = 0;
            try {
                while (true) {
                    assertThat(intsOf(model.run(addSubInputs(4, 2)).getFirst())).startsWith(2, 3);
                    runs++;
                }
            } catch (IllegalStateException e) {
                return runs;
            }
        }
    }

    private static TensorSpec spec(String name, DataType type, long columns) {
        return new TensorSpec(name, type, List.of(-1L, columns));
    }

    /// `a` counts from 0 in every row, `b` is `added` everywhere.
    private static List<Tensor> addSubInputs(int rows, int added) {
        int[] a = new int[rows * 16];
        int[] b = new int[rows * 16];
        for (int i = 0; i < a.length; i++) {
            a[i] = i % 16;
            b[i] = added;
        }
        long[] shape = {rows, 16};
        return List.of(ints("a", shape, a), ints("b", shape, b));
    }

    private static Tensor randomTensor(DataType type, Random random) {
        long[] shape = {3, 2};
        if (type == DataType.BYTES) {
            return Tensors.texts(
                    "x", shape, "", "plain", "grün", "数字七", "🙂 a\n", "x".repeat(5000));
        }
        byte[] bytes = new byte[6 * type.byteWidth()];
        random.nextBytes(bytes);
        for (int i = 0; type == DataType.BOOL && i < bytes.length; i++) {
            bytes[i] &= 1;
        }
        return Tensors.raw("x", type, shape, bytes);
    }

    private static Object contentOf(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Text text -> Tensors.textsOf(text);
            case Tensor.Numeric numeric -> Tensors.bytesOf(numeric);
        };
    }
}
