package dev.tidemill.common.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class StopSignalTest {
    private final StopSignal stop = new StopSignal();

    @Test
    void whoever_asks_first_ends_the_wait() throws InterruptedException {
        stop.ask();
        stop.ask();

        stop.await();
    }

    @Test
    void a_signal_asks_and_holds_the_jvm_until_the_process_has_ended() throws InterruptedException {
        CountDownLatch halted = new CountDownLatch(1);
        Thread hook =
                Thread.ofVirtual()
                        .start(() -> {
                            stop.askAndWait();
                            halted.countDown();
                        });

        stop.await();
        assertThat(halted.getCount()).isEqualTo(1);

        stop.close();
        halted.await();
        hook.join();
    }
}
