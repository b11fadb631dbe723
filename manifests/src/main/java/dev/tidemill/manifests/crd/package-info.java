/// The resources of a file as CustomResourceDefinitions: structural schemas made of the keys that
/// the parser reads by, with rules that refuse at admission what the command line refuses, in its
/// words.
@NullMarked
package dev.tidemill.manifests.crd;

import org.jspecify.annotations.NullMarked;
