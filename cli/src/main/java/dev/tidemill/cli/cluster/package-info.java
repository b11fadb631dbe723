/// A file on a real cluster: what `apply`, `diff`, `rollback`, `status` and `logs` do there. The
/// objects come from `manifests`, the client from `cluster`; here both meet the file.
@NullMarked
package dev.tidemill.cli.cluster;

import org.jspecify.annotations.NullMarked;
