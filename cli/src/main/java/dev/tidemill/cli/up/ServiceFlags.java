package dev.tidemill.cli.up;

import java.util.List;

/// JVM flags of the processes that there is one of.
final class ServiceFlags {
    /// Room for a training: the data set, its features, and the folds' models.
    static final List<String> CONTROL = List.of("-Xmx512m", "-Xss1m");

    /// For processes that live long. The start-up cache remembers how methods were compiled when it
    /// was recorded, with the quick compiler alone, and the JVM would keep to that for ever: a
    /// model server then does a third of its work (docs/adr/0013).
    static final List<String> COMPILED_ANEW =
            List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTReplayTraining");

    /// As the launcher's for a gateway of its own.
    static final List<String> GATEWAY =
            List.of(
                    "-Xmx128m",
                    "-Xms32m",
                    "-Xss512k",
                    "-Djdk.pollerMode=1",
                    COMPILED_ANEW.get(0),
                    COMPILED_ANEW.get(1));

    private ServiceFlags() {}
}
