package dev.tidemill.routing;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Decides which replica gets a request.
@FunctionalInterface
public interface ReplicaPicker {
    /// @param replicas of the model, in any order
    /// @param tried ids of the replicas that failed this request already
    /// @param nowNanos monotonic time, of the same clock as the ejections
    Pick pick(List<Candidate> replicas, Set<String> tried, long nowNanos, RandomGenerator random);
}
