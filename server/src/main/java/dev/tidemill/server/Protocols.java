package dev.tidemill.server;

import dev.tidemill.http.Readiness;
import dev.tidemill.http.RouteSet;
import dev.tidemill.server.protocol.Inference;
import dev.tidemill.server.protocol.kserve.KserveRoutes;
import dev.tidemill.server.protocol.openinference.ExtensionRoutes;
import dev.tidemill.server.protocol.openinference.OpenInferenceRoutes;
import dev.tidemill.server.protocol.predict.PredictRoutes;
import dev.tidemill.server.protocol.tfserving.TfServingRoutes;
import dev.tidemill.server.repository.ModelRepository;
import java.util.List;

/// Every protocol that the server speaks: a new one is a package below `protocol` and a line below.
final class Protocols {
    private Protocols() {}

    /// Those asked for most come first.
    static List<RouteSet> all(
            ModelRepository models, Inference inference, Readiness readiness, V1Flavour flavour) {
        return List.of(
                new OpenInferenceRoutes(
                        models,
                        inference,
                        readiness,
                        new ExtensionRoutes(models, inference, System::currentTimeMillis)),
                switch (flavour) {
                    case TFSERVING -> new TfServingRoutes(models, inference);
                    case KSERVE -> new KserveRoutes(models, inference);
                },
                new PredictRoutes(models, inference, readiness));
    }
}
