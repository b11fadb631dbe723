package dev.tidemill.server.modelconfig;

import dev.tidemill.server.modelconfig.QueuePolicy.TimeoutAction;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `dynamic_batching`.
final class BatchingReader {
    /// An hour, in microseconds: nobody waits longer for a prediction.
    private static final long MAX_WAIT = 3_600_000_000L;

    private static final Map<String, TimeoutAction> ACTIONS =
            Map.of("REJECT", TimeoutAction.REJECT, "DELAY", TimeoutAction.DELAY);

    private BatchingReader() {}

    static DynamicBatching read(Section section, Optional<Integer> maxBatchSize) {
        long largest = maxBatchSize.filter(max -> max > 0).orElse(1 << 20);
        List<Integer> preferred =
                section.numbers("preferred_batch_size", 1, largest).stream()
                        .map(Math::toIntExact)
                        .toList();
        if (maxBatchSize.isPresent() && maxBatchSize.get() == 0) {
            section.findings()
                    .wrong(
                            section.place(),
                            section.path(),
                            "max_batch_size 0",
                            "max_batch_size >= 1, or no dynamic_batching");
        }
        int levels = Math.toIntExact(section.number("priority_levels", 0, 1000, 0));
        int usual =
                Math.toIntExact(
                        section.number(
                                "default_priority_level", levels > 0 ? 1 : 0, levels, levels));
        if (levels > 0 && !section.has("default_priority_level")) {
            section.findings()
                    .wrong(
                            section.place(),
                            section.path("default_priority_level"),
                            "missing",
                            "1 to " + levels);
        }
        Map<Integer, QueuePolicy> policies = new HashMap<>();
        section.sectionMap("priority_queue_policy")
                .forEach((key, policy) -> {
                    int level = level(policy, key, levels);
                    policies.put(level, policy(policy));
                });
        if (levels == 0) {
            policies.clear();
        }
        Duration delay = micros(section, "max_queue_delay_microseconds");
        boolean ordered = section.flag("preserve_ordering");
        QueuePolicy policy =
                section.section("default_queue_policy")
                        .map(BatchingReader::policy)
                        .orElse(QueuePolicy.DEFAULT);
        section.finish();
        return new DynamicBatching(preferred, delay, ordered, levels, usual, policy, policies);
    }

    private static int level(Section policy, String key, int levels) {
        if (key.matches("\\d{1,6}")) {
            int level = Integer.parseInt(key);
            if (level >= 1 && level <= levels) {
                return level;
            }
        }
        policy.findings()
                .wrong(
                        policy.place(),
                        policy.path(),
                        key,
                        "1 to priority_levels, which is " + levels);
        return 1;
    }

    private static QueuePolicy policy(Section section) {
        int maxRequests = Math.toIntExact(section.number("max_queue_size", 0, 1 << 30, 0));
        Duration timeout = micros(section, "default_timeout_microseconds");
        TimeoutAction action = section.word("timeout_action", ACTIONS, TimeoutAction.REJECT);
        boolean override = section.flag("allow_timeout_override");
        section.finish();
        return new QueuePolicy(maxRequests, timeout, action, override);
    }

    private static Duration micros(Section section, String field) {
        return Duration.of(section.number(field, 0, MAX_WAIT, 0), ChronoUnit.MICROS);
    }
}
