package dev.tidemill.server.fuzz;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/// Counts answers.
final class Tally {
    /// More would be no sign of more.
    private static final int MAX_REASONS = 2_000;

    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder atOnce = new LongAdder();
    private final LongAccumulator slowest = new LongAccumulator(Math::max, 0);
    private final Set<String> reasons = ConcurrentHashMap.newKeySet();

    void add(Answer answer, long nanos) {
        slowest.accumulate(nanos);
        switch (answer) {
            case Answer.Accepted _ -> accepted.increment();
            case Answer.Refused(String why, boolean first) -> {
                refused.increment();
                if (first) {
                    atOnce.increment();
                }
                if (reasons.size() < MAX_REASONS) {
                    reasons.add(kind(why));
                }
            }
            case Answer.Wrong _ -> {}
        }
    }

    long accepted() {
        return accepted.sum();
    }

    long refused() {
        return refused.sum();
    }

    long atOnce() {
        return atOnce.sum();
    }

    double slowestMillis() {
        return slowest.get() / 1e6;
    }

    Set<String> reasons() {
        return reasons;
    }

    /// The message without what it repeats from the input.
    static String kind(String why) {
        StringBuilder kind = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < Math.min(why.length(), 200); i++) {
            char c = why.charAt(i);
            if (c == '\'' || c == '"') {
                quoted = !quoted;
            } else if (!quoted && (Character.isLetter(c) && c < 128 || c == ' ' || c == '(')) {
                kind.append(c);
            }
        }
        return kind.toString();
    }
}
