package dev.tidemill.server.protocol.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The bytes of a message, not understood yet. gRPC's own way of parsing answers what it cannot
/// parse with UNKNOWN, and copies every tensor once more.
///
/// @param failure why there are none
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record Received(byte[] bytes, @Nullable RuntimeException failure) {
    static final MethodDescriptor.Marshaller<Received> MARSHALLER = new Marshaller();

    private static final byte[] NONE = new byte[0];

    /// The message. Its byte strings are views of [#bytes], which nobody writes to.
    ///
    /// @throws TidemillException `INVALID_REQUEST` when the bytes are no such message
    <Q extends MessageLite> Q parse(Parser<Q> parser) {
        if (failure != null) {
            throw failure;
        }
        try {
            CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            in.enableAliasing(true);
            Q message = parser.parseFrom(in);
            in.checkLastTagWas(0);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw invalid(String.valueOf(e.getMessage()), e);
        }
    }

    private static TidemillException invalid(String problem, Exception cause) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "message: '%s' (expected: the method's protobuf message)".formatted(problem),
                cause);
    }

    private static final class Marshaller implements MethodDescriptor.Marshaller<Received> {
        @Override
        public InputStream stream(Received value) {
            return new ByteArrayInputStream(value.bytes());
        }

        @Override
        public Received parse(InputStream stream) {
            try {
                return new Received(read(stream), null);
            } catch (StatusRuntimeException tooLarge) {
                return new Received(NONE, tooLarge);
            } catch (IOException e) {
                return new Received(NONE, invalid(e.toString(), e));
            }
        }

        private static byte[] read(InputStream stream) throws IOException {
            return stream instanceof KnownLength
                    ? stream.readNBytes(stream.available())
                    : stream.readAllBytes();
        }
    }
}
