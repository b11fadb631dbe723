package dev.tidemill.operator.kube;

import static dev.tidemill.http.MetricName.counter;
import static dev.tidemill.http.MetricName.gauge;
import static dev.tidemill.http.MetricName.histogram;

import dev.tidemill.http.MetricName;
import dev.tidemill.http.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// What the operator counts of itself.
public final class OperatorMetrics {
    static final MetricName WRITES =
            counter(
                    "tidemill_operator_writes_total",
                    "Calls that write to the API server: apply, delete, status, event, scale.",
                    "verb");
    static final MetricName LOOKS =
            histogram("tidemill_operator_reconcile_seconds", "Time of one look at one namespace.");
    static final MetricName LEADS =
            gauge("tidemill_operator_leads", "1 while this process is the one that acts.");

    static final List<MetricName> NAMES = List.of(WRITES, LOOKS, LEADS);

    private final Metrics metrics;
    private final AtomicBoolean leads = new AtomicBoolean();

    public OperatorMetrics(Metrics metrics) {
        this.metrics = metrics;
        metrics.gauge(LEADS, () -> leads.get() ? 1 : 0);
    }

    public void wrote(String verb) {
        metrics.counter(WRITES, verb).increment();
    }

    public void looked(long nanos) {
        metrics.timer(LOOKS).record(Duration.ofNanos(nanos));
    }

    public void leads(boolean now) {
        leads.set(now);
    }

    public boolean leads() {
        return leads.get();
    }
}
