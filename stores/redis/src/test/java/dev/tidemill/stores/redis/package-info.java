@NullMarked
package dev.tidemill.stores.redis;

import org.jspecify.annotations.NullMarked;
