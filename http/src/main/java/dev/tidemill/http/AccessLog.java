package dev.tidemill.http;

/// Which requests are logged, one line each by the logger `access`: method, path, status,
/// milliseconds, request id, and trace id where the request is traced.
public enum AccessLog {
    OFF,
    /// Statuses of 400 and above, and answers that were cut off; at most
    /// [AccessLines#MAX_FAILURES_PER_SECOND], because an overload must not become a flood of lines.
    FAILURES,
    ALL
}
