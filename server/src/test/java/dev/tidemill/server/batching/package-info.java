@NullMarked
package dev.tidemill.server.batching;

import org.jspecify.annotations.NullMarked;
