package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.protocol.tfserving.PredictRequest.Form;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A short cut for the commonest body: one key with even lists of plain numbers for the only input,
/// and perhaps the name of a signature. Reads it several times as fast as a JSON parser. Whatever
/// is in the least different, wrong bodies too, it leaves to [PredictReader], which gives the same
/// answer to what both can read.
final class PlainNumbers {
    private static final int UNKNOWN = -1;
    private static final int MAX_RANK = 16;

    private final byte[] body;
    private final TensorSpec spec;
    private final Bodies.Budget reservation;
    private final int[] sizes = new int[MAX_RANK];
    private int at;
    private int rank = UNKNOWN;
    private @Nullable Column column;
    private @Nullable PlainNumber number;

    private PlainNumbers(byte[] body, TensorSpec spec, Bodies.Budget reservation) {
        this.body = body;
        this.spec = spec;
        this.reservation = reservation;
        Arrays.fill(sizes, UNKNOWN);
    }

    /// @return empty for what is to be read with more care
    /// @throws TidemillException what `reservation` throws
    static Optional<PredictRequest> read(
            byte[] body, List<TensorSpec> specs, Bodies.Budget reservation) {
        if (specs.size() != 1 || !isPlain(specs.getFirst().type())) {
            return Optional.empty();
        }
        try {
            return new PlainNumbers(body, specs.getFirst(), reservation).document();
        } catch (TidemillException e) {
            if (e.code() == ErrorCode.INVALID_REQUEST) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean isPlain(DataType type) {
        return switch (type) {
            case FP32, FP64, INT64, INT32, INT16, INT8, UINT64, UINT32, UINT16, UINT8 -> true;
            case BOOL, FP16, BF16, BYTES -> false;
        };
    }

    private Optional<PredictRequest> document() {
        String signature = "";
        Form form = null;
        if (next() != '{') {
            return Optional.empty();
        }
        byte separator = ',';
        while (separator == ',') {
            String key = text();
            if (key == null || next() != ':') {
                return Optional.empty();
            }
            boolean read =
                    switch (key) {
                        case "instances", "inputs" -> form == null && next() == '[' && list(0);
                        case "signature_name" -> true;
                        default -> false;
                    };
            if (!read) {
                return Optional.empty();
            }
            if (key.equals("signature_name")) {
                String name = text();
                if (name == null) {
                    return Optional.empty();
                }
                signature = name;
            } else {
                form = key.equals("inputs") ? Form.COLUMNS : Form.ROWS;
            }
            separator = next();
        }
        if (separator != '}' || form == null || column == null) {
            return Optional.empty();
        }
        long[] shape = new long[rank];
        for (int i = 0; i < rank; i++) {
            shape[i] = sizes[i];
        }
        return Optional.of(new PredictRequest(signature, form, List.of(column.tensor(shape))));
    }

    /// From behind its bracket.
    private boolean list(int level) {
        if (level == MAX_RANK || (rank != UNKNOWN && level >= rank)) {
            return false;
        }
        int count = 0;
        byte separator = ',';
        while (separator == ',') {
            byte first = next();
            boolean read = first == '[' ? list(level + 1) : number(level + 1);
            if (!read) {
                return false;
            }
            count++;
            separator = next();
        }
        if (sizes[level] == UNKNOWN) {
            sizes[level] = count;
        }
        return separator == ']' && sizes[level] == count;
    }

    /// From behind its first character.
    private boolean number(int level) {
        if (rank == UNKNOWN) {
            rank = level;
            column = new Column(spec, new JsonBody(body).mostValues(), reservation);
            number = new PlainNumber(body, column);
        }
        if (rank != level || number == null) {
            return false;
        }
        at = number.read(at - 1);
        return at >= 0;
    }

    /// A text without escapes; null when it is none.
    private @Nullable String text() {
        if (next() != '"') {
            return null;
        }
        int begin = at;
        while (at < body.length && body[at] != '"') {
            if (body[at] < ' ' || body[at] == '\\') {
                return null;
            }
            at++;
        }
        return at++ < body.length
                ? new String(body, begin, at - 1 - begin, StandardCharsets.US_ASCII)
                : null;
    }

    /// The next character that is no white space, which is passed; 0 at the end.
    private byte next() {
        while (at < body.length) {
            byte character = body[at++];
            if (character > ' ' || character < 0) {
                return character;
            }
            if (character != ' ' && character != '\n' && character != '\r' && character != '\t') {
                return 0;
            }
        }
        return 0;
    }
}
