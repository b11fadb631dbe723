package dev.tidemill.server.protocol.grpc;

import dev.tidemill.http.PeriodicLook;
import dev.tidemill.server.admission.AdmissionGate;
import dev.tidemill.server.admission.AdmissionGate.Reserve;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// All calls of a server that have large messages on their way in: one bound for their bytes, one
/// thread that ends those whose messages come too slowly, as `BodyWatch` does for bodies.
public final class Intakes extends ServerStreamTracer.Factory implements AutoCloseable {
    /// Slower lines are taken for stalled.
    static final long BYTES_PER_SECOND = 64 * 1024;

    private static final long SECOND = 1_000_000_000L;

    private final AdmissionGate gate;
    private final long freeNanos;
    private final LongSupplier nanos;
    private final Set<Intake> open = ConcurrentHashMap.newKeySet();
    private final PeriodicLook looks;

    /// @param gate holds the bytes of messages that are not whole, and of large ones till they are
    ///   answered
    /// @param free time in which nothing may come
    /// @param nanos monotonic clock
    public Intakes(AdmissionGate gate, Duration free, LongSupplier nanos) {
        this.gate = gate;
        this.freeNanos = free.toNanos();
        this.nanos = nanos;
        this.looks = PeriodicLook.within("message-watch", freeNanos, this::look);
        looks.start();
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new Intake(this);
    }

    @Override
    public void close() {
        looks.close();
    }

    Reserve reserve() {
        return gate.reserve();
    }

    /// When a call of which nothing more comes ends.
    long latest() {
        return nanos.getAsLong() + freeNanos;
    }

    /// As much later as a slow line needs for the bytes, and never later than [#latest]: who sent
    /// much may not do nothing for long.
    long extended(long until, long bytes) {
        long later = until + bytes * SECOND / BYTES_PER_SECOND;
        long most = latest();
        return later - most < 0 ? later : most;
    }

    void watch(Intake intake) {
        open.add(intake);
    }

    void forget(Intake intake) {
        open.remove(intake);
    }

    private void look() {
        long now = nanos.getAsLong();
        for (Intake intake : open) {
            if (intake.isLate(now)) {
                intake.endLate();
            }
        }
    }
}
