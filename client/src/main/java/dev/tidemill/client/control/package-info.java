/// The control plane's API as records, and a client for it.
@NullMarked
package dev.tidemill.client.control;

import org.jspecify.annotations.NullMarked;
