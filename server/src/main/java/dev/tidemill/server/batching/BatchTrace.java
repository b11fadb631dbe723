package dev.tidemill.server.batching;

import dev.tidemill.http.tracing.Span;
import dev.tidemill.server.batching.Waiting.Batch;
import java.util.ArrayList;
import java.util.List;

/// What a traced request's way through the queue looks like in its trace: `queue` until its run
/// began, `batch` until it had its rows, and within that `compute`, the run of the model itself. A
/// batch of several requests is part of several traces: its spans are linked to the other requests.
final class BatchTrace {
    /// More links say nothing more.
    private static final int MAX_LINKS = 16;

    private BatchTrace() {}

    /// @param now when the request had its answer or its failure
    static void add(Waiting request, long now) {
        Span span = request.span;
        if (!span.isRecorded()) {
            return;
        }
        Batch batch = request.batch();
        Span queue = span.child("queue", request.since(), List.of());
        if (batch == null) {
            queue.fail("not_run").end(now);
            return;
        }
        long began = request.since() + request.waited();
        queue.end(began);
        Span whole =
                span.child("batch", began, others(request, batch))
                        .set("tidemill.batch.requests", batch.members().size())
                        .set("tidemill.batch.rows", batch.rows())
                        .set("tidemill.batch.own_rows", request.rows())
                        .set("tidemill.batch.close_reason", batch.reason().sentence());
        if (request.ran() > 0) {
            whole.child("compute", request.computed(), List.of()).end(request.ran());
        }
        if (request.hasFailed()) {
            whole.fail("run_failed");
        }
        whole.end(now);
    }

    private static List<Span> others(Waiting request, Batch batch) {
        List<Span> others = new ArrayList<>();
        for (Waiting other : batch.members()) {
            if (other != request && other.span.isLive() && others.size() < MAX_LINKS) {
                others.add(other.span);
            }
        }
        return others;
    }
}
