package dev.tidemill.server.protocol.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.admission.AdmissionGate.Reserve;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The bytes of a message, not understood yet. gRPC's own way of parsing answers what it cannot
/// parse with UNKNOWN, and copies every tensor once more. Who takes a message closes it when it is
/// answered.
///
/// @param failure why there are none
/// @param reserve that holds its bytes until it is closed; null when it is small
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record Received(byte[] bytes, @Nullable RuntimeException failure, @Nullable Reserve reserve)
        implements AutoCloseable {
    static final MethodDescriptor.Marshaller<Received> MARSHALLER = new Marshaller();

    private static final byte[] NONE = new byte[0];
    private static final int BLOCK = 64 * 1024;

    /// The message. Its byte strings are views of [#bytes], which nobody writes to.
    ///
    /// @param weight asked what it takes before it is made
    /// @throws TidemillException `INVALID_REQUEST` when the bytes are no such message, `OVERLOADED`
    ///   or `TOO_LARGE` when it takes more memory than there is
    <Q extends MessageLite> Q parse(Parser<Q> parser, MessageWeight weight) {
        if (failure != null) {
            throw failure;
        }
        if (reserve != null) {
            Intake.grow(reserve, weight.of(bytes));
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

    /// Bytes that nothing holds yet.
    int unheld() {
        return reserve == null ? bytes.length : 0;
    }

    @Override
    public void close() {
        if (reserve != null) {
            reserve.close();
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
            Intake intake = Intake.KEY.get();
            Reserve held = intake == null ? null : intake.next();
            try {
                if (stream instanceof KnownLength) {
                    return new Received(stream.readNBytes(stream.available()), null, held);
                }
                if (held == null && intake != null) {
                    held = intake.reserve();
                }
                return new Received(unpacked(stream, held), null, held);
            } catch (StatusRuntimeException | TidemillException tooLarge) {
                return new Received(NONE, tooLarge, held);
            } catch (IOException e) {
                return new Received(NONE, invalid(e.toString(), e), held);
            }
        }

        private static byte[] unpacked(InputStream stream, @Nullable Reserve held)
                throws IOException {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            for (byte[] block = stream.readNBytes(BLOCK);
                    block.length > 0;
                    block = stream.readNBytes(BLOCK)) {
                if (held != null) {
                    Intake.grow(held, block.length);
                }
                whole.write(block);
            }
            return whole.toByteArray();
        }
    }
}
