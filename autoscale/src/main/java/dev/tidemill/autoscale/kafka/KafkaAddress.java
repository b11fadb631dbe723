package dev.tidemill.autoscale.kafka;

import java.util.Arrays;
import java.util.List;

/// Of a broker.
public record KafkaAddress(String host, int port) {
    private static final int USUAL = 9092;

    /// @param text as Kafka's clients take it: `a:9092,b:9092`
    public static List<KafkaAddress> list(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .map(KafkaAddress::of)
                .toList();
    }

    private static KafkaAddress of(String text) {
        int colon = text.lastIndexOf(':');
        boolean bare = colon < 0 || text.endsWith("]");
        String host = bare ? text : text.substring(0, colon);
        return new KafkaAddress(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                bare ? USUAL : Integer.parseInt(text.substring(colon + 1)));
    }
}
