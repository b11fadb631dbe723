package dev.tidemill.runtimes.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class UseCountTest {
    private static final int USERS = 8;

    private final AtomicInteger freed = new AtomicInteger();
    private final UseCount users = new UseCount(freed::incrementAndGet);

    @Test
    void what_nobody_uses_is_freed_at_once_and_once() {
        users.close();
        users.close();

        assertThat(freed).hasValue(1);
        assertThat(users.isReleased()).isTrue();
    }

    @Test
    void the_last_one_to_leave_frees_it() {
        assertThat(users.enter()).isTrue();
        assertThat(users.enter()).isTrue();
        users.close();
        users.leave();
        assertThat(freed).hasValue(0);
        assertThat(users.isReleased()).isFalse();

        users.leave();

        assertThat(freed).hasValue(1);
        assertThat(users.isReleased()).isTrue();
    }

    @Test
    void nobody_gets_in_once_it_is_closed() {
        assertThat(users.enter()).isTrue();
        users.close();

        assertThat(users.enter()).isFalse();
        users.leave();
        assertThat(users.enter()).isFalse();
    }

    @Test
    void it_is_free_while_open() {
        assertThat(users.enter()).isTrue();
        users.leave();

        assertThat(freed).hasValue(0);
        assertThat(users.isReleased()).isFalse();
    }

    @Test
    void many_at_once_free_it_once_and_never_while_somebody_is_in() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger insideAtFree = new AtomicInteger(-1);
        AtomicInteger frees = new AtomicInteger();
        UseCount shared =
                new UseCount(() -> {
                    frees.incrementAndGet();
                    insideAtFree.set(inside.get());
                });
        CountDownLatch busy = new CountDownLatch(USERS);
        // Threads of the system's, which are fair: virtual ones that only yield may keep others
        // from ever beginning.
        try (ExecutorService all = Executors.newCachedThreadPool()) {
            for (int i = 0; i < USERS; i++) {
                all.execute(() -> {
                    while (shared.enter()) {
                        inside.incrementAndGet();
                        inside.decrementAndGet();
                        shared.leave();
                        busy.countDown();
                    }
                });
            }
            busy.await();
            shared.close();
        }
        assertThat(frees).hasValue(1);
        assertThat(insideAtFree).hasValue(0);
    }
}
