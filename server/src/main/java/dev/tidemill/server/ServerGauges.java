package dev.tidemill.server;

import dev.tidemill.http.Metrics;
import dev.tidemill.server.admission.AdmissionGate;
import dev.tidemill.server.cache.ResponseCache;
import dev.tidemill.server.metrics.ServerMetrics;
import dev.tidemill.server.metrics.TritonMetrics;
import dev.tidemill.server.payload.PayloadLog;
import dev.tidemill.server.repository.ModelRepository;
import java.util.List;
import java.util.function.LongSupplier;

/// What `/metrics` shows of a server as a whole.
record ServerGauges(Metrics metrics) {
    void show(AdmissionGate gate) {
        metrics.gauge(ServerMetrics.IN_FLIGHT, () -> gate.load().requests());
        metrics.gauge(ServerMetrics.LIMIT, gate::limit);
        metrics.gauge(ServerMetrics.IN_FLIGHT_BYTES, () -> gate.load().bytes());
    }

    void show(ResponseCache cache) {
        metrics.gauge(ServerMetrics.CACHE_BYTES, () -> cache.usage().bytes());
        metrics.gauge(ServerMetrics.CACHE_ENTRIES, () -> cache.usage().entries());
        metrics.gauge(ServerMetrics.CACHE_EVICTIONS, () -> cache.usage().evictions());
    }

    void show(PayloadLog log) {
        metrics.gauge(ServerMetrics.PAYLOADS, log::written, "written");
        metrics.gauge(ServerMetrics.PAYLOADS, log::dropped, "dropped");
        metrics.gauge(ServerMetrics.PAYLOADS, log::failed, "failed");
    }

    /// Triton's names beside ours.
    ///
    /// @param nanos monotonic clock
    /// @param millis since 1970
    void showAsTriton(ModelRepository models, LongSupplier nanos, LongSupplier millis) {
        metrics.also(
                () -> TritonMetrics.text(versions(models, nanos.getAsLong(), millis.getAsLong())));
    }

    private static List<TritonMetrics.Version> versions(
            ModelRepository models, long now, long millis) {
        return models.answering().stream()
                .map(model ->
                        new TritonMetrics.Version(
                                model.name(),
                                model.version(),
                                model.meters().statistics(now, millis),
                                model.meters().failures(),
                                model.waiting()))
                .toList();
    }
}
