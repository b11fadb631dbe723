package dev.tidemill.server;

import dev.tidemill.server.payload.EventSink;
import dev.tidemill.server.payload.FileSink;
import dev.tidemill.server.payload.PayloadLog;
import dev.tidemill.server.payload.PayloadSink;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The part of a server's configuration about logging requests with their answers.
///
/// @param target a file, or an `http://` or `https://` address that takes CloudEvents
/// @param models to log; all unless said
/// @param sampling share of the requests; 1 unless said
/// @param maxEntries that wait to be written; 1,024 unless said
/// @param maxBytes of them; 16 MiB unless said
/// @param fileBytes after which a file is put aside; 64 MiB unless said
public record PayloadLogConfig(
        String target,
        Optional<List<String>> models,
        Optional<Double> sampling,
        Optional<Integer> maxEntries,
        Optional<Long> maxBytes,
        Optional<Long> fileBytes) {
    private static final int KEPT_FILES = 5;

    public PayloadLogConfig {
        terms(models, sampling, maxEntries, maxBytes);
    }

    /// @param source of events
    PayloadLog open(String source) {
        return new PayloadLog(terms(models, sampling, maxEntries, maxBytes), sink(source));
    }

    private PayloadSink sink(String source) {
        return target.startsWith("http://") || target.startsWith("https://")
                ? new EventSink(URI.create(target), source)
                : new FileSink(Path.of(target), fileBytes.orElse(64L << 20), KEPT_FILES);
    }

    private static PayloadLog.Terms terms(
            Optional<List<String>> models,
            Optional<Double> sampling,
            Optional<Integer> maxEntries,
            Optional<Long> maxBytes) {
        return new PayloadLog.Terms(
                Set.copyOf(models.orElse(List.of())),
                sampling.orElse(1.0),
                maxEntries.orElse(1024),
                maxBytes.orElse(16L << 20));
    }
}
