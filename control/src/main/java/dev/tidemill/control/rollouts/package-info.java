/// How far rollouts of gateways are, for gateways that begin again.
@NullMarked
package dev.tidemill.control.rollouts;

import org.jspecify.annotations.NullMarked;
