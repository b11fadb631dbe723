package dev.tidemill.cli.gateway;

import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.spec.GatewayAnswers;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Says what a file says of requests and answers in the gateway's own words.
///
/// @param folder that paths in the file are relative to
record AnswersOfFile(GatewayAnswers answers, Path folder, Control control) {
    AnswerRules rules() {
        return new AnswerRules(
                answers.audit().map(this::audit),
                answers.guardrails().stream().map(AnswersOfFile::guard).toList(),
                answers.caches().stream().map(AnswersOfFile::cache).toList());
    }

    private static AnswerRules.Cache cache(GatewayAnswers.Cache cache) {
        return new AnswerRules.Cache(
                cache.name(),
                scope(cache.scope()),
                cache.per().name().toLowerCase(Locale.ROOT),
                cache.always(),
                cache.ttl().toMillis(),
                cache.maxEntries(),
                cache.maxSize().bytes(),
                (int) cache.maxEntrySize().bytes(),
                cache.semantic().map(s -> new AnswerRules.Semantic(s.model(), s.threshold())));
    }

    private static AnswerRules.Guard guard(GatewayAnswers.Guardrail guardrail) {
        return new AnswerRules.Guard(
                guardrail.name(),
                scope(guardrail.scope()),
                guardrail.maxInputTokens(),
                guardrail.maxMessages(),
                guardrail.maxOutputTokens(),
                guardrail.clamp(),
                guardrail.patterns().stream().map(AnswersOfFile::pattern).toList());
    }

    private static AnswerRules.Pattern pattern(GatewayAnswers.Pattern pattern) {
        return new AnswerRules.Pattern(
                pattern.named(),
                pattern.regex(),
                pattern.plugin(),
                pattern.settings(),
                pattern.window(),
                pattern.on().contains(GatewayAnswers.Side.INPUT),
                pattern.on().contains(GatewayAnswers.Side.OUTPUT),
                pattern.action().name().toLowerCase(Locale.ROOT),
                pattern.replacement());
    }

    private static AnswerRules.Scope scope(GatewayAnswers.Scope scope) {
        return new AnswerRules.Scope(scope.keys(), scope.teams(), scope.models(), scope.routes());
    }

    private AnswerRules.Audit audit(GatewayAnswers.Audit audit) {
        Optional<String> file =
                switch (control) {
                    case Control.None() ->
                            Optional.of(folder.resolve(audit.file()).toAbsolutePath().toString());
                    case Control.Beside _ -> Optional.empty();
                };
        Optional<String> token =
                switch (control) {
                    case Control.None() -> Optional.empty();
                    case Control.Beside beside -> beside.tokenFile();
                };
        Optional<URI> address =
                switch (control) {
                    case Control.None() -> Optional.empty();
                    case Control.Beside beside -> beside.address();
                };
        return new AnswerRules.Audit(
                file,
                address,
                token,
                audit.maxFileSize().bytes(),
                audit.keep(),
                audit.payloadPercent() / 100,
                (int) audit.maxPayload().bytes());
    }
}
