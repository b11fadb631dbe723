package dev.tidemill.client.control;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which entries of the audit log are wanted: those for which everything that is given holds.
///
/// @param since at it or later
/// @param until before it
/// @param limit of one page
/// @param cursor [AuditPage#next] of the page before
public record AuditQuery(
        Optional<String> key,
        Optional<String> issuer,
        Optional<String> team,
        Optional<String> user,
        Optional<String> model,
        Optional<String> route,
        Optional<String> decision,
        Optional<String> requestId,
        Optional<Instant> since,
        Optional<Instant> until,
        int limit,
        Optional<String> cursor) {
    public static final int DEFAULT_LIMIT = 100;
    public static final int MOST = 1000;

    /// The newest ones.
    public static final AuditQuery ALL =
            new AuditQuery(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    DEFAULT_LIMIT,
                    Optional.empty());

    public AuditQuery limit(int most) {
        return new AuditQuery(
                key, issuer, team, user, model, route, decision, requestId, since, until, most,
                cursor);
    }

    public AuditQuery after(String next) {
        return new AuditQuery(
                key,
                issuer,
                team,
                user,
                model,
                route,
                decision,
                requestId,
                since,
                until,
                limit,
                Optional.of(next));
    }

    public AuditQuery key(String name) {
        return new AuditQuery(
                Optional.of(name),
                issuer,
                team,
                user,
                model,
                route,
                decision,
                requestId,
                since,
                until,
                limit,
                cursor);
    }

    /// Values that must be equal, by their names in the API.
    public Map<String, String> equal() {
        Map<String, String> equal = new LinkedHashMap<>();
        key.ifPresent(value -> equal.put("key", value));
        issuer.ifPresent(value -> equal.put("issuer", value));
        team.ifPresent(value -> equal.put("team", value));
        user.ifPresent(value -> equal.put("user", value));
        model.ifPresent(value -> equal.put("model", value));
        route.ifPresent(value -> equal.put("route", value));
        decision.ifPresent(value -> equal.put("decision", value));
        requestId.ifPresent(value -> equal.put("requestId", value));
        return equal;
    }

    /// All of it as parameters of the API.
    Map<String, String> parameters() {
        Map<String, String> all = new LinkedHashMap<>(equal());
        since.ifPresent(value -> all.put("since", value.toString()));
        until.ifPresent(value -> all.put("until", value.toString()));
        cursor.ifPresent(value -> all.put("cursor", value));
        all.put("limit", String.valueOf(limit));
        return all;
    }

    /// Whether a record is one of those, but for limit and cursor.
    public boolean matches(AuditRecord record) {
        return since.map(time -> !record.at().isBefore(time)).orElse(true)
                && until.map(time -> record.at().isBefore(time)).orElse(true)
                && is(key, record.key())
                && is(issuer, record.issuer())
                && is(team, record.team())
                && is(user, record.user())
                && is(model, record.model())
                && is(route, record.route())
                && is(decision, Optional.of(record.decision()))
                && is(requestId, record.requestId());
    }

    private static boolean is(Optional<String> wanted, Optional<String> actual) {
        return wanted.isEmpty() || wanted.equals(actual);
    }
}
