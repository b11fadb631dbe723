@NullMarked
package dev.tidemill.gateway.access;

import org.jspecify.annotations.NullMarked;
