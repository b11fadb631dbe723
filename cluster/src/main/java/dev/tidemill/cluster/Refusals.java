package dev.tidemill.cluster;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import java.util.function.Supplier;

/// What the API server refuses, in our words.
final class Refusals {
    /// The library's code for a request that nobody answered.
    private static final int NO_ANSWER = -1;

    private Refusals() {}

    /// @param what it was about, such as `deployment/gateway`
    static <T> T of(String server, String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            throw translated(server, what, e);
        }
    }

    static TidemillException translated(String server, String what, KubernetesClientException e) {
        String said =
                Optional.ofNullable(e.getStatus())
                        .map(Status::getMessage)
                        .orElseGet(() -> reason(e));
        return switch (e.getCode()) {
            case 401 ->
                    new TidemillException(
                            ErrorCode.UNAUTHENTICATED,
                            ("cluster: '%s' (expected: credentials that it knows; log in again, or"
                                            + " choose another with --context): %s")
                                    .formatted(server, said),
                            e);
            case 403 ->
                    new TidemillException(
                            ErrorCode.FORBIDDEN,
                            "%s: refused by the cluster: %s".formatted(what, said),
                            e);
            case 404 ->
                    new TidemillException(
                            ErrorCode.NOT_FOUND, "%s: not found: %s".formatted(what, said), e);
            case 409 ->
                    new TidemillException(
                            ErrorCode.CONFLICT,
                            "%s: changed or made meanwhile: %s".formatted(what, said),
                            e);
            case 400, 422 ->
                    new TidemillException(
                            ErrorCode.INVALID_SPEC,
                            "%s: not as the cluster wants it: %s".formatted(what, said),
                            e);
            case 0, NO_ANSWER ->
                    new TidemillException(
                            ErrorCode.UNAVAILABLE,
                            ("cluster: '%s' (expected: an API server that answers; is it up, and is"
                                            + " it the right --context?): %s")
                                    .formatted(server, said),
                            e);
            default ->
                    new TidemillException(
                            e.getCode() >= 500 || e.getCode() == 429
                                    ? ErrorCode.UNAVAILABLE
                                    : ErrorCode.UPSTREAM_FAILED,
                            "%s: the cluster answered %d: %s".formatted(what, e.getCode(), said),
                            e);
        };
    }

    /// The innermost that says anything: the outer ones say "operation failed".
    private static String reason(Throwable e) {
        String said = "";
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (each.getMessage() != null) {
                said = each.getMessage();
            }
        }
        return said.isEmpty() ? e.toString() : said;
    }
}
