package dev.tidemill.common.process;

import java.util.concurrent.CountDownLatch;

/// The end of a process, asked for by a signal or by whoever supervises it. Once a signal has come
/// the JVM would halt as soon as its shutdown hooks are done; this one waits until the process has
/// ended in its own way, which [#close] says.
public final class StopSignal implements AutoCloseable {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    StopSignal() {}

    /// From here on SIGTERM and SIGINT ask for the end.
    public static StopSignal install() {
        StopSignal stop = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(stop::askAndWait, "shutdown"));
        return stop;
    }

    /// Asks for the end. A second time it does nothing.
    public void ask() {
        asked.countDown();
    }

    /// Until somebody has asked.
    public void await() throws InterruptedException {
        asked.await();
    }

    /// The process has ended: the JVM may halt.
    @Override
    public void close() {
        ended.countDown();
    }

    void askAndWait() {
        ask();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
