/// So many requests in flight a replica: the rule that holds where a file says nothing else.
@NullMarked
package dev.tidemill.scaling.concurrency;

import org.jspecify.annotations.NullMarked;
