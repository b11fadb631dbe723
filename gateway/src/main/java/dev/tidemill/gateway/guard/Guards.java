package dev.tidemill.gateway.guard;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.config.AnswerRules;
import java.util.ArrayList;
import java.util.List;

/// A configuration's guardrails. Immutable.
public final class Guards {
    private final List<Guard> all;

    /// @throws TidemillException `INVALID_SPEC` when one cannot be made
    public Guards(List<AnswerRules.Guard> rules) {
        List<Guard> made = new ArrayList<>(rules.size());
        for (AnswerRules.Guard rule : rules) {
            try {
                made.add(Guard.of(rule));
            } catch (IllegalArgumentException e) {
                throw new TidemillException(
                        ErrorCode.INVALID_SPEC,
                        "guardrail %s: '%s' (expected: one that can be made)"
                                .formatted(rule.name(), e.getMessage()),
                        e);
            }
        }
        this.all = List.copyOf(made);
    }

    /// Those that are about a request; the same empty list for most.
    public List<Guard> about(Caller caller, String model, String route) {
        if (all.isEmpty()) {
            return all;
        }
        List<Guard> about = new ArrayList<>(all.size());
        for (Guard guard : all) {
            if (guard.rule()
                    .scope()
                    .isAbout(caller.key(), caller.team().orElse(""), model, route)) {
                about.add(guard);
            }
        }
        return about;
    }
}
