/// What every process that listens for gRPC does alike: how its listener is set up,
/// `grpc.health.v1` and reflection, the encodings of messages, and the spans of calls.
@NullMarked
package dev.tidemill.grpc;

import org.jspecify.annotations.NullMarked;
