package dev.tidemill.server.modelconfig;

import java.util.List;

/// A configuration as read from a file or a request.
///
/// @param warnings about parts that have no effect here, one sentence each
public record ReadConfig(ModelConfig config, List<String> warnings) {
    public ReadConfig {
        warnings = List.copyOf(warnings);
    }

    /// For a model without a file.
    public static ReadConfig inferred(String name) {
        return new ReadConfig(ModelConfig.inferred(name), List.of());
    }
}
