package dev.tidemill.gateway.openai;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Looks at a stream of events while it passes: whole lines are passed on as they come, the
/// beginning of a line is kept until its end comes, so that whatever follows a broken stream begins
/// on a line of its own. Used by one thread.
///
/// What it learns: the tokens that the stream says it used, how many pieces of an answer there
/// were, and whether it has said that it is done.
public final class EventFilter {
    /// A line that is longer is passed on unseen.
    private static final int MAX_LINE = 1 << 20;

    private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};
    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};
    private static final byte[] COMPLETED =
            "event: response.completed".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final byte[] NO_CHOICES = {'"', 'c', 'h', 'o', 'i', 'c', 'e', 's', '"'};

    private final boolean strip;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private byte[] held = new byte[0];
    private boolean overlong;
    private boolean dropBlank;
    private boolean inEvent;
    private boolean done;
    private boolean completed;
    private long pieces;
    private @Nullable Usage usage;

    /// @param strip whether to leave out the event that only tells the usage: the client did not
    ///   ask for it, the gateway did
    public EventFilter(boolean strip) {
        this.strip = strip;
    }

    /// What to pass on of what was kept and what has come.
    public byte[] pass(byte[] bytes) {
        out.reset();
        byte[] all = bytes;
        if (held.length > 0) {
            all = Arrays.copyOf(held, held.length + bytes.length);
            System.arraycopy(bytes, 0, all, held.length, bytes.length);
            held = new byte[0];
        }
        int from = 0;
        for (int i = 0; i < all.length; i++) {
            if (all[i] == '\n') {
                line(all, from, i + 1);
                from = i + 1;
            }
        }
        if (all.length - from > MAX_LINE || (overlong && from < all.length)) {
            out.write(all, from, all.length - from);
            overlong = true;
            inEvent = true;
        } else if (from < all.length) {
            held = Arrays.copyOfRange(all, from, all.length);
        }
        return out.toByteArray();
    }

    /// What is left of a stream that has ended by itself.
    public byte[] rest() {
        byte[] rest = held;
        held = new byte[0];
        if (rest.length > 0) {
            inEvent = true;
            if (starts(rest, 0, rest.length, DATA)) {
                look(rest, DATA.length, rest.length);
            }
        }
        return rest;
    }

    /// Whether an event has begun and not ended, in what was passed on.
    public boolean isInEvent() {
        return inEvent;
    }

    /// Whether `data: [DONE]` and the line after it were passed on.
    public boolean isDone() {
        return done && !inEvent;
    }

    /// Whether it has said that its response is complete, as streams of `/v1/responses` do, which
    /// have no `[DONE]`.
    public boolean isCompleted() {
        return completed && !inEvent;
    }

    /// Events with data.
    public long pieces() {
        return pieces;
    }

    public @Nullable Usage usage() {
        return usage;
    }

    private void line(byte[] all, int from, int end) {
        if (overlong) {
            overlong = false;
            out.write(all, from, end - from);
            return;
        }
        int to = end - 1;
        if (to > from && all[to - 1] == '\r') {
            to--;
        }
        if (to == from) {
            if (dropBlank) {
                dropBlank = false;
                return;
            }
            inEvent = false;
            out.write(all, from, end - from);
            return;
        }
        dropBlank = false;
        if (starts(all, from, to, DATA) && look(all, from + DATA.length, to) && strip) {
            dropBlank = !inEvent;
            return;
        }
        completed |= starts(all, from, to, COMPLETED);
        inEvent = true;
        out.write(all, from, end - from);
    }

    /// @return whether these data only tell the usage
    private boolean look(byte[] all, int from, int to) {
        int begin = from;
        while (begin < to && all[begin] == ' ') {
            begin++;
        }
        if (starts(all, begin, to, DONE)) {
            done = true;
            return false;
        }
        pieces++;
        Usage found = Usage.find(all, begin, to);
        if (found == null) {
            return false;
        }
        usage = found;
        boolean only = hasNoChoices(all, begin, to);
        if (only) {
            pieces--;
        }
        return only;
    }

    private static boolean hasNoChoices(byte[] all, int from, int to) {
        for (int at = from; at + NO_CHOICES.length < to; at++) {
            if (all[at] == '"' && starts(all, at, to, NO_CHOICES)) {
                int next = skip(all, at + NO_CHOICES.length, to);
                if (next < to && all[next] == ':') {
                    next = skip(all, next + 1, to);
                    if (next < to && all[next] == '[') {
                        next = skip(all, next + 1, to);
                        return next < to && all[next] == ']';
                    }
                }
            }
        }
        return false;
    }

    private static int skip(byte[] all, int from, int to) {
        int at = from;
        while (at < to && (all[at] == ' ' || all[at] == '\t')) {
            at++;
        }
        return at;
    }

    private static boolean starts(byte[] all, int from, int to, byte[] with) {
        return to - from >= with.length
                && Arrays.mismatch(all, from, from + with.length, with, 0, with.length) < 0;
    }
}
