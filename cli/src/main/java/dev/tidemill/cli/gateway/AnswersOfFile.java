package dev.tidemill.cli.gateway;

import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.spec.GatewayAnswers;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// Says what a file says of requests and answers in the gateway's own words.
///
/// @param folder that paths in the file are relative to
record AnswersOfFile(GatewayAnswers answers, Path folder, Control control) {
    AnswerRules rules() {
        return new AnswerRules(answers.audit().map(this::audit));
    }

    private AnswerRules.Audit audit(GatewayAnswers.Audit audit) {
        Optional<String> file =
                switch (control) {
                    case Control.None() ->
                            Optional.of(folder.resolve(audit.file()).toAbsolutePath().toString());
                    case Control.Beside _ -> Optional.empty();
                };
        Optional<URI> address =
                switch (control) {
                    case Control.None() -> Optional.empty();
                    case Control.Beside(Optional<URI> at) -> at;
                };
        return new AnswerRules.Audit(
                file,
                address,
                audit.maxFileSize().bytes(),
                audit.keep(),
                audit.payloadPercent() / 100,
                (int) audit.maxPayload().bytes());
    }
}
