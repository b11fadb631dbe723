package dev.tidemill.operator.metricsapi;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.http.ErrorBody;
import dev.tidemill.http.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/// Errors as Kubernetes has them: an object of the kind `Status`.
final class StatusBody implements ErrorBody {
    @Override
    public byte[] of(ErrorCode code, String message) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("kind", "Status");
        status.put("apiVersion", "v1");
        status.put("metadata", Map.of());
        status.put("status", "Failure");
        status.put("message", message);
        status.put("reason", reason(code.httpStatus()));
        status.put("code", code.httpStatus());
        return Json.bytes(status);
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "BadRequest";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "NotFound";
            case 405 -> "MethodNotAllowed";
            case 409 -> "Conflict";
            case 413 -> "RequestEntityTooLarge";
            case 415 -> "UnsupportedMediaType";
            case 429 -> "TooManyRequests";
            case 503 -> "ServiceUnavailable";
            case 504 -> "Timeout";
            default -> "InternalError";
        };
    }
}
