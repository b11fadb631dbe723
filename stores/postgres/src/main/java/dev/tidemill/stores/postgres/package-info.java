/// PostgreSQL for a laptop: a real server as a process of its own, its connection pool and
/// migrations.
@NullMarked
package dev.tidemill.stores.postgres;

import org.jspecify.annotations.NullMarked;
