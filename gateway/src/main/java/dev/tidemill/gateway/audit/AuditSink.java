package dev.tidemill.gateway.audit;

import java.io.IOException;
import java.util.List;

/// Where the audit log goes. Used by one thread.
interface AuditSink extends AutoCloseable {
    /// Keeps all of them, or throws and keeps none or some: they are given again then.
    void write(List<AuditEntry> entries) throws IOException, InterruptedException;

    @Override
    void close();
}
