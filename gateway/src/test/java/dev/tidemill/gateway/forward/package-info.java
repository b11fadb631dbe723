@NullMarked
package dev.tidemill.gateway.forward;

import org.jspecify.annotations.NullMarked;
