package dev.tidemill.gateway.anthropic;

/// What a file says of an upstream that speaks the Messages API.
///
/// @param maxTokens of an answer, where the client does not say: that API wants to know
/// @param cachesPrompts whether the provider is asked to keep prompts for the next request
/// @param cachesLonger for an hour, and not for five minutes
public record AnthropicRules(long maxTokens, boolean cachesPrompts, boolean cachesLonger) {}
