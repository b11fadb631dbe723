@NullMarked
package dev.tidemill.gateway.traffic;

import org.jspecify.annotations.NullMarked;
