/// What a gateway says of its traffic.
@NullMarked
package dev.tidemill.client.gateway;

import org.jspecify.annotations.NullMarked;
