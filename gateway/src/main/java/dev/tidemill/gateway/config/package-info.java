/// The gateway's configuration line.
@NullMarked
package dev.tidemill.gateway.config;

import org.jspecify.annotations.NullMarked;
