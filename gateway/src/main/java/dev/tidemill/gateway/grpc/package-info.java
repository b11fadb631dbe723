/// gRPC through the gateway: the calls of the Open Inference Protocol and of TensorFlow Serving go
/// to the replicas of the model that their message names. Messages are passed on as bytes; only
/// that name is read, and written anew where the route calls the model otherwise.
/// [dev.tidemill.gateway.grpc.GrpcEdge] listens, `InferenceCalls` and `StreamCalls` take calls to
/// their end, `Attempts` decides who is asked, `Channels` holds the connections.
@NullMarked
package dev.tidemill.gateway.grpc;

import org.jspecify.annotations.NullMarked;
