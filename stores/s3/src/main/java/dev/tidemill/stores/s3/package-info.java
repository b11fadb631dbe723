/// Artifacts in a bucket of S3, or of any server that speaks its protocol. What is there is whole,
/// checked whenever it is taken, and kept on a local disk meanwhile.
@NullMarked
package dev.tidemill.stores.s3;

import org.jspecify.annotations.NullMarked;
