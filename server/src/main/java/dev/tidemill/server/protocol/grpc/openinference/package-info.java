/// `inference.GRPCInferenceService`: the Open Inference Protocol, version 2, over gRPC, with
/// Triton's extensions. Tensors that came raw are answered raw, typed ones typed.
@NullMarked
package dev.tidemill.server.protocol.grpc.openinference;

import org.jspecify.annotations.NullMarked;
