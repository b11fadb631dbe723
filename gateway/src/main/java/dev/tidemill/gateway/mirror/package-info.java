/// Copies of requests whose answers nobody gets, whatever is sent over whatever protocol.
@NullMarked
package dev.tidemill.gateway.mirror;

import org.jspecify.annotations.NullMarked;
