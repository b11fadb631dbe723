@NullMarked
package dev.tidemill.gateway.guard;

import org.jspecify.annotations.NullMarked;
