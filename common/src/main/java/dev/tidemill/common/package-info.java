/// Values that every module shares: error codes, problems, sizes, durations, names and digests.
/// Nothing here knows a library outside the JDK.
@NullMarked
package dev.tidemill.common;

import org.jspecify.annotations.NullMarked;
