package dev.tidemill.gateway.forward;

import dev.tidemill.gateway.cache.CachedAnswer;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Takes a copy of an answer while it passes, before guardrails change it, unless it is too long or
/// is not to be kept. Used by one thread.
final class Keeping {
    private static final int OK = 200;

    private final int mostBytes;
    private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
    private String contentType = "";
    private boolean events;
    private boolean wanted;
    private boolean whole;

    Keeping(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    void head(int status, Headers headers) {
        wanted = status == OK && mayBeKept(headers);
        contentType =
                headers.contains(HeaderNames.CONTENT_TYPE)
                        ? headers.get(HeaderNames.CONTENT_TYPE).get()
                        : "application/json";
    }

    void whole(byte[] body) {
        piece(body);
        whole = true;
    }

    /// Of a stream of events.
    void events(byte[] piece) {
        events = true;
        piece(piece);
    }

    /// The stream has said that it is done.
    void ended() {
        whole = true;
    }

    private void piece(byte[] piece) {
        if (wanted && copy.size() + piece.length <= mostBytes) {
            copy.writeBytes(piece);
        } else {
            wanted = false;
            copy.reset();
        }
    }

    @Nullable CachedAnswer answer(long nowNanos) {
        return wanted && whole && copy.size() > 0
                ? new CachedAnswer(contentType, copy.toByteArray(), events, nowNanos)
                : null;
    }

    private static boolean mayBeKept(Headers headers) {
        if (!headers.contains(HeaderNames.CACHE_CONTROL)) {
            return true;
        }
        String said = headers.get(HeaderNames.CACHE_CONTROL).values().toLowerCase(Locale.ROOT);
        return !said.contains("no-store") && !said.contains("private");
    }
}
