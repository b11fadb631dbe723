/// An external-push scaler for KEDA: gRPC, with what the operator measures of a model.
@NullMarked
package dev.tidemill.operator.keda;

import org.jspecify.annotations.NullMarked;
