package dev.tidemill.control.access;

import java.util.Locale;
import java.util.Set;

/// What a token is for.
enum Role {
    /// People and pipelines: everything.
    ADMIN,

    /// Model servers and gateways: read models, write down what they decided and answered, and how
    /// far rollouts are, which they read too.
    SERVICE;

    private static final String ROLLOUTS = "/api/v1/rollouts/";

    private static final Set<String> WRITTEN_BY_SERVICES =
            Set.of("/api/v1/decisions", "/api/v1/audit");

    /// Name of the file that has its token.
    String file() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean may(String method, String path) {
        return switch (this) {
            case ADMIN -> true;
            case SERVICE ->
                    path.startsWith(ROLLOUTS)
                            ? method.equals("GET") || method.equals("PUT")
                            : method.equals("GET")
                                    ? path.startsWith("/api/v1/models")
                                            || path.startsWith("/api/v1/artifacts/")
                                    : method.equals("POST") && WRITTEN_BY_SERVICES.contains(path);
        };
    }
}
