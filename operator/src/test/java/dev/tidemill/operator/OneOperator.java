package dev.tidemill.operator;

import dev.tidemill.operator.fake.FakeApiServer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// An operator of all namespaces, which leads.
final class OneOperator {
    private OneOperator() {}

    /// @return started
    static OperatorProcess of(FakeApiServer api) {
        OperatorProcess process =
                new OperatorProcess(
                        new OperatorConfig(
                                "127.0.0.1", 0, Set.of(), Optional.empty(), "test", "0.1.0"),
                        (_, _, _, _) -> "{}",
                        api.client(),
                        Duration.ofMillis(50),
                        () -> {});
        process.start();
        return process;
    }
}
