package dev.tidemill.benchmarks.serving;

import dev.tidemill.benchmarks.serving.Driver.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/// One cell: one thread with a selector, and in an open loop a second one that keeps the time.
///
/// Latency in an open loop counts from when a request was due, not from when a connection was free
/// for it, so that a server which stalls cannot hide the requests that waited meanwhile.
final class Load implements AutoCloseable, Connection.Answers {
    private static final String INFER = "/inference.GRPCInferenceService/ModelInfer";
    private static final long HIGHEST = 120_000_000_000L;
    private static final long FINISH = 2_000_000_000L;
    private static final int FAILURES_IN_A_ROW = 1000;

    private final Command command;
    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final Histogram latency = new Histogram(HIGHEST, 3);
    private final Histogram lag = new Histogram(HIGHEST, 3);
    private final Samples samples = new Samples();
    private final int variants;
    private final Schedule schedule;
    private boolean measuring;
    private boolean sending = true;
    private int next;
    private long errors;
    private long reconnects;
    private long bytes;
    private long unanswered;
    private int failuresInARow;

    Load(Command command) throws IOException {
        this.command = command;
        Requests requests = Requests.read(command.path("requests"));
        variants = requests.count();
        ByteBuffer[] buffers = requests.direct();
        int streams = command.grpc() ? command.number("streams", 1) : 1;
        int count = Math.ceilDiv(command.number("connections", 1), streams);
        for (int i = 0; i < count; i++) {
            int port = command.number("port", 0);
            connections.add(
                    command.grpc()
                            ? new GrpcConnection(port, selector, buffers, INFER, streams)
                            : new HttpConnection(port, selector, buffers));
        }
        schedule =
                new Schedule(
                        command.fraction("rate", 0),
                        command.words().getOrDefault("arrivals", "constant").equals("poisson"),
                        selector);
    }

    String run() throws IOException, InterruptedException {
        for (Connection connection : connections) {
            connection.connect();
        }
        long begin = System.nanoTime();
        long measured = begin + nanos(command.fraction("warmup", 0));
        long end = measured + nanos(command.fraction("seconds", 1));
        start(end);
        turn(measured);
        IO.println("{\"event\":\"begin\"}");
        long from = System.nanoTime();
        measuring = true;
        turn(end);
        measuring = false;
        long to = System.nanoTime();
        sending = false;
        for (Connection connection : connections) {
            unanswered += connection.abandon().length;
        }
        samples.write(command.path("samples"));
        return Figures.json(latency, (to - from) / 1e9, errors, more());
    }

    private String more() {
        return String.format(
                Locale.ROOT,
                ",\"reconnects\":%d,\"answer_bytes\":%d,\"unanswered\":%d,\"backlog\":%d,"
                        + "\"lag_p50_us\":%.1f,\"lag_p99_us\":%.1f",
                reconnects,
                latency.getTotalCount() == 0 ? 0 : bytes / latency.getTotalCount(),
                unanswered,
                schedule.waiting(),
                lag.getValueAtPercentile(50) / 1e3,
                lag.getValueAtPercentile(99) / 1e3);
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }

    private void start(long end) throws IOException {
        if (schedule.isOpen()) {
            idle.addAll(connections);
            schedule.start(end);
            return;
        }
        for (Connection connection : connections) {
            while (connection.free() > 0) {
                connection.send(variant(), System.nanoTime());
            }
        }
    }

    private void turn(long until) throws IOException {
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            selector.select(this::ready, Math.max(1, left / 1_000_000));
            if (schedule.isOpen()) {
                sendWhatIsDue();
            }
        }
    }

    private void sendWhatIsDue() throws IOException {
        while (!idle.isEmpty()) {
            long due = schedule.next();
            if (due == Schedule.NOTHING) {
                return;
            }
            Connection connection = idle.poll();
            if (measuring) {
                lag.recordValue(Math.max(0, System.nanoTime() - due));
            }
            try {
                connection.send(variant(), due);
            } catch (IOException e) {
                restart(connection, e);
                continue;
            }
            if (connection.free() > 0) {
                idle.add(connection);
            }
        }
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isWritable()) {
                connection.writable();
            }
            if (key.isReadable()) {
                connection.readable(this);
            }
        } catch (IOException e) {
            try {
                restart(connection, e);
            } catch (IOException again) {
                throw new java.io.UncheckedIOException(again);
            }
        }
    }

    /// A connection that a server closed while nothing was asked of it is no error; requests that
    /// were lost with one are.
    private void restart(Connection connection, IOException why) throws IOException {
        long[] lost = connection.abandon();
        reconnects++;
        errors += measuring ? lost.length : 0;
        if (++failuresInARow > FAILURES_IN_A_ROW) {
            throw new IOException("gave up after %d failures: %s".formatted(failuresInARow, why));
        }
        connection.close();
        connection.connect();
        if (schedule.isOpen()) {
            if (lost.length > 0) {
                idle.add(connection);
            }
        } else {
            while (connection.free() > 0) {
                connection.send(variant(), System.nanoTime());
            }
        }
    }

    @Override
    public void answered(
            Connection by, long start, int variant, boolean ok, byte[] from, int at, int length) {
        long now = System.nanoTime();
        if (measuring) {
            if (ok) {
                latency.recordValue(Math.min(HIGHEST, now - start));
                bytes += length;
                samples.offer(variant, from, at, length);
            } else {
                errors++;
            }
        }
        if (ok) {
            failuresInARow = 0;
        }
        if (!sending) {
            return;
        }
        if (schedule.isOpen()) {
            if (by.free() == 1) {
                idle.add(by);
            }
            return;
        }
        try {
            by.send(variant(), now);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private int variant() {
        next = next + 1 == variants ? 0 : next + 1;
        return next;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        schedule.stop();
        for (Connection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
