package dev.tidemill.spec;

import dev.tidemill.spec.Declarations.Declaration;
import dev.tidemill.spec.Declarations.Reference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds circles of references. Depth first with a stack of its own: a file may hold thousands of
/// documents in one chain. Of circles that touch, at least one is found; when it is broken and
/// another remains, the next reading finds that.
final class Cycles {
    private final Map<Declaration, List<Edge>> edges;
    private final Set<Declaration> done = new HashSet<>();
    private final Set<Declaration> reported = new HashSet<>();

    /// The way from the root to where we are, and how far along it each document is.
    private final List<Edge> way = new ArrayList<>();

    private final Map<Declaration, Integer> depths = new HashMap<>();

    Cycles(Map<Declaration, List<Edge>> edges) {
        this.edges = edges;
    }

    void find() {
        for (Declaration root : edges.keySet()) {
            if (!done.contains(root)) {
                walk(root);
            }
        }
    }

    private void walk(Declaration root) {
        Deque<Iterator<Edge>> open = new ArrayDeque<>();
        depths.put(root, 0);
        open.push(edgesOf(root));
        Declaration here = root;
        while (!open.isEmpty()) {
            if (!open.peek().hasNext()) {
                open.pop();
                depths.remove(here);
                done.add(here);
                here = way.isEmpty() ? root : way.removeLast().from();
                continue;
            }
            Edge edge = open.peek().next();
            Integer depth = depths.get(edge.to());
            if (depth != null) {
                report(depth, edge);
            } else if (!done.contains(edge.to())) {
                way.add(edge);
                here = edge.to();
                depths.put(here, way.size());
                open.push(edgesOf(here));
            }
        }
    }

    private Iterator<Edge> edgesOf(Declaration declaration) {
        return edges.getOrDefault(declaration, List.of()).iterator();
    }

    private void report(int depth, Edge last) {
        if (reported.contains(last.to())) {
            return;
        }
        List<Edge> circle = new ArrayList<>(way.subList(depth, way.size()));
        circle.add(last);
        circle.forEach(edge -> reported.add(edge.from()));
        Edge first = Collections.min(circle, Comparator.comparingInt(Edge::line));
        Collections.rotate(circle, -circle.indexOf(first));
        String names =
                circle.stream().map(edge -> edge.from().name()).collect(Collectors.joining(" -> "));
        first.reference().problem(names + " -> " + first.from().name(), "no circle");
    }

    record Edge(Reference reference, Declaration from, Declaration to) {
        int line() {
            return reference.target().line();
        }
    }
}
