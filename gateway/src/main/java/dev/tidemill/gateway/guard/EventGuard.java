package dev.tidemill.gateway.guard;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.guardrails.HeldText;
import dev.tidemill.guardrails.Look;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Looks at a stream of events while it passes. Events wait, in their order, until all of their
/// texts are decided: what a model writes comes in pieces, and a finding may begin in one and end
/// in another. What is redacted stands in the event where it began. Used by one thread.
public final class EventGuard {
    private static final int MOST_EVENTS = 4096;
    private static final int MOST_BYTES = 4 << 20;

    private final List<Look> looks;
    private final Look.Listener heard;
    private final Deque<Event> waiting = new ArrayDeque<>();
    private final Map<String, HeldText> channels = new LinkedHashMap<>();
    private final ByteArrayOutputStream decided = new ByteArrayOutputStream();

    /// What has come of an event that has not ended, in an array that grows.
    private byte[] begun = new byte[0];

    private int begunBytes;
    private int waitingBytes;

    EventGuard(List<Look> looks, Look.Listener heard) {
        this.looks = looks;
        this.heard = heard;
    }

    /// What may pass now: whole events only.
    ///
    /// @throws dev.tidemill.common.TidemillException `CONTENT_FILTERED`; then only what was
    ///   [#decided] before may follow
    public byte[] pass(byte[] bytes) {
        int before = begunBytes;
        if (begun.length < before + bytes.length) {
            begun = Arrays.copyOf(begun, Math.max(before + bytes.length, 2 * begun.length));
        }
        System.arraycopy(bytes, 0, begun, before, bytes.length);
        begunBytes = before + bytes.length;
        int from = 0;
        int end = endOfEvent(Math.max(0, before - 3), from);
        while (end > 0) {
            add(Arrays.copyOfRange(begun, from, end));
            from = end;
            end = endOfEvent(from, from);
        }
        System.arraycopy(begun, from, begun, 0, begunBytes - from);
        begunBytes -= from;
        if (begunBytes > MOST_BYTES) {
            throw new TidemillException(
                    ErrorCode.UPSTREAM_FAILED, "an event of the upstream is too long");
        }
        return decided();
    }

    /// What is left of a stream that has ended. An event that has begun and not ended is looked at
    /// as it is.
    public byte[] rest() {
        if (begunBytes > 0) {
            add(Arrays.copyOf(begun, begunBytes));
            begunBytes = 0;
        }
        endAll();
        release();
        return decided();
    }

    /// What is left of a stream that broke off; an event that has begun and not ended is lost.
    public byte[] cut() {
        begunBytes = 0;
        return rest();
    }

    /// What was found fit to pass and was not given yet.
    public byte[] decided() {
        byte[] passed = decided.toByteArray();
        decided.reset();
        return passed;
    }

    private void add(byte[] raw) {
        Event event = Event.read(raw);
        for (Event.Slot slot : event.slots()) {
            String channel = slot.channel();
            if (channel == null) {
                HeldText alone = new HeldText(looks, heard, slot.isJson());
                slot.begin(alone);
                alone.end();
            } else {
                slot.begin(
                        channels.computeIfAbsent(
                                channel, _ -> new HeldText(looks, heard, slot.isJson())));
            }
        }
        waiting.add(event);
        waitingBytes += raw.length;
        for (String ends : event.ends()) {
            end(ends);
        }
        if (waiting.size() > MOST_EVENTS || waitingBytes > MOST_BYTES) {
            endAll();
        }
        if (channels.size() > MOST_EVENTS) {
            end("");
        }
        release();
    }

    /// Texts whose names begin so have come to their ends, and are forgotten but by the events that
    /// they stand in.
    private void end(String names) {
        channels.entrySet()
                .removeIf(entry -> {
                    boolean ends = entry.getKey().startsWith(names);
                    if (ends) {
                        entry.getValue().end();
                    }
                    return ends;
                });
    }

    private void endAll() {
        channels.values().forEach(HeldText::end);
    }

    private void release() {
        while (!waiting.isEmpty() && waiting.getFirst().isDecided()) {
            Event event = waiting.removeFirst();
            waitingBytes -= event.length();
            decided.writeBytes(event.passed());
        }
    }

    /// After the blank line that ends the event; -1 when it has not come.
    private int endOfEvent(int search, int from) {
        byte[] all = begun;
        for (int i = Math.max(search, from); i < begunBytes; i++) {
            if (all[i] == '\n') {
                boolean blank =
                        i == from
                                || all[i - 1] == '\n'
                                || (all[i - 1] == '\r' && (i - 1 == from || all[i - 2] == '\n'));
                if (blank) {
                    return i + 1;
                }
            }
        }
        return -1;
    }
}
