/// Which kinds of replicas make up a capacity at the least price, when a target can run on several:
/// GPU or CPU, spot or on demand.
@NullMarked
package dev.tidemill.scaling.fleet;

import org.jspecify.annotations.NullMarked;
