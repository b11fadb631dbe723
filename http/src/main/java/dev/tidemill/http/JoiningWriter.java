package dev.tidemill.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import org.jspecify.annotations.Nullable;

/// Sends the head of an answer together with a body that was laid down for it, through a buffer
/// that lives as long as the connection. The server below would copy both into a new one, twice as
/// large, for every answer. A client that takes nothing is cut off in time.
final class JoiningWriter implements DataWriter {
    private static final int BUFFER_BYTES = 16 * 1024;

    /// What a client must take a part of in time.
    private static final int PART = 64 * 1024;

    private final DataWriter to;
    private final StallWatch.Side side;
    private byte @Nullable [] buffer;
    private byte @Nullable [] body;

    /// @param side watches over the client's taking
    JoiningWriter(DataWriter to, StallWatch.Side side) {
        this.to = to;
        this.side = side;
    }

    /// Goes out behind what is written next.
    void lay(byte[] bytes) {
        body = bytes;
    }

    /// Takes it back if nothing was written.
    ///
    /// @return whether it went out
    boolean took() {
        boolean took = body == null;
        body = null;
        return took;
    }

    @Override
    public void write(BufferData head) {
        byte[] laid = body;
        if (laid == null) {
            part(head);
        } else {
            body = null;
            join(head, laid);
        }
    }

    @Override
    public void writeNow(BufferData data) {
        part(data);
    }

    @Override
    public void write(BufferData... data) {
        for (BufferData each : data) {
            part(each);
        }
    }

    @Override
    public void writeNow(BufferData... data) {
        write(data);
    }

    @Override
    public void flush() {
        to.flush();
    }

    @Override
    public void close() {
        to.close();
    }

    private void join(BufferData head, byte[] laid) {
        byte[] joined = buffer;
        if (joined == null) {
            joined = new byte[BUFFER_BYTES];
            buffer = joined;
        }
        int begun = head.available();
        if (begun > joined.length) {
            part(head);
            begun = 0;
        } else {
            head.read(joined, 0, begun);
        }
        int fits = Math.min(laid.length, joined.length - begun);
        System.arraycopy(laid, 0, joined, begun, fits);
        part(BufferData.createReadOnly(joined, 0, begun + fits));
        for (int at = fits; at < laid.length; at += PART) {
            part(BufferData.createReadOnly(laid, at, Math.min(PART, laid.length - at)));
        }
    }

    private void part(BufferData data) {
        side.begin();
        try {
            to.write(data);
        } finally {
            side.end();
        }
    }
}
