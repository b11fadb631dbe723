package dev.tidemill.server.admission;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.limits.Admission;
import dev.tidemill.limits.Capacity;
import dev.tidemill.limits.Load;
import java.util.concurrent.locks.ReentrantLock;

/// Holds the counters that [Capacity] decides about. Counting and deciding happen under one lock,
/// so no burst gets past a limit.
public final class AdmissionGate {
    private final Capacity capacity;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private int requests;

    @GuardedBy("lock")
    private long bytes;

    public AdmissionGate(Capacity capacity) {
        this.capacity = capacity;
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
            return new Permit(admission);
        } finally {
            lock.unlock();
        }
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
                Admission decision = capacity.decide(new Load(requests - 1, bytes), more);
                if (decision instanceof Admission.Admitted) {
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
}
