package dev.tidemill.gateway.anthropic;

/// Why an answer ended, in OpenAI's words.
final class StopReason {
    private StopReason() {}

    /// @param answersByTool whether its only tool is what makes it fit a schema
    static String of(String reason, boolean answersByTool) {
        return switch (reason) {
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "tool_use" -> answersByTool ? "stop" : "tool_calls";
            case "refusal" -> "content_filter";
            // end_turn, stop_sequence, pause_turn, and whatever comes in future.
            default -> "stop";
        };
    }
}
