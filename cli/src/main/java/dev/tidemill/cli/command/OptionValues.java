package dev.tidemill.cli.command;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.time.Duration;

/// Reads values of options that picocli has no type for, and refuses them by the option's name.
final class OptionValues {
    private OptionValues() {}

    /// @throws TidemillException `INVALID_REQUEST`, as all below
    static int port(String option, int port) {
        if (port < 0 || port > 65_535) {
            throw wrong(option, Integer.toString(port), "0 to 65535");
        }
        return port;
    }

    static long bytes(String option, String size) {
        try {
            // 64MiB is how people say it, 64Mi how Kubernetes does.
            return ByteSize.parse(size.endsWith("iB") ? size.substring(0, size.length() - 1) : size)
                    .bytes();
        } catch (IllegalArgumentException e) {
            throw wrong(option, size, ByteSize.EXPECTED);
        }
    }

    /// @param seconds up to a day
    static long millis(String option, double seconds) {
        if (!(seconds >= 0 && seconds <= 86_400)) {
            throw wrong(option, Double.toString(seconds), "0 to 86400");
        }
        return Math.round(seconds * 1000);
    }

    static Duration duration(String option, String text) {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(option, text, DurationText.EXPECTED);
        }
    }

    static TidemillException wrong(String option, String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: %s)".formatted(option, value, expected));
    }
}
