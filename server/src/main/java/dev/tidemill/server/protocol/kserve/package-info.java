/// KServe's first protocol, which shares its paths with TensorFlow Serving's and is spoken instead
/// of it where the configuration says so. Source: `kserve/docs/predict-api/v1` and the behaviour of
/// KServe's Python server.
@NullMarked
package dev.tidemill.server.protocol.kserve;

import org.jspecify.annotations.NullMarked;
