package dev.tidemill.operator.status;

/// One condition of a resource, by Kubernetes' conventions.
///
/// @param type `Ready`, `Progressing` or `Degraded`; of a training also `Running`, `Succeeded` or
///   `Failed`
/// @param status `True`, `False` or `Unknown`
/// @param reason one word for programs
/// @param message what is, and what to do
public record Condition(String type, String status, String reason, String message) {
    static final String READY = "Ready";
    static final String PROGRESSING = "Progressing";
    static final String DEGRADED = "Degraded";
    static final String RUNNING = "Running";
    static final String SUCCEEDED = "Succeeded";
    static final String FAILED = "Failed";

    static Condition yes(String type, String reason, String message) {
        return new Condition(type, "True", reason, message);
    }

    static Condition no(String type, String reason, String message) {
        return new Condition(type, "False", reason, message);
    }
}
