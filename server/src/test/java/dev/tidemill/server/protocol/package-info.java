@NullMarked
package dev.tidemill.server.protocol;

import org.jspecify.annotations.NullMarked;
