package dev.tidemill.gateway.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.http.ErrorBody;
import dev.tidemill.http.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `{"error":{"message","type","param","code"}}`, all four of them always there, on OpenAI's paths;
/// the plain form elsewhere.
public final class OpenAiErrors implements ErrorBody {
    @Override
    public byte[] of(ErrorCode code, String message) {
        return ErrorBody.PLAIN.of(code, message);
    }

    @Override
    public ErrorBody at(String path) {
        return OpenAiPaths.hasErrorForm(path) ? OpenAiErrors::body : this;
    }

    public static byte[] body(ErrorCode code, String message) {
        return Json.bytes(
                new Body(
                        new Detail(
                                message,
                                type(code),
                                code == ErrorCode.MODEL_NOT_FOUND ? "model" : null,
                                name(code))));
    }

    /// The event of `/v1/responses` that says the same.
    public static byte[] flat(ErrorCode code, String message) {
        return Json.bytes(new Flat("error", name(code), message, null));
    }

    private static String type(ErrorCode code) {
        return switch (code.kind()) {
            case CALLER ->
                    switch (code) {
                        case UNAUTHENTICATED -> "authentication_error";
                        case FORBIDDEN -> "permission_error";
                        case RATE_LIMITED -> "rate_limit_error";
                        default -> "invalid_request_error";
                    };
            case CAPACITY, UPSTREAM, INTERNAL -> "server_error";
        };
    }

    private static String name(ErrorCode code) {
        return switch (code) {
            case UNAUTHENTICATED -> "invalid_api_key";
            case RATE_LIMITED -> "rate_limit_exceeded";
            case CONTENT_FILTERED -> "content_filter";
            default -> code.name().toLowerCase(Locale.ROOT);
        };
    }

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Body(Detail error) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Detail(String message, String type, @Nullable String param, String code) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Flat(String type, String code, String message, @Nullable String param) {}
}
