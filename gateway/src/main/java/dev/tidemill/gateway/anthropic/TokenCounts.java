package dev.tidemill.gateway.anthropic;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an answer says of its tokens. There, those that were read from the cache or written to it
/// are not among the input; here they are.
///
/// @param input neither read from the cache nor written to it
record TokenCounts(long input, long written, long read, long output) {
    static final TokenCounts NONE = new TokenCounts(0, 0, 0, 0);

    /// With what `usage` says, which in a stream comes in parts.
    TokenCounts with(JsonNode usage) {
        return new TokenCounts(
                usage.path("input_tokens").asLong(input),
                usage.path("cache_creation_input_tokens").asLong(written),
                usage.path("cache_read_input_tokens").asLong(read),
                usage.path("output_tokens").asLong(output));
    }

    ObjectNode json() {
        long prompt = input + written + read;
        ObjectNode usage =
                MessagesRequest.JSON
                        .createObjectNode()
                        .put("prompt_tokens", prompt)
                        .put("completion_tokens", output)
                        .put("total_tokens", prompt + output);
        usage.putObject("prompt_tokens_details")
                .put("cached_tokens", read)
                .put("cache_write_tokens", written);
        return usage;
    }
}
