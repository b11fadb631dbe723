package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import dev.tidemill.guardrails.Look;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a gateway does with requests and answers beside passing them on.
///
/// @param audit empty: nothing is written down
/// @param guardrails a request passes all that are about it, in this order
/// @param caches the first that is about a request is asked
public record GatewayAnswers(
        Optional<Audit> audit, List<Guardrail> guardrails, List<Cache> caches) {
    public static final GatewayAnswers NONE =
            new GatewayAnswers(Optional.empty(), List.of(), List.of());

    public GatewayAnswers {
        guardrails = List.copyOf(guardrails);
        caches = List.copyOf(caches);
    }

    /// Who asked for what.
    ///
    /// @param file for a gateway that runs alone; relative to the folder of the resource file
    /// @param maxFileSize of one file, about
    /// @param keep full files beside the current one
    /// @param payloadPercent of the requests, whose texts are written down too
    /// @param maxPayload of the request, and of the answer
    /// @param maxAge that control keeps, as are the next two
    /// @param maxSize of all records together, about
    public record Audit(
            String file,
            ByteSize maxFileSize,
            int keep,
            double payloadPercent,
            ByteSize maxPayload,
            Duration maxAge,
            long maxRecords,
            ByteSize maxSize) {}

    /// Which requests a rule is about; every one of those lists stands for all when it is empty.
    public record Scope(
            List<String> keys, List<String> teams, List<String> models, List<String> routes) {
        public static final Scope ALL = new Scope(List.of(), List.of(), List.of(), List.of());

        public Scope {
            keys = List.copyOf(keys);
            teams = List.copyOf(teams);
            models = List.copyOf(models);
            routes = List.copyOf(routes);
        }
    }

    /// Bounds, and what must not pass.
    ///
    /// @param clamp whether a request for a longer answer is made to ask for a shorter one
    public record Guardrail(
            String name,
            Scope scope,
            Optional<Long> maxInputTokens,
            Optional<Integer> maxMessages,
            Optional<Long> maxOutputTokens,
            boolean clamp,
            List<Pattern> patterns) {
        public Guardrail {
            patterns = List.copyOf(patterns);
        }
    }

    /// What is looked for: one of `named`, `regex` and `plugin`.
    ///
    /// @param window the longest text that a `regex` finds
    public record Pattern(
            Optional<String> named,
            Optional<String> regex,
            Optional<String> plugin,
            List<String> settings,
            Set<Side> on,
            Look.Action action,
            Optional<String> replacement,
            int window) {
        public Pattern {
            settings = List.copyOf(settings);
            on = Set.copyOf(on);
        }
    }

    /// Answers that are given again.
    ///
    /// @param always whether answers are kept that another time would be different
    /// @param maxSize of all answers together
    /// @param maxEntrySize of one
    /// @param semantic empty: only the same question has the same answer
    public record Cache(
            String name,
            Scope scope,
            Per per,
            boolean always,
            Duration ttl,
            int maxEntries,
            ByteSize maxSize,
            ByteSize maxEntrySize,
            Optional<Semantic> semantic) {}

    /// Whom an answer is kept for.
    public enum Per {
        KEY,
        TEAM,

        /// Everybody.
        SHARED
    }

    /// Questions that mean the same have the same answer.
    ///
    /// @param model that makes embeddings, as clients call it
    /// @param threshold the least cosine
    public record Semantic(String model, double threshold) {}

    public enum Side {
        /// Requests.
        INPUT,

        /// Answers.
        OUTPUT
    }
}
