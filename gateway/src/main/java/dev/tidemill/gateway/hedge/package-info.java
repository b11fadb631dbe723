/// A second attempt when the first one takes long, whatever is sent over whatever protocol.
@NullMarked
package dev.tidemill.gateway.hedge;

import org.jspecify.annotations.NullMarked;
