package dev.tidemill.operator.status;

import java.util.Locale;

/// What the API server answered when something was to be applied.
///
/// @param object such as `deployment/digits-server`
/// @param code of HTTP; 0 when there was no answer
/// @param message the server's own words
public record Refusal(String object, int code, String message) {
    /// One word, and what to do.
    Trouble trouble() {
        String text = message.toLowerCase(Locale.ROOT);
        if (text.contains("exceeded quota")) {
            return trouble(
                    "QuotaExceeded", "raise the ResourceQuota of the namespace, or ask for less");
        }
        if (text.contains("being terminated") || text.contains("namespaceterminating")) {
            return trouble("NamespaceTerminating", "wait until the namespace is gone");
        }
        return switch (code) {
            case 0 -> trouble("ApiServerSilent", "nothing: it is tried again");
            case 401, 403 ->
                    trouble(
                            "Forbidden",
                            "give the operator this right: tidemill render --operator has its role");
            case 404 ->
                    trouble(
                            "KindUnknown",
                            "install what brings this kind and restart the operator, or take the key"
                                    + " that asks for it out");
            case 409 ->
                    trouble(
                            "AlreadyThere",
                            "somebody else made an object of this name; remove it, or name the"
                                    + " resource otherwise");
            case 422 -> trouble("Refused", "change the spec; the API server says why");
            case 429, 500, 502, 503, 504 -> trouble("ApiServerBusy", "nothing: it is tried again");
            default -> trouble("Refused", "see what the API server says");
        };
    }

    private Trouble trouble(String reason, String advice) {
        return new Trouble(reason, object + ": " + message, advice);
    }
}
