package dev.tidemill.gateway.grpc;

import io.grpc.Detachable;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// Messages that are passed on as they are.
final class Bytes {
    /// Requests are held whole: their name is read, and they may have to be sent again.
    static final Marshaller<byte[]> HELD = new Held();

    /// Answers stay in the buffers that they came in.
    static final Marshaller<InputStream> PASSING = new Passing();

    private Bytes() {}

    /// An answer of our own.
    static InputStream passing(byte[] message) {
        return new Sending(message);
    }

    /// Gives the buffers of a message back that nobody gets.
    static void drop(InputStream message) {
        try {
            message.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Held implements Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new Sending(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return all(stream);
        }
    }

    private static final class Passing implements Marshaller<InputStream> {
        @Override
        public InputStream stream(InputStream message) {
            return message;
        }

        @Override
        public InputStream parse(InputStream stream) {
            // gRPC closes its own stream after this; what is detached is closed by who sends it.
            return stream instanceof Detachable detachable
                    ? detachable.detach()
                    : new Sending(all(stream));
        }
    }

    private static byte[] all(InputStream stream) {
        try {
            return stream instanceof KnownLength
                    ? stream.readNBytes(stream.available())
                    : stream.readAllBytes();
        } catch (IOException e) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("message: 'cannot be unpacked' (expected: its encoding)")
                    .asRuntimeException();
        }
    }

    /// Goes into the transport's buffers at once.
    private static final class Sending extends ByteArrayInputStream
            implements KnownLength, Drainable {
        Sending(byte[] message) {
            super(message);
        }

        @Override
        public synchronized int drainTo(OutputStream target) throws IOException {
            int length = count - pos;
            target.write(buf, pos, length);
            pos = count;
            return length;
        }
    }
}
