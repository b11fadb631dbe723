@NullMarked
package dev.tidemill.server.protocol.tfserving;

import org.jspecify.annotations.NullMarked;
