/// What gateways write down of requests: kept for a while and up to a number, asked for page by
/// page.
@NullMarked
package dev.tidemill.control.audit;

import org.jspecify.annotations.NullMarked;
