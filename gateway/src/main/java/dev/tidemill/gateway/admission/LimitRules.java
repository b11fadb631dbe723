package dev.tidemill.gateway.admission;

import dev.tidemill.gateway.config.GatewayRules;
import java.util.List;

/// A configuration's limits. Immutable; what is used of them is kept by [Meters], over
/// configurations.
public final class LimitRules {
    private final List<LimitRule> rules;
    private final boolean tokens;

    public LimitRules(List<GatewayRules.Limit> limits) {
        this.rules = limits.stream().map(LimitRule::new).toList();
        this.tokens = limits.stream().anyMatch(limit -> limit.tokens().isPresent());
    }

    /// Whether anybody's tokens are limited, so that they must be known.
    public boolean countTokens() {
        return tokens;
    }

    List<LimitRule> all() {
        return rules;
    }
}
