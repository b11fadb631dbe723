package dev.tidemill.gateway.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// What a gateway does with requests and answers beside passing them on.
///
/// @param audit empty: nothing is written down
/// @param guards all that are about a request look at it, in this order
/// @param caches the first that is about a request is asked
public record AnswerRules(Optional<Audit> audit, List<Guard> guards, List<Cache> caches) {
    public static final AnswerRules NONE = new AnswerRules(Optional.empty(), List.of(), List.of());

    public AnswerRules {
        guards = List.copyOf(guards);
        caches = List.copyOf(caches);
    }

    /// Who asked for what is written down, to one of two places.
    ///
    /// @param file absolute; empty when it goes to control
    /// @param control where its API is; empty when it goes to a file, or control is not there yet
    /// @param tokenFile of what control asks for, absolute; empty when it asks for nothing
    /// @param maxFileBytes of one file, about
    /// @param keep full files beside the current one
    /// @param payloadShare of the requests, from 0 to 1, whose texts are written down too
    /// @param maxPayloadBytes of the request, and of the answer
    public record Audit(
            Optional<String> file,
            Optional<URI> control,
            Optional<String> tokenFile,
            long maxFileBytes,
            int keep,
            double payloadShare,
            int maxPayloadBytes) {}

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

        public boolean isAbout(String key, String team, String model, String route) {
            return isIn(keys, key)
                    && isIn(teams, team)
                    && isIn(models, model)
                    && isIn(routes, route);
        }

        private static boolean isIn(List<String> wanted, String actual) {
            return wanted.isEmpty() || wanted.contains(actual);
        }
    }

    /// A cache of answers.
    ///
    /// @param per whom an answer is kept for: `key`, `team` or `shared`
    /// @param always whether answers are kept that another time would be different
    /// @param maxBytes of all answers together
    /// @param maxEntryBytes of one
    /// @param semantic empty: only the same question has the same answer
    public record Cache(
            String name,
            Scope scope,
            String per,
            boolean always,
            long ttlMillis,
            int maxEntries,
            long maxBytes,
            int maxEntryBytes,
            Optional<Semantic> semantic) {}

    /// Questions that mean the same have the same answer.
    ///
    /// @param model that makes embeddings, as clients call it
    /// @param threshold the least cosine
    public record Semantic(String model, double threshold) {}

    /// A guardrail.
    ///
    /// @param maxInputTokens as they are estimated
    /// @param clamp whether a longer answer is asked to be shorter, and not refused
    public record Guard(
            String name,
            Scope scope,
            Optional<Long> maxInputTokens,
            Optional<Integer> maxMessages,
            Optional<Long> maxOutputTokens,
            boolean clamp,
            List<Pattern> patterns) {
        public Guard {
            patterns = List.copyOf(patterns);
        }
    }

    /// What is looked for; one of `named`, `regex` and `plugin`.
    ///
    /// @param window the longest finding of a `regex`
    /// @param input whether requests are looked at
    /// @param output whether answers are looked at
    /// @param action `redact`, `refuse` or `flag`
    public record Pattern(
            Optional<String> named,
            Optional<String> regex,
            Optional<String> plugin,
            List<String> settings,
            int window,
            boolean input,
            boolean output,
            String action,
            Optional<String> replacement) {
        public Pattern {
            settings = List.copyOf(settings);
        }
    }
}
