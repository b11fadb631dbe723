/// Where a request goes and whether it goes again: picking a replica, retrying, matching paths.
/// Data in, decision and reason out; nothing here does I/O, logs or reads a clock.
@NullMarked
package dev.tidemill.routing;

import org.jspecify.annotations.NullMarked;
