/// What a file asks for, as Kubernetes objects with production's defaults. Pure: the same file
/// gives the same objects in the same order, and nobody is asked.
@NullMarked
package dev.tidemill.manifests;

import org.jspecify.annotations.NullMarked;
