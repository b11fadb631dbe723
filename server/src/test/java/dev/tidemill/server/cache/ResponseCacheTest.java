package dev.tidemill.server.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ResponseCacheTest {
    private final ResponseCache cache = new ResponseCache(10_000);
    private final ResponseCache.Part part = cache.part("m", "1");

    @Test
    void gives_an_answer_as_often_as_it_is_asked_for() {
        Question question = part.question(List.of(floats("x", 1, 2)), List.of());
        part.add(question, answer(3, 4));
        for (int i = 0; i < 3; i++) {
            Tensor.Numeric found =
                    (Tensor.Numeric) part.find(question).orElseThrow().outputs().getFirst();
            assertThat(found.data().getFloat()).isEqualTo(3);
            assertThat(found.data().getFloat()).isEqualTo(4);
        }
    }

    @Test
    void tells_questions_apart_by_all_that_matters() {
        List<Tensor> inputs = List.of(floats("x", 1, 2), floats("y", 3));
        Question question = part.question(inputs, List.of("a", "b"));

        assertThat(part.question(inputs.reversed(), List.of("a", "b"))).isEqualTo(question);
        assertThat(
                        List.of(
                                part.question(inputs, List.of("ab")),
                                part.question(inputs, List.of("b", "a")),
                                part.question(
                                        List.of(floats("x", 1), floats("y", 2, 3)),
                                        List.of("a", "b")),
                                part.question(
                                        List.of(floats("x", 1, 2), floats("z", 3)),
                                        List.of("a", "b")),
                                cache.part("m", "1").question(inputs, List.of("a", "b")),
                                cache.part("m", "2").question(inputs, List.of("a", "b"))))
                .doesNotContain(question);
        assertThat(part.question(List.of(texts("ab", "c")), List.of()))
                .isNotEqualTo(part.question(List.of(texts("a", "bc")), List.of()));
    }

    @Test
    void asking_does_not_use_the_inputs_up() {
        Tensor.Numeric input = floats("x", 1, 2);
        part.question(List.of(input), List.of());
        assertThat(input.data().remaining()).isEqualTo(8);
    }

    @Test
    void forgets_what_was_not_asked_for_longest() {
        Question kept = part.question(List.of(floats("x", 0)), List.of());
        part.add(kept, answer(0));
        for (int i = 1; i < 100; i++) {
            part.add(part.question(List.of(floats("x", i)), List.of()), answer(i));
            assertThat(part.find(kept)).isPresent();
            assertThat(cache.usage().bytes()).isLessThanOrEqualTo(10_000);
        }
        assertThat(part.find(part.question(List.of(floats("x", 1)), List.of()))).isEmpty();
        assertThat(cache.usage().evictions()).isPositive();
    }

    @Test
    void keeps_no_answer_larger_than_itself() {
        Question question = part.question(List.of(floats("x", 1)), List.of());
        part.add(question, answer(new float[5_000]));
        assertThat(part.find(question)).isEmpty();
        assertThat(cache.usage()).isEqualTo(new ResponseCache.Usage(0, 0, 0));
    }

    @Test
    void an_answer_of_one_request_keeps_no_memory_of_its_batch() {
        ByteBuffer batch = ByteBuffer.allocateDirect(4 * 1000).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer share = batch.slice(0, 4).order(ByteOrder.LITTLE_ENDIAN);
        Question question = part.question(List.of(floats("x", 1)), List.of());
        part.add(
                question,
                new ResponseCache.Answer(
                        List.of(new Tensor.Numeric("y", DataType.FP32, new long[] {1}, share)), 1));
        batch.putFloat(0, 9);
        Tensor.Numeric found =
                (Tensor.Numeric) part.find(question).orElseThrow().outputs().getFirst();
        assertThat(found.data().isDirect()).isFalse();
        assertThat(found.data().getFloat()).isZero();
    }

    @Test
    void a_closed_version_leaves_nothing_behind() {
        ResponseCache.Part other = cache.part("m", "2");
        Question question = part.question(List.of(floats("x", 1)), List.of());
        part.add(question, answer(1));
        Question others = other.question(List.of(floats("x", 1)), List.of());
        other.add(others, answer(2));
        part.close();
        part.add(question, answer(1));
        assertThat(part.find(question)).isEmpty();
        assertThat(other.find(others)).isPresent();
        other.close();
        assertThat(cache.usage().bytes()).isZero();
    }

    @Test
    void holds_its_bound_whatever_comes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Question question = part.question(List.of(floats("x", random.nextInt(50))), List.of());
            if (part.find(question).isEmpty()) {
                part.add(question, answer(new float[random.nextInt(2_000)]));
            }
            assertThat(cache.usage().bytes()).as("seed %d", seed).isBetween(0L, 10_000L);
        }
    }

    private static ResponseCache.Answer answer(float... values) {
        return new ResponseCache.Answer(List.of(floats("y", values)), 1);
    }

    private static Tensor.Numeric floats(String name, float... values) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new Tensor.Numeric(name, DataType.FP32, new long[] {values.length}, data);
    }

    private static Tensor texts(String... values) {
        return new Tensor.Text(
                "x",
                new long[] {values.length},
                List.of(values).stream()
                        .map(value -> value.getBytes(StandardCharsets.UTF_8))
                        .toList());
    }
}
