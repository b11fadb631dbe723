/// Where model artifacts are kept. Implementations pass `ArtifactStoreContract` in `testkit`.
@NullMarked
package dev.tidemill.stores.spi;

import org.jspecify.annotations.NullMarked;
