package dev.tidemill.client.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a gateway wrote down of one request. Texts are empty where there is nothing to say.
///
/// @param id its own; request ids may be chosen by clients
/// @param at when the request came
/// @param key the key's name, never the key
/// @param issuer of the token that told key and team; empty for keys of the gateway's file
/// @param user what the request's body calls its user
/// @param status that the client got; 499 when it left
/// @param decision `allowed`, `cached`, `flagged`, `redacted`, `invalid`, `limited`, `denied` or
///   `refused`
/// @param error why, where the gateway answered itself
/// @param estimated whether the upstream did not tell its tokens and the gateway counted
/// @param costMicros in millionths of the currency that prices are in
/// @param cache `hit`, `miss`, `bypass` or `semantic`
/// @param guardrails what they found
/// @param request the beginning of its body, where that was asked for
/// @param answer the beginning of its body, where that was asked for
public record AuditRecord(
        String id,
        Instant at,
        Optional<String> requestId,
        Optional<String> key,
        Optional<String> issuer,
        Optional<String> team,
        Optional<String> user,
        Optional<String> address,
        Optional<String> method,
        Optional<String> path,
        Optional<String> route,
        Optional<String> model,
        Optional<String> upstream,
        int status,
        String decision,
        Optional<String> error,
        Optional<Long> inputTokens,
        Optional<Long> outputTokens,
        boolean estimated,
        Optional<Long> costMicros,
        double millis,
        Optional<String> cache,
        Optional<List<String>> guardrails,
        Optional<String> request,
        Optional<String> answer) {
    public AuditRecord {
        guardrails = guardrails.map(List::copyOf);
    }
}
