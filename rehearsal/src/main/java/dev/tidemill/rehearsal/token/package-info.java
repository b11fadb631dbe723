/// Replays requests one by one: prompts are read, answers are generated in batches that others join
/// and leave, caches fill up, replicas start, drain, fail and are replaced. A replica is advanced
/// from one change of its batch to the next, so that a request costs three events whatever its
/// length.
@NullMarked
package dev.tidemill.rehearsal.token;

import org.jspecify.annotations.NullMarked;
