/// TensorFlow Serving over gRPC: `PredictionService` and `ModelService`. What a signature, a
/// version and an example mean is in [dev.tidemill.server.protocol.tfserving].
@NullMarked
package dev.tidemill.server.protocol.grpc.tfserving;

import org.jspecify.annotations.NullMarked;
