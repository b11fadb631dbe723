package dev.tidemill.gateway.forward;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.guard.AnswerGuard;
import dev.tidemill.gateway.guard.Guard;
import dev.tidemill.gateway.guard.GuardWatch;
import dev.tidemill.gateway.guard.RequestGuard;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Guardrails around a request. Thread-safe.
record Guarding(GuardWatch watch, RequestGuard requests) {
    static Guarding by(GuardWatch watch) {
        return new Guarding(watch, new RequestGuard(watch));
    }

    /// The request as it goes on.
    ///
    /// @throws TidemillException `CONTENT_FILTERED`
    Inbound look(List<Guard> guards, Inbound inbound) {
        if (guards.isEmpty()) {
            return inbound;
        }
        byte[] body = requests.look(guards, inbound.path(), inbound.body());
        return Arrays.equals(body, inbound.body()) ? inbound : inbound.with(body);
    }

    /// Null when nothing looks at the answer.
    @Nullable AnswerGuard answer(List<Guard> guards) {
        return guards.isEmpty() ? null : AnswerGuard.of(guards, watch);
    }
}
