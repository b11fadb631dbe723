package dev.tidemill.gateway.openai;

/// Which paths are OpenAI's.
public final class OpenAiPaths {
    public static final String PREFIX = "/v1/";

    private static final String MODELS = "/v1/models";
    private static final String RESPONSES = "/v1/responses";
    private static final String EMBEDDINGS = "/v1/embeddings";

    private OpenAiPaths() {}

    /// Whether the body of a POST there says which model it is for.
    public static boolean isByBody(String path) {
        return path.startsWith(PREFIX) && !isModels(path);
    }

    public static boolean isModels(String path) {
        return path.startsWith(MODELS)
                && (path.length() == MODELS.length() || path.charAt(MODELS.length()) == '/');
    }

    public static boolean isEmbeddings(String path) {
        return path.equals(EMBEDDINGS);
    }

    public static boolean isResponses(String path) {
        return path.equals(RESPONSES);
    }

    /// Whether a stream there takes `stream_options`.
    public static boolean hasStreamOptions(String path) {
        return path.equals("/v1/chat/completions") || path.equals("/v1/completions");
    }

    /// What OpenTelemetry's conventions call what is done there; empty where they have no word.
    public static String operation(String path) {
        return switch (path) {
            case "/v1/chat/completions", RESPONSES -> "chat";
            case "/v1/completions" -> "text_completion";
            case EMBEDDINGS -> "embeddings";
            default -> "";
        };
    }

    /// Whether errors there have OpenAI's form. Below `/v1/models/NAME` and with TensorFlow
    /// Serving's verbs it is TensorFlow Serving's.
    public static boolean hasErrorForm(String path) {
        if (!isModels(path)) {
            return path.startsWith(PREFIX);
        }
        return !path.endsWith(":predict")
                && !path.endsWith(":classify")
                && !path.endsWith(":regress")
                && !path.contains("/versions/")
                && !path.contains("/labels/")
                && !path.endsWith("/metadata");
    }
}
