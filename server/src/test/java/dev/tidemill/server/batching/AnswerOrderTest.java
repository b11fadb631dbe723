package dev.tidemill.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class AnswerOrderTest {
    private final AnswerOrder order = new AnswerOrder();

    @Test
    void the_first_waits_for_nobody() {
        AnswerOrder.Place first = order.append();

        first.await();
        first.leave();
    }

    @Test
    void all_leave_in_the_order_of_their_places_whoever_is_done_first() throws Exception {
        List<AnswerOrder.Place> places = new ArrayList<>();
        IntStream.range(0, 50).forEach(_ -> places.add(order.append()));
        Queue<Integer> left = new ConcurrentLinkedQueue<>();
        List<Integer> backwards = new ArrayList<>(IntStream.range(0, 50).boxed().toList());
        Collections.reverse(backwards);
        List<Thread> threads = new ArrayList<>();
        for (int i : backwards) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                places.get(i).await();
                                left.add(i);
                                places.get(i).leave();
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(left).containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
    }

    @Test
    void an_interrupt_lets_nobody_overtake_and_is_not_lost() throws Exception {
        AnswerOrder.Place first = order.append();
        AnswerOrder.Place second = order.append();
        AnswerOrder.Place third = order.append();
        Queue<String> left = new ConcurrentLinkedQueue<>();
        Thread interrupted =
                Thread.ofPlatform()
                        .start(() -> {
                            Thread.currentThread().interrupt();
                            second.await();
                            left.add("second, interrupted: " + Thread.interrupted());
                            second.leave();
                        });
        Thread behind =
                Thread.ofPlatform()
                        .start(() -> {
                            third.await();
                            left.add("third");
                        });
        while (interrupted.getState() != Thread.State.WAITING
                || behind.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        left.add("first");
        first.leave();
        interrupted.join();
        behind.join();

        assertThat(left).containsExactly("first", "second, interrupted: true", "third");
    }
}
