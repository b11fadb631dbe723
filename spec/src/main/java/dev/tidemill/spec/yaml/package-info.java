/// YAML with line numbers, read by declared shapes: text becomes a tree of nodes, a cursor walks a
/// mapping by the keys of its shape, and whatever does not fit becomes a finding. Knows no kind.
@NullMarked
package dev.tidemill.spec.yaml;

import org.jspecify.annotations.NullMarked;
