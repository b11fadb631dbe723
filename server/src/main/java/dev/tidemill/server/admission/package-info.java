/// The server's bounds in requests and bytes, around every inference of every protocol.
@NullMarked
package dev.tidemill.server.admission;

import org.jspecify.annotations.NullMarked;
