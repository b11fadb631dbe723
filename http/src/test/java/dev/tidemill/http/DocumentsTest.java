package dev.tidemill.http;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.http.tls.Identity;
import dev.tidemill.testkit.GeneratedDocument;
import org.junit.jupiter.api.Test;

final class DocumentsTest {
    @Test
    void every_error_code_is_documented() {
        StringBuilder table =
                new StringBuilder("| code | kind | HTTP | gRPC | when |\n|---|---|---|---|---|\n");
        for (ErrorCode code : ErrorCode.values()) {
            table.append(
                    "| `%s` | %s | %d | %d | %s |\n"
                            .formatted(
                                    code,
                                    code.kind(),
                                    code.httpStatus(),
                                    code.grpcStatus(),
                                    code.description()));
        }
        GeneratedDocument.assertSection("docs/errors.md", "codes", table.toString());
    }

    @Test
    void every_metric_is_documented() {
        GeneratedDocument.assertSection("docs/metrics.md", "http", MetricName.table(Metrics.NAMES));
        GeneratedDocument.assertSection(
                "docs/metrics.md", "identity", MetricName.table(Identity.NAMES));
    }
}
