package dev.tidemill.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.LazyString;
import java.nio.charset.Charset;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A reader that begins anew between requests. The server's own keeps a list of the blocks that
/// came, for as long as the connection lives; once one of them has grown old, the garbage collector
/// takes all that came after it for alive: every request of a kept connection, until a full
/// collection.
final class RenewedReader extends DataReader {
    private final Supplier<byte @Nullable []> source;
    private DataReader current;

    @SuppressWarnings("removal") // There is no other way to be one.
    RenewedReader(Supplier<byte @Nullable []> source) {
        super(source);
        this.source = source;
        this.current = DataReader.create(source);
    }

    /// Where requests and lines begin.
    @Override
    public int findNewLine(int max) {
        if (current.available() == 0) {
            current = DataReader.create(source);
        }
        return current.findNewLine(max);
    }

    @Override
    public int available() {
        return current.available();
    }

    @Override
    public void pullData() {
        current.pullData();
    }

    @Override
    public void skip(int length) {
        current.skip(length);
    }

    @Override
    public void ensureAvailable() {
        current.ensureAvailable();
    }

    @Override
    public byte read() {
        return current.read();
    }

    @Override
    public byte lookup() {
        return current.lookup();
    }

    @Override
    public boolean startsWithNewLine() {
        return current.startsWithNewLine();
    }

    @Override
    public boolean startsWith(byte[] prefix) {
        return current.startsWith(prefix);
    }

    @Override
    public BufferData readBuffer() {
        return current.readBuffer();
    }

    @Override
    public BufferData readBuffer(int length) {
        return current.readBuffer(length);
    }

    @Override
    public BufferData getBuffer(int length) {
        return current.getBuffer(length);
    }

    @Override
    public LazyString readLazyString(Charset charset, int length) {
        return current.readLazyString(charset, length);
    }

    @Override
    public String readAsciiString(int length) {
        return current.readAsciiString(length);
    }

    @Override
    public byte[] readBytes(int length) {
        return current.readBytes(length);
    }

    @Override
    public String readLine() {
        return current.readLine();
    }

    @Override
    public int findOrNewLine(byte wanted, int max) {
        return current.findOrNewLine(wanted, max);
    }

    @Override
    public String debugDataHex() {
        return current.debugDataHex();
    }

    // Listeners are told nothing by the server's own reader either.
}
