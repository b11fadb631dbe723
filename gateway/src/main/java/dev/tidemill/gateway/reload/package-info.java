/// Configurations that replace one another while the gateway runs, and what became of the newest.
@NullMarked
package dev.tidemill.gateway.reload;

import org.jspecify.annotations.NullMarked;
