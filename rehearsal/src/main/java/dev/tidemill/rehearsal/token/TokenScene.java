package dev.tidemill.rehearsal.token;

import dev.tidemill.scaling.objective.TokenCost;
import java.time.Duration;

/// What is played request by request, and what goes wrong.
///
/// @param startUp from a place on a node to a replica that serves
/// @param waitLimit a request that waits longer until a replica works on it is late
/// @param late share of a minute's requests from which the minute counts as out of objective
/// @param perNode replicas that fit on a node; 0 when nodes are always there
/// @param nodeStart from the wish for a node to the node
/// @param drain what a replica that goes has to finish; what then still runs is cut
/// @param replicas that run at the beginning
/// @param meanHoursBetweenFailures of one replica; infinite for never
/// @param updates how often all replicas are replaced, one at a time; zero for never
public record TokenScene(
        TokenCost cost,
        Duration startUp,
        Duration waitLimit,
        double late,
        int perNode,
        Duration nodeStart,
        Duration drain,
        int replicas,
        double meanHoursBetweenFailures,
        Duration updates,
        long seed) {
    public TokenScene {
        if (perNode < 0 || replicas < 0 || !(late > 0) || !(meanHoursBetweenFailures > 0)) {
            throw new IllegalArgumentException(
                    "scene: '%d a node, %d replicas, late %s, failures every %s h' (expected: >= 0, >= 0, above 0, above 0)"
                            .formatted(perNode, replicas, late, meanHoursBetweenFailures));
        }
    }

    public static TokenScene of(
            TokenCost cost, Duration startUp, Duration waitLimit, int replicas) {
        return new TokenScene(
                cost,
                startUp,
                waitLimit,
                0.01,
                0,
                Duration.ZERO,
                Duration.ofSeconds(30),
                replicas,
                Double.POSITIVE_INFINITY,
                Duration.ZERO,
                1);
    }

    public TokenScene withNodes(int each, Duration start) {
        return new TokenScene(
                cost,
                startUp,
                waitLimit,
                late,
                each,
                start,
                drain,
                replicas,
                meanHoursBetweenFailures,
                updates,
                seed);
    }

    public TokenScene withFailures(double meanHours) {
        return new TokenScene(
                cost, startUp, waitLimit, late, perNode, nodeStart, drain, replicas, meanHours,
                updates, seed);
    }

    public TokenScene withUpdates(Duration every) {
        return new TokenScene(
                cost,
                startUp,
                waitLimit,
                late,
                perNode,
                nodeStart,
                drain,
                replicas,
                meanHoursBetweenFailures,
                every,
                seed);
    }

    public TokenScene withLate(double share) {
        return new TokenScene(
                cost,
                startUp,
                waitLimit,
                share,
                perNode,
                nodeStart,
                drain,
                replicas,
                meanHoursBetweenFailures,
                updates,
                seed);
    }

    public TokenScene withDrain(Duration time) {
        return new TokenScene(
                cost,
                startUp,
                waitLimit,
                late,
                perNode,
                nodeStart,
                time,
                replicas,
                meanHoursBetweenFailures,
                updates,
                seed);
    }

    public TokenScene withSeed(long other) {
        return new TokenScene(
                cost,
                startUp,
                waitLimit,
                late,
                perNode,
                nodeStart,
                drain,
                replicas,
                meanHoursBetweenFailures,
                updates,
                other);
    }

    /// A service without tokens, whose requests take random times: a hundred steps on average, each
    /// a hundredth of the time. See [SlotRequests].
    public static TokenCost slots(int slots, double slotSeconds) {
        return new TokenCost(
                0, slotSeconds / SlotRequests.STEPS, 0, 0, slotSeconds, Long.MAX_VALUE / 4, slots);
    }
}
