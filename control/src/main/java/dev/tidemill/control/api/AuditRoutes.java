package dev.tidemill.control.api;

import dev.tidemill.client.control.AuditBatch;
import dev.tidemill.client.control.AuditQuery;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.control.audit.AuditStore;
import dev.tidemill.control.audit.Cursor;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `/api/v1/audit`: gateways add to it, people ask it.
public final class AuditRoutes implements RouteSet {
    /// A batch of 500 with all the text that each may have.
    private static final long MOST_BYTES = 128 << 20;

    private static final List<String> DECISIONS =
            List.of(
                    "allowed",
                    "cached",
                    "flagged",
                    "redacted",
                    "invalid",
                    "limited",
                    "denied",
                    "refused");

    private final AuditStore store;

    public AuditRoutes(AuditStore store) {
        this.store = store;
    }

    @Override
    public void register(Routes routes) {
        routes.post("/api/v1/audit", this::add).get("/api/v1/audit", this::page);
    }

    private void add(ServerRequest request, ServerResponse response) {
        AuditBatch batch = Bodies.read(request, MOST_BYTES, AuditBatch.class);
        store.add(batch.records());
        Bodies.send(response, new Added(batch.records().size()));
    }

    private void page(ServerRequest request, ServerResponse response) {
        AuditQuery asked =
                new AuditQuery(
                        text(request, "key"),
                        text(request, "issuer"),
                        text(request, "team"),
                        text(request, "user"),
                        text(request, "model"),
                        text(request, "route"),
                        text(request, "decision").map(AuditRoutes::decision),
                        text(request, "requestId"),
                        time(request, "since"),
                        time(request, "until"),
                        text(request, "limit")
                                .map(AuditRoutes::limit)
                                .orElse(AuditQuery.DEFAULT_LIMIT),
                        text(request, "cursor"));
        Bodies.send(response, store.page(asked, asked.cursor().map(Cursor::parse)));
    }

    private static Optional<String> text(ServerRequest request, String name) {
        return Optional.ofNullable(request.query().first(name).orElse(null));
    }

    private static Optional<Instant> time(ServerRequest request, String name) {
        return text(request, name)
                .map(given -> {
                    try {
                        return Instant.parse(given);
                    } catch (DateTimeException e) {
                        throw wrong(name, given, "a time such as 2027-01-31T12:00:00Z");
                    }
                });
    }

    private static String decision(String given) {
        if (!DECISIONS.contains(given)) {
            throw wrong("decision", given, String.join(" or ", DECISIONS));
        }
        return given;
    }

    private static int limit(String given) {
        try {
            int limit = Integer.parseInt(given);
            if (limit >= 1 && limit <= AuditQuery.MOST) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // Refused below.
        }
        throw wrong("limit", given, "1 to %d".formatted(AuditQuery.MOST));
    }

    private static TidemillException wrong(String name, String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: %s)".formatted(name, value, expected));
    }

    /// Answer of `POST`.
    record Added(int added) {}
}
