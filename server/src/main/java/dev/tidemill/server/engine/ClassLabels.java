package dev.tidemill.server.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// The names of a model's classes.
///
/// @param byOutput by output with scores, and there by column
record ClassLabels(Map<String, List<String>> byOutput) {
    ClassLabels {
        byOutput = Map.copyOf(byOutput);
    }

    /// Of an output, by column; empty when it has none.
    List<String> of(String output) {
        return byOutput.getOrDefault(output, List.of());
    }

    /// The output with the scores; empty when it is no classifier, or has several.
    String scores() {
        return byOutput.size() == 1 ? byOutput.keySet().iterator().next() : "";
    }

    /// In UTF-8, by column of [#scores]; empty when it is no classifier.
    List<byte[]> utf8() {
        return of(scores()).stream().map(label -> label.getBytes(StandardCharsets.UTF_8)).toList();
    }
}
