/// `tidemill import`: models of other frameworks become ONNX. What a model is, which packages it
/// takes to convert it, and whether the converted one agrees are decided here from plain data; the
/// converting is a Python script of this package's resources, run as a child in a virtual
/// environment that is made for it.
@NullMarked
package dev.tidemill.cli.importing;

import org.jspecify.annotations.NullMarked;
