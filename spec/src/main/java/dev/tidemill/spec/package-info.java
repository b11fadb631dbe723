/// The resources that a file declares: their records, the parser that reads YAML into them, and the
/// checks of what a file asks against what the machine and the registry have. Pure: bytes and facts
/// go in, resources and problems come out; no file, socket or clock is touched.
@NullMarked
package dev.tidemill.spec;

import org.jspecify.annotations.NullMarked;
