@NullMarked
package dev.tidemill.server.metrics.gpu;

import org.jspecify.annotations.NullMarked;
