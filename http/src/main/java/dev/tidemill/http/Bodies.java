package dev.tidemill.http;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads request bodies within a limit and writes JSON answers.
public final class Bodies {
    private static final int BLOCK = 64 * 1024;
    private static final byte[] NONE = new byte[0];

    private Bodies() {}

    /// Is asked before bytes of a body are read into memory.
    @FunctionalInterface
    public interface Budget {
        Budget UNLIMITED = _ -> {};

        /// @throws TidemillException to refuse
        void take(long bytes);
    }

    /// The whole body, unpacked when it came packed (`Content-Encoding: gzip` or `deflate`).
    ///
    /// @param limit for what is unpacked
    /// @throws TidemillException `TOO_LARGE` when it is longer than `limit` bytes,
    ///   `UNSUPPORTED_ENCODING` when it is packed otherwise
    /// @throws CloseConnectionException when the client left before sending all of it
    public static byte[] read(ServerRequest request, long limit) {
        return read(request, limit, Budget.UNLIMITED);
    }

    /// As above; `budget` is asked block by block, as they come: what is only announced costs its
    /// sender nothing, so it may cost the others nothing either.
    public static byte[] read(ServerRequest request, long limit, Budget budget) {
        if (!request.content().hasEntity()) {
            return NONE;
        }
        Optional<ContentCoding> coding = ContentCoding.ofRequest(request.headers());
        return coding.isEmpty()
                ? readAsSent(request, limit, budget)
                : readPacked(request, coding.get(), limit, budget);
    }

    /// The whole body as it came, for those that pass it on with its headers.
    public static byte[] readAsSent(ServerRequest request, long limit) {
        return readAsSent(request, limit, Budget.UNLIMITED);
    }

    /// As above, within a budget.
    public static byte[] readAsSent(ServerRequest request, long limit, Budget budget) {
        if (!request.content().hasEntity()) {
            return NONE;
        }
        long announced = request.headers().contentLength().orElse(-1);
        if (announced > limit) {
            throw tooLarge(limit);
        }
        Caller caller = inBody();
        try (InputStream in = request.content().inputStream()) {
            return announced >= 0
                    ? readAnnounced(in, (int) announced, budget)
                    : readBlocks(in, limit, budget);
        } catch (NumberFormatException | NegativeArraySizeException e) {
            throw new CloseConnectionException("the sizes of the body's chunks are no sizes", e);
        } catch (IOException
                | UncheckedIOException
                | DataReader.InsufficientDataAvailableException e) {
            throw new CloseConnectionException("the client left before its body ended", e);
        } finally {
            outOfBody(caller);
        }
    }

    private static byte[] readPacked(
            ServerRequest request, ContentCoding coding, long limit, Budget budget) {
        if (request.headers().contentLength().orElse(-1) > limit) {
            throw tooLarge(limit);
        }
        Caller caller = inBody();
        try (InputStream in = request.content().inputStream()) {
            return new PackedBody(coding, in).read(limit, budget);
        } catch (IOException
                | UncheckedIOException
                | DataReader.InsufficientDataAvailableException e) {
            throw new CloseConnectionException("the client left before its body ended", e);
        } finally {
            outOfBody(caller);
        }
    }

    /// From here on the client must send something now and then.
    private static @Nullable Caller inBody() {
        Caller caller = Caller.CURRENT.isBound() ? Caller.CURRENT.get() : null;
        if (caller != null) {
            caller.inBody(true);
        }
        return caller;
    }

    private static void outOfBody(@Nullable Caller caller) {
        if (caller != null) {
            caller.inBody(false);
        }
    }

    /// Ends early where the client does.
    private static byte[] readAnnounced(InputStream in, int announced, Budget budget)
            throws IOException {
        byte[] body = new byte[Math.min(announced, BLOCK)];
        int have = 0;
        while (have < announced) {
            int block = Math.min(BLOCK, announced - have);
            budget.take(block);
            if (have == body.length) {
                body = Arrays.copyOf(body, (int) Math.min(announced, 2L * have));
            }
            int read = in.readNBytes(body, have, block);
            have += read;
            if (read < block) {
                return Arrays.copyOf(body, have);
            }
        }
        return body;
    }

    static byte[] readBlocks(InputStream in, long limit, Budget budget) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(BLOCK);
        while (true) {
            byte[] block = in.readNBytes(BLOCK);
            if (block.length == 0) {
                return body.toByteArray();
            }
            if (body.size() + block.length > limit) {
                throw tooLarge(limit);
            }
            budget.take(block.length);
            body.write(block);
        }
    }

    /// A JSON body as a record.
    public static <T> T read(ServerRequest request, long limit, Class<T> type) {
        return Json.read(read(request, limit), type);
    }

    /// Answers 200 with a JSON body.
    public static void send(ServerResponse response, Object value) {
        send(response, 200, value);
    }

    public static void send(ServerResponse response, int status, Object value) {
        sendJson(response, status, Json.bytes(value));
    }

    /// Answers with JSON that is already text.
    public static void sendJson(ServerResponse response, int status, byte[] json) {
        response.status(status == 200 ? Status.OK_200 : Status.create(status));
        response.header(HeaderValues.CONTENT_TYPE_JSON);
        sendBytes(response, json);
    }

    /// Answers with a body whose headers are set already; packed when the client would like that
    /// and the body is worth it.
    public static void sendBytes(ServerResponse response, byte[] body) {
        response.send(ContentCoding.pack(response, body));
    }

    private static TidemillException tooLarge(long limit) {
        return new TidemillException(
                ErrorCode.TOO_LARGE,
                "body: 'too large' (expected: at most %s)".formatted(new ByteSize(limit)));
    }
}
