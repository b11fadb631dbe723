/// The gRPC edge: one Netty server on its own ports, and how a call becomes a function from a
/// request to an answer. What the functions are is in a package below for each protocol. Nothing
/// outside of here knows gRPC, and a server without a gRPC port loads none of it.
@NullMarked
package dev.tidemill.server.protocol.grpc;

import org.jspecify.annotations.NullMarked;
