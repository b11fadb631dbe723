package dev.tidemill.operator.scale;

import dev.tidemill.spec.App;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.SpecParser;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Pools as files have them.
final class Pools {
    private Pools() {}

    /// @param scaling as it is written
    static Replicated portal(String scaling) {
        String document =
                """
                {apiVersion: tidemill.dev/v1alpha1, kind: App, metadata: {name: portal},
                 spec: {image: portal, scaling: %s}}
                """
                        .formatted(scaling);
        return new Replicated.OfApp(
                (App)
                        SpecParser.parse("f", document.getBytes(StandardCharsets.UTF_8))
                                .orThrow()
                                .getFirst());
    }

    /// @param scaling as it is written
    static ModelPool digits(String scaling) {
        String document =
                """
                {apiVersion: tidemill.dev/v1alpha1, kind: Model, metadata: {name: digits},
                 spec: {source: digits, scaling: %s}}
                """
                        .formatted(scaling);
        Model model =
                (Model)
                        SpecParser.parse("f", document.getBytes(StandardCharsets.UTF_8))
                                .orThrow()
                                .getFirst();
        return new ModelPool(List.of(model));
    }
}
