package dev.tidemill.server;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// One gRPC call without a gRPC library, which would only send whole messages.
final class RawGrpc implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int WINDOW = 8;
    private static final int END_HEADERS = 4;
    private static final int END_STREAM = 1;
    private static final int MAX_FRAME = 16_384;

    private final Socket socket;

    /// @param method such as `inference.GRPCInferenceService/ModelInfer`
    RawGrpc(int port, String method) throws IOException {
        socket = new Socket("127.0.0.1", port);
        OutputStream out = socket.getOutputStream();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        header(headers, ":method", "POST");
        header(headers, ":scheme", "http");
        header(headers, ":path", "/" + method);
        header(headers, ":authority", "x");
        header(headers, "content-type", "application/grpc");
        header(headers, "te", "trailers");
        frame(HEADERS, END_HEADERS, 1, headers.toByteArray());
    }

    /// The beginning of a message, of which nothing more comes.
    ///
    /// @param announced its length
    /// @param sent how much of it comes, within the window that every connection begins with
    RawGrpc begin(int announced, int sent) throws IOException {
        byte[] bytes = new byte[5 + sent];
        bytes[1] = (byte) (announced >> 24);
        bytes[2] = (byte) (announced >> 16);
        bytes[3] = (byte) (announced >> 8);
        bytes[4] = (byte) announced;
        for (int from = 0; from < bytes.length; from += MAX_FRAME) {
            frame(
                    DATA,
                    0,
                    1,
                    java.util.Arrays.copyOfRange(
                            bytes, from, Math.min(bytes.length, from + MAX_FRAME)));
        }
        return this;
    }

    /// Returns once the server has ended the call.
    void awaitEnd() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            int lengthAndType = in.readInt();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            in.readNBytes(lengthAndType >>> 8);
            int type = lengthAndType & 0xff;
            boolean ended = type == RESET || (type == HEADERS && (flags & END_STREAM) != 0);
            if (stream == 1 && type != WINDOW && ended) {
                return;
            }
        }
    }

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        byte[] frame = new byte[9 + payload.length];
        frame[0] = (byte) (payload.length >> 16);
        frame[1] = (byte) (payload.length >> 8);
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        frame[8] = (byte) stream;
        System.arraycopy(payload, 0, frame, 9, payload.length);
        socket.getOutputStream().write(frame);
    }

    /// As it is, without an index.
    private static void header(ByteArrayOutputStream into, String name, String value) {
        into.write(0);
        into.write(name.length());
        into.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        into.write(value.length());
        into.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
