package dev.tidemill.server.modelconfig;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How requests are joined into one run. Sizes count rows, queue sizes count requests.
///
/// @param preferredSizes ascending; a batch of such a size does not wait for more
/// @param maxDelay how long the oldest request may wait for company
/// @param preserveOrder whether answers leave in the order their requests came
/// @param priorityLevels 0 when there are none; otherwise 1 is the most urgent and this the least
/// @param defaultPriority of requests that name none
/// @param defaultPolicy of levels that [#policies] does not name
/// @param policies by priority level
public record DynamicBatching(
        List<Integer> preferredSizes,
        Duration maxDelay,
        boolean preserveOrder,
        int priorityLevels,
        int defaultPriority,
        QueuePolicy defaultPolicy,
        Map<Integer, QueuePolicy> policies) {
    /// Joins what waits while the instances are busy, and waits for nobody.
    public static final DynamicBatching DEFAULT =
            new DynamicBatching(
                    List.of(), Duration.ZERO, false, 0, 0, QueuePolicy.DEFAULT, Map.of());

    public DynamicBatching {
        preferredSizes = preferredSizes.stream().sorted().distinct().toList();
        policies = Map.copyOf(policies);
        if (!preferredSizes.isEmpty() && preferredSizes.getFirst() < 1) {
            throw new IllegalArgumentException(
                    "preferred_batch_size: '%d' (expected: >= 1)"
                            .formatted(preferredSizes.getFirst()));
        }
        if (maxDelay.isNegative()) {
            throw new IllegalArgumentException(
                    "max_queue_delay_microseconds: '%s' (expected: >= 0)".formatted(maxDelay));
        }
        if (priorityLevels < 0
                || defaultPriority < 0
                || defaultPriority > priorityLevels
                || (priorityLevels > 0 && defaultPriority == 0)) {
            throw new IllegalArgumentException(
                    "default_priority_level: '%d' (expected: 1 to priority_levels, which is %d)"
                            .formatted(defaultPriority, priorityLevels));
        }
        for (int level : policies.keySet()) {
            if (level < 1 || level > priorityLevels) {
                throw new IllegalArgumentException(
                        "priority_queue_policy: '%d' (expected: 1 to priority_levels, which is %d)"
                                .formatted(level, priorityLevels));
            }
        }
    }

    public QueuePolicy policy(int priority) {
        return policies.getOrDefault(priority, defaultPolicy);
    }
}
