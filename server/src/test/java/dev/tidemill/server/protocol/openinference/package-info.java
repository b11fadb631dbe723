@NullMarked
package dev.tidemill.server.protocol.openinference;

import org.jspecify.annotations.NullMarked;
