package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a path below `/v1/models` asks for.
///
/// @param action lower case, such as `predict`; empty for the status of a model
record RestPath(ServableRequest servable, String action) {
    private static final String MODEL =
            "/v1/models/(?<model>[^/:]+)(?:/versions/(?<version>[0-9]+)|/labels/(?<label>[^/:]+))?";

    private static final Pattern POST =
            Pattern.compile(
                    MODEL + ":(?<action>classify|regress|predict)", Pattern.CASE_INSENSITIVE);

    private static final Pattern GET =
            Pattern.compile(MODEL + "(?:/(?<action>metadata))?", Pattern.CASE_INSENSITIVE);

    private static final Pattern NO_MODEL =
            Pattern.compile("/v1/models(?:/metadata)?", Pattern.CASE_INSENSITIVE);

    /// @param rawPath not decoded, without the query
    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST` when it is none
    static RestPath of(String method, String rawPath) {
        Matcher matcher =
                switch (method) {
                    case "POST" -> POST.matcher(rawPath);
                    case "GET" -> GET.matcher(rawPath);
                    default -> throw malformed(method, rawPath);
                };
        if (!matcher.matches()) {
            if (method.equals("GET") && NO_MODEL.matcher(rawPath).matches()) {
                return new RestPath(ServableRequest.latest(""), "");
            }
            throw malformed(method, rawPath);
        }
        String version = matcher.group("version");
        String action = matcher.group("action");
        return new RestPath(
                new ServableRequest(
                        decode(matcher.group("model")),
                        version == null ? OptionalLong.empty() : OptionalLong.of(number(version)),
                        Optional.ofNullable(matcher.group("label")).map(RestPath::decode)),
                action == null ? "" : action.toLowerCase(Locale.ROOT));
    }

    /// Undoes percent signs; one that no two digits follow stands for itself.
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(text.length());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? digit(bytes[i + 1]) : -1;
            int low = high < 0 ? -1 : digit(bytes[i + 2]);
            if (low < 0) {
                decoded.write(bytes[i]);
            } else {
                decoded.write(high << 4 | low);
                i += 2;
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    private static int digit(byte character) {
        return Character.digit((char) (character & 0xff), 16);
    }

    private static long number(String version) {
        try {
            return Long.parseLong(version);
        } catch (NumberFormatException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "Failed to convert version: %s to numeric.".formatted(version),
                    e);
        }
    }

    private static RuntimeException malformed(String method, String path) {
        return Signatures.refused("Malformed request: %s %s".formatted(method, path));
    }
}
