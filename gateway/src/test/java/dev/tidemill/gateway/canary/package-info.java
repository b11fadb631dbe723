@NullMarked
package dev.tidemill.gateway.canary;

import org.jspecify.annotations.NullMarked;
