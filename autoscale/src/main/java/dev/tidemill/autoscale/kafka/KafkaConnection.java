package dev.tidemill.autoscale.kafka;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// A connection to one broker, for one question at a time. Nothing on it waits longer than until
/// the deadline that is set.
final class KafkaConnection implements AutoCloseable {
    private static final int MAX_ANSWER = 32 << 20;
    private static final int CONNECT_MILLIS = 700;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private int number;

    private KafkaConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    static KafkaConnection open(KafkaAddress address, boolean tls, Deadline deadline)
            throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(
                    new InetSocketAddress(address.host(), address.port()),
                    Math.min(CONNECT_MILLIS, deadline.millisLeft()));
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(deadline.millisLeft());
            return new KafkaConnection(tls ? secured(plain, address) : plain);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /// With a certificate that the process believes, for the name that was asked for.
    private static Socket secured(Socket plain, KafkaAddress address) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        ((SSLSocketFactory) SSLSocketFactory.getDefault())
                                .createSocket(plain, address.host(), address.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    interface Body {
        void write(KafkaRequest request);
    }

    KafkaAnswer ask(KafkaApi api, Deadline deadline, Body body) throws IOException {
        number++;
        KafkaRequest request = new KafkaRequest(api, number);
        body.write(request);
        byte[] bytes = request.bytes();
        out.write(ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array());
        out.flush();
        socket.setSoTimeout(deadline.millisLeft());
        int length = in.readInt();
        if (length < 4 || length > MAX_ANSWER) {
            throw new IOException("an answer of " + length + " bytes");
        }
        byte[] answer = read(length, deadline);
        KafkaAnswer read = new KafkaAnswer(answer);
        if (read.int32() != number) {
            throw new IOException("an answer to another question");
        }
        return read;
    }

    /// A broker that sends drop by drop is not waited for longer than one that is silent.
    private byte[] read(int length, Deadline deadline) throws IOException {
        byte[] bytes = new byte[length];
        int at = 0;
        while (at < length) {
            socket.setSoTimeout(deadline.millisLeft());
            int read = in.read(bytes, at, length - at);
            if (read < 0) {
                throw new IOException("an answer that is cut off");
            }
            at += read;
        }
        return bytes;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // Nothing is lost by it.
        }
    }

    /// A moment.
    record Deadline(long nanos) {
        static Deadline in(long millis) {
            return new Deadline(System.nanoTime() + millis * 1_000_000);
        }

        int millisLeft() throws SocketTimeoutException {
            long left = (nanos - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("too late");
            }
            return (int) left;
        }
    }
}
