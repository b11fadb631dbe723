/// Joins requests of several callers into one run of a model, and gives each its own rows back.
/// [BatchPlan] decides, [BatchScheduler] holds the queue and lets the callers' own threads do the
/// work, [BatchRunner] is that work, [Rows] joins and splits.
@NullMarked
package dev.tidemill.server.batching;

import org.jspecify.annotations.NullMarked;
