package dev.tidemill.spec;

import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import java.util.List;
import java.util.Set;

/// What came out of a file.
///
/// @param resources the documents that are right by themselves, in file order; complete only when
///   there is no problem
/// @param problems all of them, in line order
/// @param promised what the trainings of the file will register, those with problems included
public record ParsedSpec(
        List<Resource> resources, List<Problem> problems, Set<Source.Registry> promised) {
    public ParsedSpec {
        resources = List.copyOf(resources);
        problems = List.copyOf(problems);
        promised = Set.copyOf(promised);
    }

    /// @throws dev.tidemill.common.TidemillException INVALID_SPEC with one line a problem, if there
    ///   is any
    public List<Resource> orThrow() {
        Problems all = new Problems();
        all.addAll(problems);
        all.throwIfAny();
        return resources;
    }
}
