/// Answers that are given again: to the same question, or to one that means the same. Nobody gets
/// an answer that was made for another tenant, unless the file says so. Off unless the file asks
/// for it.
@NullMarked
package dev.tidemill.gateway.cache;

import org.jspecify.annotations.NullMarked;
