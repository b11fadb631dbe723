package dev.tidemill.gateway.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A line of the audit log. Texts are empty and numbers absent where there is nothing to say.
///
/// @param id its own; request ids may be chosen by clients
/// @param at when the request came, `2026-11-21T10:00:00.123Z`
/// @param key the key's name, never the key
/// @param issuer of the token that told key and team; empty for keys of the file
/// @param user what the request's body calls its user
/// @param model as the client calls it
/// @param upstream the replica that answered
/// @param status that the client got; 499 when it left
/// @param decision see [Decision]
/// @param error why, where the gateway answered itself
/// @param inputTokens absent where none are known
/// @param estimated whether the upstream did not say and they were counted here
/// @param costMicros in millionths of the currency that prices are in
/// @param cache what the cache said: `hit`, `miss`, `bypass`, `semantic`
/// @param guardrails what they found
/// @param request the beginning of its body, where that was asked for
/// @param answer the beginning of its body, where that was asked for
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AuditEntry(
        String id,
        String at,
        String requestId,
        String key,
        String issuer,
        String team,
        String user,
        String address,
        String method,
        String path,
        String route,
        String model,
        String upstream,
        int status,
        String decision,
        String error,
        @Nullable Long inputTokens,
        @Nullable Long outputTokens,
        boolean estimated,
        @Nullable Long costMicros,
        double millis,
        String cache,
        List<String> guardrails,
        String request,
        String answer) {
    public AuditEntry {
        guardrails = List.copyOf(guardrails);
    }

    AuditEntry withoutPayload() {
        return new AuditEntry(
                id,
                at,
                requestId,
                key,
                issuer,
                team,
                user,
                address,
                method,
                path,
                route,
                model,
                upstream,
                status,
                decision,
                error,
                inputTokens,
                outputTokens,
                estimated,
                costMicros,
                millis,
                cache,
                guardrails,
                "",
                "");
    }
}
