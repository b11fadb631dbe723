package dev.tidemill.server.protocol.openinference;

import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.protocol.RawBytes;
import java.nio.ByteBuffer;

/// What follows the JSON of a request: the values of its binary inputs, in the order in which the
/// JSON names them. See Triton's binary tensor data extension.
final class BinaryTail {
    private final ByteBuffer left;
    private final Bodies.Budget reservation;

    /// @param from where the JSON ends
    BinaryTail(byte[] body, int from, Bodies.Budget reservation) {
        this.reservation = reservation;
        this.left = ByteBuffer.wrap(body, from, body.length - from);
    }

    Tensor take(String name, DataType type, long[] shape, long size, String what) {
        if (size < 0 || size > left.remaining()) {
            throw InferRequestReader.invalid(
                    what + ".parameters.binary_data_size",
                    String.valueOf(size),
                    "no more than the %d bytes that follow the JSON; unexpected size for input '%s', expecting %d additional bytes"
                            .formatted(left.remaining(), name, size - left.remaining()));
        }
        ByteBuffer data = left.slice(left.position(), (int) size);
        left.position(left.position() + (int) size);
        return RawBytes.read(name, type, shape, data, what, reservation);
    }

    void requireEnd() {
        if (left.hasRemaining()) {
            throw InferRequestReader.invalid(
                    "body",
                    left.remaining() + " bytes after the last input",
                    "no unexpected additional input data");
        }
    }
}
