package dev.tidemill.spec;

import dev.tidemill.spec.yaml.MappingCursor;
import java.util.Optional;

/// Reads what a gateway does with requests and answers beside passing them on.
final class AnswerReader {
    private AnswerReader() {}

    static GatewayAnswers read(MappingCursor spec) {
        return new GatewayAnswers(audit(spec));
    }

    private static Optional<GatewayAnswers.Audit> audit(MappingCursor spec) {
        MappingCursor audit = spec.child(AnswerKeys.AUDIT);
        GatewayAnswers.Audit read =
                new GatewayAnswers.Audit(
                        audit.get(AnswerKeys.FILE),
                        audit.get(AnswerKeys.MAX_FILE_SIZE),
                        audit.get(AnswerKeys.KEEP),
                        audit.get(AnswerKeys.PAYLOAD_PERCENT),
                        audit.get(AnswerKeys.MAX_PAYLOAD));
        return spec.has(AnswerKeys.AUDIT) ? Optional.of(read) : Optional.empty();
    }
}
