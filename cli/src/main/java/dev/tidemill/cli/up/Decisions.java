package dev.tidemill.cli.up;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The last things that were said, for `status` and the live table. Bounded; any thread.
final class Decisions implements Narrator {
    private static final int KEPT = 200;

    private final InstantSource clock;
    private final Narrator next;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Deque<Entry> entries = new ArrayDeque<>();

    /// @param next hears everything too
    Decisions(InstantSource clock, Narrator next) {
        this.clock = clock;
        this.next = next;
    }

    /// @param about a model, a process, or `tidemill`
    record Entry(Instant at, String about, String sentence) {}

    @Override
    public void say(String about, String sentence) {
        lock.lock();
        try {
            entries.addLast(new Entry(clock.instant(), about, sentence));
            if (entries.size() > KEPT) {
                entries.removeFirst();
            }
        } finally {
            lock.unlock();
        }
        next.say(about, sentence);
    }

    /// The newest `count`, oldest first.
    List<Entry> last(int count) {
        lock.lock();
        try {
            return entries.stream().skip(Math.max(0, entries.size() - count)).toList();
        } finally {
            lock.unlock();
        }
    }
}
