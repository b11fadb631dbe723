/// What the gateway counts of each model's traffic, for scaling and for people.
@NullMarked
package dev.tidemill.gateway.traffic;

import org.jspecify.annotations.NullMarked;
