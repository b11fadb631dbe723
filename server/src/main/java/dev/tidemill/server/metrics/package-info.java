/// Every metric of the server, once.
@NullMarked
package dev.tidemill.server.metrics;

import org.jspecify.annotations.NullMarked;
