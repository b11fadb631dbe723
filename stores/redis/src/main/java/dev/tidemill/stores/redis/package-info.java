/// Redis: what several gateways have used together.
@NullMarked
package dev.tidemill.stores.redis;

import org.jspecify.annotations.NullMarked;
