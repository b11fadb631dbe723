package dev.tidemill.autoscale;

/// What a model server counts of its requests, since its start or since another reading.
///
/// @param requestSeconds of all requests together, those in the queue included
/// @param queueSeconds of all requests together
/// @param gpu busy share now; not-a-number without one
record ServerWork(
        long atNanos, double requests, double requestSeconds, double queueSeconds, double gpu) {
    static final ServerWork NONE = new ServerWork(0, 0, 0, 0, Double.NaN);

    private static final String REQUESTS = "tidemill_server_request_seconds";
    private static final String QUEUE = "tidemill_server_queue_seconds_sum";
    private static final String GPU = "tidemill_gpu_utilization_ratio";

    static ServerWork parse(String text, long atNanos) {
        double[] found = {0, 0, 0, 0, 0};
        PrometheusText.read(
                text,
                "tidemill_",
                (name, labels, value) -> {
                    // Requests that were refused occupied nothing.
                    boolean worked = labels.getOrDefault("outcome", "ok").equals("ok");
                    if (name.equals(REQUESTS + "_count") && worked) {
                        found[0] += value;
                    } else if (name.equals(REQUESTS + "_sum") && worked) {
                        found[1] += value;
                    } else if (name.equals(QUEUE)) {
                        found[2] += value;
                    } else if (name.equals(GPU)) {
                        found[3] += value;
                        found[4]++;
                    }
                });
        return new ServerWork(
                atNanos,
                found[0],
                found[1],
                found[2],
                found[4] > 0 ? found[3] / found[4] : Double.NaN);
    }

    /// Nothing when the counts went back: the server is another one.
    ServerWork since(ServerWork before) {
        return requests < before.requests
                ? NONE
                : new ServerWork(
                        atNanos - before.atNanos,
                        requests - before.requests,
                        requestSeconds - before.requestSeconds,
                        queueSeconds - before.queueSeconds,
                        gpu);
    }

    ServerWork plus(ServerWork other) {
        return new ServerWork(
                Math.max(atNanos, other.atNanos),
                requests + other.requests,
                requestSeconds + other.requestSeconds,
                queueSeconds + other.queueSeconds,
                Double.NaN);
    }
}
