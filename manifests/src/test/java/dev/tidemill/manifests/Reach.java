package dev.tidemill.manifests;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Who may talk to whom by NetworkPolicies, as Kubernetes says it: a pod that no policy selects is
/// open, one that some select is open to what any of them names, and both ends have to agree. All
/// policies are of one namespace.
///
/// @param namespace where the policies are
record Reach(String namespace, List<KubeObject> policies) {
    /// One end.
    sealed interface End {
        String name();

        /// @param labels of the pod
        record Pod(String name, String namespace, Map<String, String> labels) implements End {}

        record Address(String name) implements End {}
    }

    static Reach of(String namespace, List<KubeObject> objects) {
        return new Reach(
                namespace,
                objects.stream().filter(each -> each.kind().equals("NetworkPolicy")).toList());
    }

    /// The pods of the objects, by what makes them.
    static List<End> pods(String namespace, List<KubeObject> objects) {
        List<End> pods = new ArrayList<>();
        for (KubeObject each : objects) {
            if (List.of("Deployment", "StatefulSet").contains(each.kind())) {
                pods.add(
                        new End.Pod(
                                each.name(),
                                namespace,
                                texts(Sample.at(each, "spec.template.metadata.labels"))));
            }
        }
        return pods;
    }

    boolean isOpen(End from, End to, String protocol, int port) {
        return isOpen("Egress", "egress", "to", from, to, protocol, port)
                && isOpen("Ingress", "ingress", "from", to, from, protocol, port);
    }

    private boolean isOpen(
            String type, String rules, String key, End one, End other, String protocol, int port) {
        List<Map<String, Object>> selecting =
                policies.stream()
                        .map(policy -> Tree.map(policy.fields().get("spec")))
                        .filter(spec -> ((List<?>) spec.get("policyTypes")).contains(type))
                        .filter(spec ->
                                one instanceof End.Pod(_, var in, var labels)
                                        && in.equals(namespace)
                                        && selects(spec.get("podSelector"), labels))
                        .toList();
        return selecting.isEmpty()
                || selecting.stream()
                        .flatMap(spec -> list(spec.get(rules)).stream())
                        .map(Tree::map)
                        .anyMatch(rule ->
                                hasPort(rule, protocol, port)
                                        && (!rule.containsKey(key)
                                                || list(rule.get(key)).stream()
                                                        .map(Tree::map)
                                                        .anyMatch(peer -> is(peer, other))));
    }

    private static boolean hasPort(Map<String, Object> rule, String protocol, int port) {
        return !rule.containsKey("ports")
                || list(rule.get("ports")).stream()
                        .map(Tree::map)
                        .anyMatch(each ->
                                each.get("protocol").equals(protocol)
                                        && each.get("port").equals(port));
    }

    private boolean is(Map<String, Object> peer, End end) {
        return switch (end) {
            case End.Address(var address) ->
                    peer.get("ipBlock") instanceof Map<?, ?> block
                            && isIn(address, (String) block.get("cidr"))
                            && list(block.get("except")).stream()
                                    .noneMatch(range -> isIn(address, (String) range));
            case End.Pod(_, var in, var labels) ->
                    !peer.containsKey("ipBlock")
                            && (peer.containsKey("namespaceSelector")
                                    ? selects(
                                            peer.get("namespaceSelector"),
                                            Map.of("kubernetes.io/metadata.name", in))
                                    : in.equals(namespace))
                            && (!peer.containsKey("podSelector")
                                    || selects(peer.get("podSelector"), labels));
        };
    }

    private static boolean selects(Object selector, Map<String, String> labels) {
        Map<String, Object> asked = Tree.map(selector);
        Map<String, String> wanted =
                asked.containsKey("matchLabels") ? texts(asked.remove("matchLabels")) : Map.of();
        if (!asked.isEmpty()) {
            throw new AssertionError("a selector that is not understood here: " + asked);
        }
        return labels.entrySet().containsAll(wanted.entrySet());
    }

    private static boolean isIn(String address, String range) {
        String[] parts = range.split("/");
        byte[] one = bytes(address);
        byte[] other = bytes(parts[0]);
        int free = one.length * 8 - Integer.parseInt(parts[1]);
        return one.length == other.length
                && new BigInteger(1, one)
                        .shiftRight(free)
                        .equals(new BigInteger(1, other).shiftRight(free));
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(address, e);
        }
    }

    private static List<?> list(Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static Map<String, String> texts(Object value) {
        Map<String, String> texts = new TreeMap<>();
        ((Map<?, ?>) value).forEach((key, text) -> texts.put("" + key, "" + text));
        return texts;
    }
}
