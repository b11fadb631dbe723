/// Upstreams that speak Anthropic's Messages API, for clients that speak OpenAI's chat completions:
/// requests there, answers, streams and errors back. Here, and only here, bodies are read as trees.
@NullMarked
package dev.tidemill.gateway.anthropic;

import org.jspecify.annotations.NullMarked;
