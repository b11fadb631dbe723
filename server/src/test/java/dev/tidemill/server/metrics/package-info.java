@NullMarked
package dev.tidemill.server.metrics;

import org.jspecify.annotations.NullMarked;
