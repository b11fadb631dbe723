package dev.tidemill.server.batching;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.modelconfig.DynamicBatching;
import dev.tidemill.server.modelconfig.QueuePolicy;
import java.util.List;

/// What a request says about its waiting and what the model's policies say, brought together when
/// it comes. Pure.
record Arrivals(DynamicBatching batching) {
    /// @param shape equal for requests that may be joined
    /// @param now on the monotonic clock, in ns
    /// @throws TidemillException `INVALID_REQUEST` for a priority that does not exist
    Waiting waiting(List<Tensor> inputs, int rows, Object shape, QueueTerms terms, long now) {
        int priority = priority(terms.priority());
        QueuePolicy policy = batching.policy(priority);
        return new Waiting(
                inputs,
                rows,
                shape,
                priority,
                now,
                expires(policy, terms, now),
                terms.deadline(),
                policy.onTimeout());
    }

    /// 0 where there are no levels; nobody is refused for naming one there.
    private int priority(int asked) {
        int levels = batching.priorityLevels();
        if (levels == 0) {
            return 0;
        }
        if (asked > levels) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "priority: '%d' (expected: 1 to %d)".formatted(asked, levels));
        }
        return asked == 0 ? batching.defaultPriority() : asked;
    }

    private static long expires(QueuePolicy policy, QueueTerms terms, long now) {
        long timeout = policy.timeout().isZero() ? Long.MAX_VALUE : policy.timeout().toNanos();
        if (policy.allowOverride() && terms.timeout().isPositive()) {
            timeout = Math.min(timeout, terms.timeout().toNanos());
        }
        return timeout == Long.MAX_VALUE ? timeout : now + timeout;
    }
}
