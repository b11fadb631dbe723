@NullMarked
package dev.tidemill.server.protocol.grpc.tfserving;

import org.jspecify.annotations.NullMarked;
