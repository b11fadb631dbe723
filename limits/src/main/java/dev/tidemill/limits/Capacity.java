package dev.tidemill.limits;

import dev.tidemill.common.ByteSize;
import java.time.Duration;

/// How much a process lets in at a time.
///
/// @param maxRequests in flight together, at least 1
/// @param maxBytes of request bodies in memory together, at least 1
/// @param retryAfter what a refused client is told to wait; at least a second, the unit of the
///   `Retry-After` header
public record Capacity(int maxRequests, ByteSize maxBytes, Duration retryAfter) {
    public Capacity {
        if (maxRequests < 1) {
            throw new IllegalArgumentException(
                    "maxRequests: '%d' (expected: >= 1)".formatted(maxRequests));
        }
        if (maxBytes.bytes() < 1) {
            throw new IllegalArgumentException(
                    "maxBytes: '%d' (expected: >= 1)".formatted(maxBytes.bytes()));
        }
        if (retryAfter.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "retryAfter: '%s' (expected: >= 1 s)".formatted(retryAfter));
        }
    }

    /// Bytes for the requests of a process with such a heap: a third of it. Another third is for
    /// what they become that nobody counts, their answers and the copies in between; the rest is
    /// for everything else. Below 2 GiB, so that one array holds what is let in.
    public static ByteSize shareOf(long heapBytes) {
        return new ByteSize(Math.clamp(heapBytes / 3, 1, Integer.MAX_VALUE));
    }

    /// The same for another number of requests.
    public Capacity withMaxRequests(int requests) {
        return new Capacity(requests, maxBytes, retryAfter);
    }

    /// Decides about one more request with a body of `newBytes`.
    ///
    /// @param load what is in flight already, without the new request
    public Admission decide(Load load, long newBytes) {
        if (newBytes < 0) {
            throw new IllegalArgumentException(
                    "newBytes: '%d' (expected: >= 0)".formatted(newBytes));
        }
        if (newBytes > maxBytes.bytes()) {
            return Admission.Shed.tooLarge(newBytes, maxBytes);
        }
        if (load.requests() >= maxRequests) {
            return Admission.Shed.overloaded(
                    "%d of %d requests in flight".formatted(load.requests(), maxRequests),
                    retryAfter);
        }
        if (newBytes > maxBytes.bytes() - load.bytes()) {
            return Admission.Shed.overloaded(
                    "%s of %s of request bodies in flight, %s more asked for"
                            .formatted(
                                    new ByteSize(load.bytes()), maxBytes, new ByteSize(newBytes)),
                    retryAfter);
        }
        return Admission.ADMITTED;
    }
}
