package dev.tidemill.http;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// How a body is packed on the wire (RFC 9110, 8.4).
enum ContentCoding {
    GZIP("gzip"),
    /// In zlib's wrapping, as the standard says; requests may come without it, as some clients do.
    DEFLATE("deflate");

    /// Smaller answers are sent plain: packing them costs more than it saves.
    static final int WORTH_BYTES = 1024;

    /// What the client of the current request would like; unbound when it said nothing.
    static final ScopedValue<ContentCoding> WANTED = ScopedValue.newInstance();

    private final String token;

    ContentCoding(String token) {
        this.token = token;
    }

    /// The one that packed a request's body.
    ///
    /// @throws TidemillException `UNSUPPORTED_ENCODING` for what we cannot unpack
    static Optional<ContentCoding> ofRequest(Headers headers) {
        if (!headers.contains(HeaderNames.CONTENT_ENCODING)) {
            return Optional.empty();
        }
        String said =
                headers.get(HeaderNames.CONTENT_ENCODING).allValues().stream()
                        .reduce((a, b) -> a + "," + b)
                        .orElse("");
        return switch (said.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> Optional.empty();
            case "gzip", "x-gzip" -> Optional.of(GZIP);
            case "deflate" -> Optional.of(DEFLATE);
            default ->
                    throw new TidemillException(
                            ErrorCode.UNSUPPORTED_ENCODING,
                            "Content-Encoding: '%s' (expected: gzip, deflate or identity)"
                                    .formatted(said));
        };
    }

    /// The one that the client likes best, by the weights of its `Accept-Encoding`.
    static Optional<ContentCoding> wanted(Headers headers) {
        if (!headers.contains(HeaderNames.ACCEPT_ENCODING)) {
            return Optional.empty();
        }
        return wanted(headers.get(HeaderNames.ACCEPT_ENCODING).allValues());
    }

    static Optional<ContentCoding> wanted(List<String> accepted) {
        Weights weights = new Weights();
        for (String line : accepted) {
            for (String item : line.split(",", -1)) {
                weights.add(item.strip());
            }
        }
        return weights.best();
    }

    /// Marks the answer and packs its body, when the client asked for it and it is worth it.
    static byte[] pack(ServerResponse response, byte[] body) {
        if (body.length < WORTH_BYTES || !WANTED.isBound()) {
            return body;
        }
        ContentCoding coding = WANTED.get();
        byte[] packed = coding.packed(body);
        response.header(HeaderValues.create(HeaderNames.VARY, "Accept-Encoding"));
        if (packed.length >= body.length) {
            return body;
        }
        response.header(HeaderValues.create(HeaderNames.CONTENT_ENCODING, coding.token));
        return packed;
    }

    byte[] packed(byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4 + 64);
        try (OutputStream out = packing(bytes)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// @throws IOException when the body is not packed so, or what `in` throws
    InputStream unpacking(InputStream in) throws IOException {
        return switch (this) {
            case GZIP -> new GZIPInputStream(in, 8 * 1024);
            case DEFLATE -> Deflated.open(in);
        };
    }

    private OutputStream packing(OutputStream out) throws IOException {
        return switch (this) {
            case GZIP -> new FastGzip(out);
            case DEFLATE -> new FastDeflate(out);
        };
    }

    /// Numbers hardly get smaller with more effort, and the time is the client's.
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 8 * 1024);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private static final class FastDeflate extends DeflaterOutputStream {
        FastDeflate(OutputStream out) {
            super(out, new Deflater(Deflater.BEST_SPEED), 8 * 1024);
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                def.end();
            }
        }
    }

    /// What an `Accept-Encoding` says about each coding; -1 for nothing.
    private static final class Weights {
        private double gzip = -1;
        private double deflate = -1;
        private double identity = -1;
        private double others = -1;

        void add(String item) {
            int semicolon = item.indexOf(';');
            String name = semicolon < 0 ? item : item.substring(0, semicolon).strip();
            double weight = semicolon < 0 ? 1 : weight(item.substring(semicolon + 1));
            switch (name.toLowerCase(Locale.ROOT)) {
                case "gzip", "x-gzip" -> gzip = Math.max(gzip, weight);
                case "deflate" -> deflate = weight;
                case "identity" -> identity = weight;
                case "*" -> others = weight;
                default -> {}
            }
        }

        Optional<ContentCoding> best() {
            double zipped = gzip < 0 ? others : gzip;
            double deflated = deflate < 0 ? others : deflate;
            double best = Math.max(zipped, deflated);
            if (best <= 0 || identity > best) {
                return Optional.empty();
            }
            return Optional.of(zipped >= deflated ? GZIP : DEFLATE);
        }

        private static double weight(String parameter) {
            String text = parameter.strip().toLowerCase(Locale.ROOT);
            if (!text.startsWith("q=")) {
                return 1;
            }
            try {
                double weight = Double.parseDouble(text.substring(2));
                return weight >= 0 && weight <= 1 ? weight : 0;
            } catch (NumberFormatException _) {
                return 0;
            }
        }
    }
}
