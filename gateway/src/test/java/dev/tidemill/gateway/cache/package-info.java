@NullMarked
package dev.tidemill.gateway.cache;

import org.jspecify.annotations.NullMarked;
