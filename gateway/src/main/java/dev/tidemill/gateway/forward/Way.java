package dev.tidemill.gateway.forward;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.anthropic.AnthropicExchange;
import dev.tidemill.gateway.anthropic.AnthropicRules;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.upstream.AttemptFailed;
import dev.tidemill.gateway.upstream.OutgoingRequest;
import dev.tidemill.routing.FailureKind;
import io.helidon.webserver.CloseConnectionException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// How a request goes to one target and its answer back: as they are, or in another provider's
/// words.
///
/// @param refused why it cannot go there
/// @param exchange null when nothing is translated
record Way(
        @Nullable OutgoingRequest sent,
        Outcome.@Nullable Refused refused,
        @Nullable AnthropicExchange exchange) {
    static Way of(
            Inbound inbound, Destination stage, Destination.Target target, InstantSource clock) {
        AnthropicRules rules = target.anthropic();
        Destination.Elsewhere elsewhere = target.elsewhere();
        if (rules == null || elsewhere == null) {
            return new Way(inbound.to(stage, target), null, null);
        }
        if (!AnthropicExchange.answers(inbound.path())) {
            return refused(
                    "path: '%s' (expected: /v1/chat/completions, which is all that this model's provider has)"
                            .formatted(inbound.path()));
        }
        if (!AnthropicExchange.translates(inbound.path()) || inbound.model() == null) {
            return new Way(inbound.to(stage, target), null, null);
        }
        try {
            AnthropicExchange exchange =
                    AnthropicExchange.begin(
                            inbound.body(),
                            target.as(),
                            rules,
                            inbound.askUsage() || inbound.model().wantsUsage(),
                            clock.instant().getEpochSecond());
            return new Way(inbound.toMessages(elsewhere, exchange), null, exchange);
        } catch (TidemillException e) {
            return refused(String.valueOf(e.getMessage()));
        }
    }

    OutgoingRequest request() {
        if (sent == null) {
            throw new IllegalStateException("refused");
        }
        return sent;
    }

    /// The outcome as the client knows it.
    Outcome back(Outcome outcome) {
        if (exchange == null || !(outcome instanceof Outcome.Answered answered)) {
            return outcome;
        }
        try {
            return new Outcome.Answered(
                    answered.replica(), exchange.translate(answered.answer()), answered.last());
        } catch (AttemptFailed e) {
            if (e.kind() == FailureKind.CLIENT_LEFT) {
                throw new CloseConnectionException("the client left", e);
            }
            return new Outcome.Refused(
                    ErrorCode.UPSTREAM_FAILED, "the upstream broke off its answer");
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(
                    ErrorCode.UPSTREAM_FAILED,
                    "the upstream's answer is no message: " + e.getMessage());
        }
    }

    private static Way refused(String message) {
        return new Way(null, new Outcome.Refused(ErrorCode.INVALID_REQUEST, message), null);
    }
}
