@NullMarked
package dev.tidemill.gateway.grpc;

import org.jspecify.annotations.NullMarked;
