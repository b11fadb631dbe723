package dev.tidemill.gateway.traffic;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The newest requests one by one, while somebody asks for them: nothing is kept for nobody. What
/// is not fetched in time is counted as missed. Thread-safe.
public final class RequestTape {
    static final int MOST = 1 << 16;
    static final int MOST_AT_ONCE = 5_000;
    private static final long WANTED_NANOS = 60_000_000_000L;

    private final LongSupplier nanos;
    private final long id;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean asked;
    private volatile long wantedUntil;

    @GuardedBy("lock")
    private Line[] lines = new Line[0];

    @GuardedBy("lock")
    private long next;

    /// @param id by which a reader knows whether it is still the same one
    public RequestTape(LongSupplier nanos, long id) {
        this.nanos = nanos;
        this.id = id;
    }

    /// One request that has ended.
    ///
    /// @param timestamp when it came, `2026-11-21T10:00:00.123Z`
    /// @param model as the client calls it
    /// @param inputTokens absent where none are known
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Line(
            String timestamp,
            String model,
            @Nullable Long inputTokens,
            @Nullable Long outputTokens,
            double millis,
            int status) {}

    /// @param tape another one's numbers begin anew
    /// @param next number to ask after
    /// @param missed that were gone before they were asked for
    public record Piece(long tape, long next, long missed, List<Line> requests) {
        public Piece {
            requests = List.copyOf(requests);
        }
    }

    public boolean wanted() {
        return asked && nanos.getAsLong() - wantedUntil < 0;
    }

    public void add(Line line) {
        lock.lock();
        try {
            if (lines.length > 0) {
                lines[(int) (next++ % lines.length)] = line;
            }
        } finally {
            lock.unlock();
        }
    }

    /// What came since; from now on requests are kept for a minute.
    ///
    /// @param tape that was read last; another or 0 begins with what comes next
    /// @param after number that was told last
    public Piece read(long tape, long after) {
        lock.lock();
        try {
            boolean goesOn = wanted();
            wantedUntil = nanos.getAsLong() + WANTED_NANOS;
            asked = true;
            if (!goesOn || lines.length == 0) {
                lines = new Line[MOST];
                next = 0;
                return new Piece(id, 0, 0, List.of());
            }
            if (tape != id || after < 0 || after > next) {
                return new Piece(id, next, 0, List.of());
            }
            long first = Math.max(after, next - lines.length);
            long end = Math.min(next, first + MOST_AT_ONCE);
            List<Line> requests = new ArrayList<>((int) (end - first));
            for (long number = first; number < end; number++) {
                requests.add(lines[(int) (number % lines.length)]);
            }
            return new Piece(id, end, first - after, requests);
        } finally {
            lock.unlock();
        }
    }
}
