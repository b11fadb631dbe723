/// The Open Inference Protocol, version 2, as JSON over HTTP.
@NullMarked
package dev.tidemill.server.protocol.openinference;

import org.jspecify.annotations.NullMarked;
