package dev.tidemill.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The id that follows one request through every process and log.
public final class RequestId {
    /// Accepted from the client when it is 1 to 128 characters of `A-Z a-z 0-9 . _ -`, otherwise
    /// made here; always in the answer.
    public static final HeaderName HEADER = HeaderNames.create("x-request-id");

    static final ScopedValue<String> CURRENT = ScopedValue.newInstance();
    private static final int MAX_LENGTH = 128;

    private RequestId() {}

    /// The id of the request that this thread answers.
    ///
    /// @throws java.util.NoSuchElementException outside a request
    public static String current() {
        return CURRENT.get();
    }

    /// Ids that are unique among processes with overwhelming likelihood, and cheap: a random prefix
    /// and a count.
    public static Supplier<String> source(RandomGenerator random) {
        String prefix = Long.toString(random.nextLong() >>> 1, 36).toLowerCase(Locale.ROOT) + "-";
        AtomicLong count = new AtomicLong();
        return () -> prefix + Long.toString(count.incrementAndGet(), 36);
    }

    /// The given id if it is acceptable, otherwise a new one.
    public static String of(@Nullable String given, Supplier<String> source) {
        return given != null && isAcceptable(given) ? given : source.get();
    }

    static String of(Headers headers, Supplier<String> source) {
        return headers.first(HEADER).filter(RequestId::isAcceptable).orElseGet(source);
    }

    private static boolean isAcceptable(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean word =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!word && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }
}
