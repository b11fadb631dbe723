package dev.tidemill.cluster.rollout;

import java.util.List;

/// Why something does not come up.
///
/// @param object such as `pod/control-0`
/// @param reason in one word, Kubernetes' own where it has one
/// @param message the rest of the sentence
/// @param lasting whether waiting cannot help
/// @param log the last lines of what crashed
public record Trouble(
        String object, String reason, String message, boolean lasting, List<String> log) {
    public Trouble {
        log = List.copyOf(log);
    }

    public Trouble with(List<String> lines) {
        return new Trouble(object, reason, message, lasting, lines);
    }

    @Override
    public String toString() {
        return "%s: %s: %s".formatted(object, reason, message);
    }
}
