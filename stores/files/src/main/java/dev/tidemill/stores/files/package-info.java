/// Artifacts as folders of one file system, named by the digest of their content. What is stored is
/// whole, read-only and checked whenever it is opened; a crash leaves nothing half done.
@NullMarked
package dev.tidemill.stores.files;

import org.jspecify.annotations.NullMarked;
