package dev.tidemill.gateway.config;

import java.net.URI;
import java.util.Optional;

/// What a gateway does with requests and answers beside passing them on.
///
/// @param audit empty: nothing is written down
public record AnswerRules(Optional<Audit> audit) {
    public static final AnswerRules NONE = new AnswerRules(Optional.empty());

    /// Who asked for what is written down, to one of two places.
    ///
    /// @param file absolute; empty when it goes to control
    /// @param control where its API is; empty when it goes to a file, or control is not there yet
    /// @param maxFileBytes of one file, about
    /// @param keep full files beside the current one
    /// @param payloadShare of the requests, from 0 to 1, whose texts are written down too
    /// @param maxPayloadBytes of the request, and of the answer
    public record Audit(
            Optional<String> file,
            Optional<URI> control,
            long maxFileBytes,
            int keep,
            double payloadShare,
            int maxPayloadBytes) {}
}
