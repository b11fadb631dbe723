package dev.tidemill.runtimes.spi;

/// Pre- or post-processing written in Java, which the model server serves like a model: alone, with
/// batching and statistics, or as a step of an ensemble.
///
/// Users' own are found by `java.util.ServiceLoader` on the class path: a jar with the class and a
/// file `META-INF/services/dev.tidemill.runtimes.spi.ServerFunction` that names it.
public interface ServerFunction {
    /// As the parameter `function` of a model's configuration says it; letters, digits and `_`.
    String name();

    /// Makes one for a model. Its specs say what goes in and out, first dimension -1 when rows are
    /// independent of one another, so that the server may join callers; its `run` may be called
    /// from many threads.
    ///
    /// @param parameters of the model's configuration; the ones not asked for are mistakes
    /// @throws IllegalArgumentException when they do not make sense
    LoadedModel open(FunctionParameters parameters);
}
