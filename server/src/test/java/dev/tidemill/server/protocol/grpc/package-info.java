@NullMarked
package dev.tidemill.server.protocol.grpc;

import org.jspecify.annotations.NullMarked;
