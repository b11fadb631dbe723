@NullMarked
package dev.tidemill.server.protocol.grpc.openinference;

import org.jspecify.annotations.NullMarked;
