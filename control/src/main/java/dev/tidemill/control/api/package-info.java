/// The control plane's HTTP API: records of `client` in and out, nothing decided here.
@NullMarked
package dev.tidemill.control.api;

import org.jspecify.annotations.NullMarked;
