package dev.tidemill.spec;

import dev.tidemill.spec.yaml.MappingCursor;
import java.util.Optional;

/// Reads what a gateway does with requests and answers beside passing them on.
final class AnswerReader {
    private AnswerReader() {}

    /// @param scopes knows the gateway's routes, keys and teams
    static GatewayAnswers read(MappingCursor spec, ScopeReader scopes) {
        return new GatewayAnswers(
                audit(spec),
                new GuardReader(scopes).read(spec.children(GuardKeys.GUARDRAILS)),
                new CacheReader(scopes).read(spec.children(CacheKeys.CACHES)));
    }

    private static Optional<GatewayAnswers.Audit> audit(MappingCursor spec) {
        MappingCursor audit = spec.child(AnswerKeys.AUDIT);
        GatewayAnswers.Audit read =
                new GatewayAnswers.Audit(
                        audit.get(AnswerKeys.FILE),
                        audit.get(AnswerKeys.MAX_FILE_SIZE),
                        audit.get(AnswerKeys.KEEP),
                        audit.get(AnswerKeys.PAYLOAD_PERCENT),
                        audit.get(AnswerKeys.MAX_PAYLOAD),
                        audit.get(AnswerKeys.MAX_AGE),
                        audit.get(AnswerKeys.MAX_RECORDS),
                        audit.get(AnswerKeys.MAX_SIZE));
        return spec.has(AnswerKeys.AUDIT) ? Optional.of(read) : Optional.empty();
    }
}
