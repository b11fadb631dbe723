package dev.tidemill.gateway.grpc;

import dev.tidemill.gateway.admission.Admission;
import dev.tidemill.gateway.audit.AuditLog;
import dev.tidemill.gateway.forward.RepeatedWarning;
import dev.tidemill.gateway.mirror.Copies;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.http.AccessLines;
import dev.tidemill.http.FailureLog;
import dev.tidemill.http.Metrics;
import dev.tidemill.routing.RetryBudget;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// What all calls share.
///
/// @param waiting places for calls that wait for a replica
/// @param ids of calls that bring none
/// @param nanos monotonic clock
/// @param random gives the calling thread's generator
record GrpcParts(
        LiveTable live,
        Admission admission,
        AuditLog audit,
        Copies copies,
        Channels channels,
        RetryBudget budget,
        Semaphore waiting,
        Metrics metrics,
        RepeatedWarning warnings,
        FailureLog log,
        AccessLines access,
        Supplier<String> ids,
        LongSupplier nanos,
        Supplier<? extends RandomGenerator> random) {
    /// Calls that may wait at once: each holds its message.
    static final int WAITING = 1024;
}
