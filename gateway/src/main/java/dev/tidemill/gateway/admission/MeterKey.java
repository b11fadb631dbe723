package dev.tidemill.gateway.admission;

import dev.tidemill.common.Digest;
import java.nio.charset.StandardCharsets;

/// Which of a rule's limits: empty where the rule makes no difference.
///
/// @param issuer of key and team; empty for those of the file
record MeterKey(
        String rule,
        String issuer,
        String key,
        String team,
        String model,
        String route,
        String address) {
    /// Names of models may be of any length.
    private static final int MAX_TEXT = 300;

    /// The same for every gateway, and another for every other key.
    String text() {
        StringBuilder text = new StringBuilder(rule);
        for (String part : new String[] {key, team, model, route, address}) {
            text.append(':').append(part.length()).append(':').append(part);
        }
        if (!issuer.isEmpty()) {
            text.append(':').append(issuer.length()).append(':').append(issuer);
        }
        return text.length() <= MAX_TEXT
                ? text.toString()
                : rule + ":" + Digest.of(text.toString().getBytes(StandardCharsets.UTF_8)).hex();
    }

    /// The limit that all share for whom there was no room.
    static MeterKey overflow(String rule) {
        return new MeterKey(rule, "*", "*", "*", "*", "*", "*");
    }
}
