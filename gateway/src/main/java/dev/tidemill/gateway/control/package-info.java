/// What the gateway says to control and asks it for, over its API.
@NullMarked
package dev.tidemill.gateway.control;

import org.jspecify.annotations.NullMarked;
