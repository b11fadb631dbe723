package dev.tidemill.spec.yaml;

import java.util.List;
import java.util.regex.Pattern;

/// How a scalar is written where values have types: in JSON, and so in a cluster. It accepts all
/// that the [ValueType] it belongs to accepts, and refuses what can be refused without running its
/// reader.
public sealed interface Form {
    /// Longer texts are refused where nothing else is said.
    int MOST = 4096;

    Form ANY_TEXT = new Text(MOST, "");

    /// @param pattern of the whole text in RE2's syntax; empty for any
    record Text(int maxLength, String pattern) implements Form {}

    record Whole(long min, long max) implements Form {}

    /// @param above whether `min` itself is refused
    record Decimal(double min, double max, boolean above) implements Form {}

    record Words(List<String> words) implements Form {
        public Words {
            words = List.copyOf(words);
        }
    }

    /// True or false, without quotes.
    record Flag() implements Form {}

    /// A duration such as `1m30s`; both ends included.
    record Time(String min, String max) implements Form {}

    /// Bytes as a whole number or a text such as `64Mi`; both ends included.
    record Size(String min, String max) implements Form {}

    /// A number, or a text of that pattern, such as `0.5`, `500m` or `70%`.
    record NumberOrText(String pattern) implements Form {}

    static Form matching(Pattern whole, int maxLength) {
        return new Text(maxLength, whole.pattern());
    }
}
