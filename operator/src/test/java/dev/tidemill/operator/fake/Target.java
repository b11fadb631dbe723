package dev.tidemill.operator.fake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a path of an API server is about.
///
/// @param base such as `/apis/apps/v1`
/// @param namespace empty for objects of the cluster, and for all namespaces
/// @param name empty for the collection
record Target(String base, String namespace, String plural, String name, String subresource) {
    static Target of(String path) {
        List<String> parts = new ArrayList<>(Arrays.asList(path.substring(1).split("/")));
        int head = parts.getFirst().equals("api") ? 2 : 3;
        String base = "/" + String.join("/", parts.subList(0, Math.min(head, parts.size())));
        List<String> rest = parts.size() > head ? parts.subList(head, parts.size()) : List.of();
        String namespace = "";
        if (rest.size() > 2
                && rest.getFirst().equals("namespaces")
                && !isOfNamespace(rest.get(2))) {
            namespace = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        return new Target(base, namespace, at(rest, 0), at(rest, 1), at(rest, 2));
    }

    private static boolean isOfNamespace(String word) {
        return word.equals("status") || word.equals("finalize");
    }

    private static String at(List<String> rest, int index) {
        return rest.size() > index ? rest.get(index) : "";
    }

    String collection() {
        return base + "/" + plural;
    }

    String key() {
        return collection() + "|" + namespace + "|" + name;
    }
}
