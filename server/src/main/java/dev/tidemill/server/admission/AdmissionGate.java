package dev.tidemill.server.admission;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.limits.AdaptiveLimit;
import dev.tidemill.limits.Admission;
import dev.tidemill.limits.Capacity;
import dev.tidemill.limits.Load;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/// Holds the counters that [Capacity] decides about. Counting and deciding happen under one lock,
/// so no burst gets past a limit.
public final class AdmissionGate {
    private final ReentrantLock lock = new ReentrantLock();

    private final boolean adapts;

    @GuardedBy("lock")
    private final Optional<LimitTuner> tuner;

    @GuardedBy("lock")
    private Capacity capacity;

    @GuardedBy("lock")
    private int requests;

    @GuardedBy("lock")
    private long bytes;

    public AdmissionGate(Capacity capacity) {
        this.capacity = capacity;
        this.adapts = false;
        this.tuner = Optional.empty();
    }

    /// One whose limit of requests follows how they fare.
    ///
    /// @param floor below which the limit must not fall now
    public AdmissionGate(Capacity capacity, AdaptiveLimit policy, IntSupplier floor) {
        this.capacity = capacity.withMaxRequests(policy.max());
        this.adapts = true;
        this.tuner = Optional.of(new LimitTuner(policy, floor));
    }

    /// Requests that are let in at a time now.
    public int limit() {
        lock.lock();
        try {
            return capacity.maxRequests();
        } finally {
            lock.unlock();
        }
    }

    /// Asks for one more request, without a body yet. Only when admitted, [Permit#close] must
    /// follow.
    public Permit enter() {
        lock.lock();
        try {
            Admission admission = capacity.decide(new Load(requests, bytes), 0);
            if (admission instanceof Admission.Admitted) {
                requests++;
            }
            if (tuner.isPresent()) {
                tuner.get().entered(requests);
            }
            return new Permit(admission);
        } finally {
            lock.unlock();
        }
    }

    /// Bytes that no request in flight holds: messages that are not whole yet, files of models.
    public Reserve reserve() {
        return new Reserve();
    }

    public Load load() {
        lock.lock();
        try {
            return new Load(requests, bytes);
        } finally {
            lock.unlock();
        }
    }

    /// One request's share.
    public final class Permit implements AutoCloseable {
        private final Admission admission;
        private long held;

        private Permit(Admission admission) {
            this.admission = admission;
        }

        public Admission admission() {
            return admission;
        }

        /// Asks for more bytes; they are held until [#close].
        public Admission grow(long more) {
            lock.lock();
            try {
                // This request is counted already: ask as if it came anew with these bytes.
                // It stays in however far the limit has fallen meanwhile.
                Admission decision =
                        capacity.decide(
                                new Load(Math.min(requests, capacity.maxRequests()) - 1, bytes),
                                more);
                if (decision instanceof Admission.Admitted) {
                    bytes += more;
                    held += more;
                }
                return decision;
            } finally {
                lock.unlock();
            }
        }

        /// Tells that the request was answered well.
        ///
        /// @param now of the monotonic clock
        /// @param took from having the request to having the answer, in ns
        public void answered(long now, long took) {
            lock.lock();
            try {
                if (tuner.isPresent() && tuner.get().answered(now, took)) {
                    capacity = capacity.withMaxRequests(tuner.get().limit());
                }
            } finally {
                lock.unlock();
            }
        }

        /// Whether anybody learns from [#answered].
        public boolean isWatched() {
            return adapts;
        }

        @Override
        public void close() {
            if (admission instanceof Admission.Admitted) {
                lock.lock();
                try {
                    requests--;
                    bytes -= held;
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    /// Bytes without a request's place. Thread-safe; holds nothing for good once it is closed.
    public final class Reserve implements AutoCloseable {
        private long held;
        private boolean closed;

        private Reserve() {}

        /// Asks for more bytes; they are held until [#close].
        public Admission grow(long more) {
            lock.lock();
            try {
                Admission decision = capacity.decide(new Load(0, bytes), more);
                if (decision instanceof Admission.Admitted && !closed) {
                    bytes += more;
                    held += more;
                }
                return decision;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                bytes -= held;
                held = 0;
                closed = true;
            } finally {
                lock.unlock();
            }
        }
    }
}
