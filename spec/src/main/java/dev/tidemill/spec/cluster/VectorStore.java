package dev.tidemill.spec.cluster;

import java.net.URI;
import java.util.Optional;

/// A Milvus that somebody runs.
///
/// @param database of it; its default when empty
/// @param secretName of a Secret with `token`, which is `USER:PASSWORD` or a key; none when empty
public record VectorStore(URI milvus, Optional<String> database, Optional<String> secretName) {}
