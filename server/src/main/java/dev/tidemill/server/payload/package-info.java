/// Requests and answers, kept for those who look at them later: bounded, sampled, off the request's
/// thread, and lost rather than waited for. No header but the content type is ever kept, so no
/// secret of a client is.
@NullMarked
package dev.tidemill.server.payload;

import org.jspecify.annotations.NullMarked;
