@NullMarked
package dev.tidemill.server.payload;

import org.jspecify.annotations.NullMarked;
