package dev.tidemill.scaling;

import java.util.List;
import java.util.Map;

/// One decision: what was seen, by which rule, what the rule alone called for, what limited it, and
/// the result. Its sentence and figures are made when somebody asks, so that replaying a year costs
/// nothing for words that nobody reads.
///
/// @param rule that decided, such as `cpu 70 %`
/// @param wanted what the rule alone called for
/// @param limits in the order in which they were met; empty when nothing interfered
/// @param replicas to order
public record Verdict(
        Signals seen,
        String policy,
        String rule,
        int wanted,
        List<Limit> limits,
        int replicas,
        Account account) {
    /// The rule of a verdict that fell between two passes of a policy that looks only now and then.
    public static final String BETWEEN = "period";

    /// The words and numbers of a verdict, made on demand.
    public interface Account {
        /// One plain sentence without a full stop.
        String sentence();

        /// Numbers between the signals and the result, such as the forecast; in a stable order.
        default Map<String, Double> figures() {
            return Map.of();
        }
    }

    /// Why, in one plain sentence.
    public String reason() {
        return account.sentence();
    }

    /// Whether the policy did not look at all this time.
    public boolean between() {
        return rule.equals(BETWEEN);
    }

    public boolean changes() {
        return replicas != seen.ordered();
    }

    public boolean met(Limit limit) {
        return limits.contains(limit);
    }
}
