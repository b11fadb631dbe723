/// Who asked which model for what, what it took and what was decided: noted while a request passes,
/// written down by a thread of its own to a file or to control. Nobody waits for it; what does not
/// fit is dropped and counted.
@NullMarked
package dev.tidemill.gateway.audit;

import org.jspecify.annotations.NullMarked;
