/// Who may use the gateway: addresses, keys and what each may do, and pages in browsers.
@NullMarked
package dev.tidemill.gateway.access;

import org.jspecify.annotations.NullMarked;
